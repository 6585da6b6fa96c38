import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decodeBody, encodeBody } from '../../../electron/engine/records/decode-body.ts';
import { UnreadableRecord } from '../../../electron/engine/records/unreadable-record.ts';

const TEXT = '{"a": "ë😀"}';
const utf16 = Buffer.from(TEXT, 'utf16le');
const utf32 = Buffer.concat(
  Array.from(TEXT, (character) => {
    const unit = Buffer.alloc(4);
    unit.writeUInt32LE(character.codePointAt(0) ?? 0);
    return unit;
  }),
);
const swapped32 = Buffer.from(utf32).swap32();
const swapped16 = Buffer.from(utf16).swap16();

describe('a body', () => {
  test.each<[what: string, bytes: Uint8Array, key: string, contentEncoding: string | null]>([
    ['UTF-8', Buffer.from(TEXT), 'a.json', null],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${TEXT}`), 'a.json', null],
    ['UTF-16 little endian', utf16, 'a.json', null],
    ['UTF-16 big endian', swapped16, 'a.json', null],
    ['UTF-16 with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]), 'a.json', null],
    ['UTF-16 big endian with a mark', Buffer.concat([Buffer.from([0xfe, 0xff]), swapped16]), 'a.json', null],
    ['UTF-32 little endian', utf32, 'a.json', null],
    ['UTF-32 big endian', swapped32, 'a.json', null],
    ['UTF-32 with a mark', Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0]), utf32]), 'a.json', null],
    ['gzip by header', gzipSync(TEXT), 'a.json', 'gzip'],
    ['gzip by key', gzipSync(TEXT), 'a.json.gz', null],
    ['gzip by header and key', gzipSync(TEXT), 'a.json.gz', 'gzip'],
    ['a header that says gzip of a body that is not', Buffer.from(TEXT), 'a.json', 'gzip'],
    ['a key that says gzip of a body that is not', Buffer.from(TEXT), 'a.json.gz', null],
    ['brotli', brotliCompressSync(TEXT), 'a.json', 'br'],
    ['deflate', deflateSync(TEXT), 'a.json', 'deflate'],
    ['deflate without a header', deflateRawSync(TEXT), 'a.json', 'Deflate'],
    ['twice', brotliCompressSync(gzipSync(TEXT)), 'a.json', 'gzip, br'],
    ['what the AWS SDK leaves behind', gzipSync(TEXT), 'a.json', 'aws-chunked,gzip'],
  ])('in %s is read, and written the same way', (_, bytes, key, contentEncoding) => {
    const origin = { key, contentEncoding };
    const body = decodeBody(bytes, origin, 1000);
    expect(body.text).toBe(TEXT);
    expect(Buffer.from(encodeBody(body.text, body.encoding)).equals(bytes)).toBe(true);
    const changed = encodeBody('{"b": 1}', body.encoding);
    expect(decodeBody(changed, origin, 1000)).toEqual({ ...body, text: '{"b": 1}' });
  });

  test.each<[what: string, bytes: Uint8Array, contentEncoding: string | null, message: string]>([
    [
      'Latin-1',
      Buffer.from('{"a":"\u00e9"}', 'latin1'),
      null,
      'The body is not text in UTF-8: it is binary, or in another encoding.',
    ],
    [
      'a PNG',
      Buffer.from([0x89, 0x50, 0x4e, 0x47]),
      null,
      'The body is not text in UTF-8: it is binary, or in another encoding.',
    ],
    [
      'an odd UTF-16',
      Buffer.concat([Buffer.from([0xff, 0xfe]), utf16, Buffer.from([0])]),
      null,
      'The body looks like UTF-16 but has an odd number of bytes.',
    ],
    [
      'an unknown encoding',
      Buffer.from(TEXT),
      'zstd',
      'The body has the content encoding zstd, which Dipper cannot undo.',
    ],
    [
      'half a gzip',
      gzipSync(TEXT).subarray(0, 20),
      'gzip',
      'The body cannot be uncompressed: it is no complete gzip stream.',
    ],
    ['a bomb', gzipSync(Buffer.alloc(1_000_000)), 'gzip', 'The body is larger than 1000 B once it is uncompressed.'],
  ])('that is %s is refused with the reason', (_, bytes, contentEncoding, message) => {
    expect(() => decodeBody(bytes, { key: 'a.json', contentEncoding }, 1000)).toThrow(new UnreadableRecord(message));
  });

  test('is not written with half a surrogate pair in UTF-8, which would become another character', () => {
    const { encoding } = decodeBody(Buffer.from(TEXT), { key: 'a.json', contentEncoding: null }, 1000);
    expect(() => encodeBody('{"a":"\ud800"}', encoding)).toThrow(UnreadableRecord);
  });
});
