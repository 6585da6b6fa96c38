import { describe, expect, test } from 'vitest';
import { createHeaderTexts } from '../../../electron/engine/s3/header-text.ts';
import { readObjectHead, writeObjectHeaders } from '../../../electron/engine/s3/object-headers.ts';

const latin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

describe('an object’s headers', () => {
  test('are sent back as they came: user metadata in every form that servers use', () => {
    const texts = createHeaderTexts();
    const received = {
      etag: '"1"',
      'content-length': '12',
      'last-modified': 'Tue, 24 Nov 2026 10:11:12 GMT',
      'content-type': 'application/json; charset=utf-8',
      'content-encoding': 'gzip',
      'content-language': 'de, en',
      'content-disposition': latin1('attachment; filename="übung.json"'),
      'cache-control': 'max-age=60',
      expires: 'Wed, 21 Oct 2026 07:28:00 GMT',
      'x-amz-website-redirect-location': '/elsewhere',
      'x-amz-storage-class': 'STANDARD_IA',
      'x-amz-version-id': 'v1',
      'x-amz-tagging-count': '2',
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:eu-west-1:1:key/a',
      'x-amz-meta-plain': 'a',
      'x-amz-meta-raw': latin1('größe 😀'),
      'x-amz-meta-base64': '=?UTF-8?B?w6TDtsO8?=',
      'x-amz-meta-quoted': '=?UTF-8?Q?caf=C3=A9_noir?=',
      'x-amz-meta-old': '\xe9t\xe9',
    };
    const head = readObjectHead('k', received, texts);
    expect(head).toEqual({
      key: 'k',
      etag: '"1"',
      size: 12,
      lastModified: Date.UTC(2026, 10, 24, 10, 11, 12),
      storageClass: 'STANDARD_IA',
      versionId: 'v1',
      contentType: 'application/json; charset=utf-8',
      contentEncoding: 'gzip',
      contentLanguage: 'de, en',
      contentDisposition: 'attachment; filename="übung.json"',
      cacheControl: 'max-age=60',
      expires: 'Wed, 21 Oct 2026 07:28:00 GMT',
      websiteRedirect: '/elsewhere',
      encryption: { algorithm: 'aws:kms', keyId: 'arn:aws:kms:eu-west-1:1:key/a' },
      tagCount: 2,
      userMetadata: [
        { key: 'plain', value: 'a' },
        { key: 'raw', value: 'größe 😀' },
        { key: 'base64', value: 'äöü' },
        { key: 'quoted', value: 'café noir' },
        { key: 'old', value: 'été' },
      ],
    });

    const sent = writeObjectHeaders({ ...head, tags: [{ key: 'a', value: 'b' }] }, texts);
    const { etag: _, 'content-length': __, 'last-modified': ___, 'x-amz-version-id': ____, ...kept } = received;
    const { 'x-amz-tagging-count': _____, ...expected } = kept;
    expect(sent).toEqual({ ...expected, 'x-amz-tagging': 'a=b' });
  });

  test.each([
    [{ 'x-amz-server-side-encryption': 'AES256' }],
    [
      {
        'x-amz-server-side-encryption': 'aws:kms',
        'x-amz-server-side-encryption-aws-kms-key-id': 'k',
        'x-amz-server-side-encryption-bucket-key-enabled': 'true',
      },
    ],
    [{ 'x-amz-server-side-encryption': 'aws:kms:dsse', 'x-amz-server-side-encryption-aws-kms-key-id': 'k' }],
  ])('of encryption are sent back as they came: %j', (received) => {
    const texts = createHeaderTexts();
    expect(writeObjectHeaders({ encryption: readObjectHead('k', received, texts).encryption }, texts)).toEqual(
      received,
    );
  });

  test('with new text beyond ASCII are encoded words, unless the server is known to keep bytes', () => {
    const texts = createHeaderTexts();
    const headers = { userMetadata: [{ key: 'Note', value: 'naïve' }] };
    expect(writeObjectHeaders(headers, texts)).toEqual({ 'x-amz-meta-note': '=?UTF-8?B?bmHDr3Zl?=' });
    texts.read(latin1('ö'));
    expect(writeObjectHeaders(headers, texts)).toEqual({ 'x-amz-meta-note': latin1('naïve') });
  });

  test('of a ranged answer give the size of the whole object', () => {
    const head = readObjectHead(
      'k',
      { etag: '"1"', 'content-length': '10', 'content-range': 'bytes 0-9/4096' },
      createHeaderTexts(),
    );
    expect(head.size).toBe(4096);
  });

  test.each([
    [{ userMetadata: [{ key: 'two words', value: 'a' }] }, /cannot be a name of user metadata/],
    [{ userMetadata: [{ key: 'note', value: 'a\r\nx-injected: b' }] }, /control character/],
    [{ contentType: 'text/plain\n' }, /control character/],
  ])('that HTTP cannot carry are refused: %j', (headers, message) => {
    expect(() => writeObjectHeaders(headers, createHeaderTexts())).toThrow(message);
  });
});
