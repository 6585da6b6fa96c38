import { UnreadableRecord } from './unreadable-record.ts';

export type CharsetName = 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be';

export interface Charset {
  readonly name: CharsetName;
  readonly byteOrderMark: boolean;
}

const MARKS: readonly (readonly [CharsetName, readonly number[]])[] = [
  // UTF-32 before UTF-16: FF FE 00 00 begins with the mark of UTF-16.
  ['utf-32be', [0x00, 0x00, 0xfe, 0xff]],
  ['utf-32le', [0xff, 0xfe, 0x00, 0x00]],
  ['utf-16be', [0xfe, 0xff]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-8', [0xef, 0xbb, 0xbf]],
];

// oxlint-disable-next-line no-control-regex
const CONTROL_CHARACTERS = /[\0-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff]/;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The guess of Python's `json.detect_encoding`, which `json.loads` makes of bytes: the mark, else where the zeros are. */
export function detectCharset(bytes: Uint8Array): Charset {
  for (const [name, mark] of MARKS) {
    if (mark.every((byte, index) => bytes[index] === byte)) return { name, byteOrderMark: true };
  }
  return { name: detectByZeros(bytes), byteOrderMark: false };
}

function detectByZeros(bytes: Uint8Array): CharsetName {
  if (bytes.length >= 4) {
    if (bytes[0] === 0) return bytes[1] === 0 ? 'utf-32be' : 'utf-16be';
    if (bytes[1] === 0) return bytes[2] !== 0 || bytes[3] !== 0 ? 'utf-16le' : 'utf-32le';
  } else if (bytes.length === 2) {
    if (bytes[0] === 0) return 'utf-16be';
    if (bytes[1] === 0) return 'utf-16le';
  }
  return 'utf-8';
}

/** The text without its byte order mark. `UnreadableRecord` where the bytes are not text of that charset. */
export function decodeText(bytes: Uint8Array, charset: Charset): string {
  const mark = charset.byteOrderMark ? markOf(charset.name).length : 0;
  const content = mark === 0 ? bytes : bytes.subarray(mark);
  if (charset.name === 'utf-8') {
    try {
      return strictUtf8.decode(content);
    } catch {
      throw new UnreadableRecord('The body is not text in UTF-8: it is binary, or in another encoding.');
    }
  }
  if (charset.name === 'utf-32le' || charset.name === 'utf-32be') {
    return decodeUtf32(content, charset.name === 'utf-32le');
  }
  if (content.length % 2 !== 0) {
    throw new UnreadableRecord('The body looks like UTF-16 but has an odd number of bytes.');
  }
  const units = Buffer.from(content);
  if (charset.name === 'utf-16be') units.swap16();
  const text = units.toString('utf16le');
  // Without a mark it is a guess by zeros, and many a binary file has some where text has them.
  if (!charset.byteOrderMark && CONTROL_CHARACTERS.test(text)) {
    throw new UnreadableRecord('The body is no text: it is binary, or in an encoding that it does not name.');
  }
  return text;
}

/** The inverse of `decodeText`. A lone surrogate has no bytes in UTF-8: `UnreadableRecord` says so. */
export function encodeText(text: string, charset: Charset): Uint8Array {
  const mark = Buffer.from(charset.byteOrderMark ? markOf(charset.name) : []);
  return mark.length === 0 ? encodeUnits(text, charset.name) : Buffer.concat([mark, encodeUnits(text, charset.name)]);
}

function encodeUnits(text: string, name: CharsetName): Uint8Array {
  if (name === 'utf-8') {
    if (!text.isWellFormed()) {
      throw new UnreadableRecord(
        'The text holds half a surrogate pair, which UTF-8 cannot carry; write it as \\uXXXX.',
      );
    }
    return Buffer.from(text, 'utf8');
  }
  if (name === 'utf-32le' || name === 'utf-32be') return encodeUtf32(text, name === 'utf-32le');
  const units = Buffer.from(text, 'utf16le');
  return name === 'utf-16be' ? units.swap16() : units;
}

function markOf(name: CharsetName): readonly number[] {
  return MARKS.find((entry) => entry[0] === name)?.[1] ?? [];
}

function decodeUtf32(bytes: Uint8Array, littleEndian: boolean): string {
  if (bytes.length % 4 !== 0)
    throw new UnreadableRecord('The body looks like UTF-32 but its length is no multiple of 4.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += 4) {
    const code = view.getUint32(offset, littleEndian);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
      throw new UnreadableRecord('The body looks like UTF-32 but holds a number that is no character.');
    }
    parts.push(String.fromCodePoint(code));
  }
  return parts.join('');
}

function encodeUtf32(text: string, littleEndian: boolean): Uint8Array {
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const bytes = Buffer.alloc(points.length * 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  points.forEach((code, index) => view.setUint32(index * 4, code, littleEndian));
  return bytes;
}
