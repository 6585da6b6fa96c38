import { brotliCompressSync, deflateSync } from 'node:zlib';
import { GZIPPED_BY_PYTHON, utf8, type EdgeCase } from './edge-case.ts';

const TITLE = '{"title": "Noon", "rating": 7.50, "seen": true}';

/** Records that a reader stumbles over. */
export const ODD_BODIES: readonly EdgeCase[] = [
  { name: 'byte-order-mark.json', about: 'A byte order mark before the text.', body: utf8(`\uFEFF${TITLE}\n`) },
  {
    name: 'duplicate-names.json',
    about: 'Names that stand twice, also inside of a value; the last one counts.',
    body: utf8('{"title": "Morning", "title": "Noon", "place": {"city": "Rome", "city": "Oslo"}, "rating": 7.5}'),
  },
  { name: 'depth-20000.json', about: 'Objects inside of objects, 20,000 deep.', body: nestedObjects },
  { name: 'depth-20000-lists.json', about: 'Lists inside of lists, 20,000 deep.', body: nestedLists },
  { name: '20-mb.json', about: '20 MB: 20,000 frames of a recording.', body: recording },
  {
    name: 'long-string.json',
    about: 'A string of 500,000 characters, each escaped.',
    body: () => Buffer.from(`{"title": "Long", "text": "${'\\u00e9'.repeat(500_000)}"}`),
  },
  { name: '3000-fields.json', about: '3,000 fields.', body: manyFields },
  {
    name: 'odd-numbers.json',
    about: 'NaN, Infinity, integers beyond 2^53, 1.0, -0, and numbers that no double holds.',
    body: utf8(
      '{"nan": NaN, "infinity": Infinity, "minus_infinity": -Infinity, "above_2_53": 9007199254740993, ' +
        '"digits_40": 1234567890123456789012345678901234567890, "one": 1.0, "minus_zero": -0, "minus_zero_point": -0.0, ' +
        '"beyond_double": 1e400, "below_double": 1E-400, "exact": 0.1000000000000000055511151231257827}',
    ),
  },
  {
    name: 'lone-surrogates.json',
    about: 'Halves of surrogate pairs, escaped.',
    body: utf8('{"title": "\\ud83d", "pair": "\\ud83d\\ude00", "\\udc00": 1, "turned": "\\ude00\\ud83d"}'),
  },
  {
    name: 'nul-in-strings.json',
    about: 'NUL and other control characters, escaped, in names and values.',
    body: utf8('{"title": "No\\u0000on", "na\\u0000me": "\\u0001\\u001f\\u007f", "last": "end\\u0000"}'),
  },
  {
    name: 'names-of-objects.json',
    about: 'Names that JavaScript gives a meaning of its own.',
    body: utf8(
      '{"__proto__": {"polluted": true}, "constructor": "c", "toString": 1, "hasOwnProperty": null, "length": 3}',
    ),
  },
  {
    name: 'odd-names.json',
    about: 'Names that are empty, blank, paths, twins but for their case, digits, or very long.',
    body: utf8(
      `{"": "empty", " ": "blank", "a.b": 1, "a[0]": 2, "\\"quoted\\"": 3, "Title": "A", "title": "b", "10": "ten", "2": "two", "\u{1F600}": 4, "${'long '.repeat(200)}": 5, "id": "another", "key": "k", "error": "e"}`,
    ),
  },
  {
    name: 'utf-16.json',
    about: 'UTF-16, little end first, with its mark.',
    body: () => Buffer.from('\uFEFF{"title": "Noon \u{1F31E}", "rating": 7.50}', 'utf16le'),
  },
  {
    name: 'utf-16-big-end.json',
    about: 'UTF-16, big end first, without a mark.',
    body: () => Buffer.from('{"title": "Noon", "rating": 7.50}', 'utf16le').swap16(),
  },
  {
    name: 'utf-32.json',
    about: 'UTF-32, little end first, with its mark.',
    body: () => {
      const characters = Array.from(`\uFEFF${TITLE}`);
      const bytes = Buffer.alloc(characters.length * 4);
      for (const [index, character] of characters.entries()) {
        bytes.writeUInt32LE(character.codePointAt(0) ?? 0, index * 4);
      }
      return bytes;
    },
  },
  {
    name: 'crlf.json',
    about: 'Lines that end in CR LF.',
    body: utf8('{\r\n\t"title": "Noon",\r\n\t"rating": 7.50\r\n}\r\n'),
  },
  {
    name: 'odd-layout.json',
    about: 'Blanks where nobody expects them, and escapes that need not be.',
    body: utf8('\n\n {"title"\t:\n"\\u004eoon\\/night" ,"rating":  7.50\n ,  "list" : [ 1 ,2\t, 3 ] }  \n'),
  },
  {
    name: 'right-to-left.json',
    about: 'Hebrew, Arabic and marks that turn the direction.',
    body: utf8('{"title": "שלום עולם", "city": "القاهرة", "turned": "abc\u202Edef\u202C", "joined": "👩‍👩‍👧‍👦"}'),
  },
  {
    name: 'markup.json',
    about: 'Text that a page must not take for markup.',
    body: utf8(
      '{"title": "<img src=x onerror=alert(1)>", "<b>name</b>": "</script><script>alert(1)</script>", "link": "javascript:alert(1)"}',
    ),
  },
  { name: 'no-fields.json', about: 'An object without fields.', body: utf8('{}') },
  { name: 'gzip.json', about: 'Content-Encoding gzip.', body: () => GZIPPED_BY_PYTHON, headers: encoded('gzip') },
  { name: 'gzip-by-name.json.gz', about: 'gzip, and only the key says so.', body: () => GZIPPED_BY_PYTHON },
  {
    name: 'gzip-in-name-only.json',
    about: 'Content-Encoding gzip, and the body is not compressed.',
    body: utf8(TITLE),
    headers: encoded('gzip'),
  },
  {
    name: 'brotli.json',
    about: 'Content-Encoding br.',
    body: () => brotliCompressSync(TITLE),
    headers: encoded('br'),
  },
  {
    name: 'deflate.json',
    about: 'Content-Encoding deflate.',
    body: () => deflateSync(TITLE),
    headers: encoded('deflate'),
  },
];

function encoded(name: string): Readonly<Record<string, string>> {
  return { 'content-encoding': name };
}

const DEPTH = 20_000;

function nestedObjects(): Buffer {
  // The outermost is the record itself.
  const levels = DEPTH - 1;
  return Buffer.from(`{"title": "Deep", "a": ${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`);
}

function nestedLists(): Buffer {
  const levels = DEPTH - 1;
  return Buffer.from(`{"title": "Deep", "list": ${'['.repeat(levels)}${']'.repeat(levels)}}`);
}

function manyFields(): Buffer {
  const fields = Array.from({ length: 3000 }, (_, index) => `"field_${String(index).padStart(4, '0')}": ${index}`);
  return Buffer.from(`{\n${fields.join(',\n')}\n}\n`);
}

/** 20,000,000 bytes, always the same. */
function recording(): Buffer {
  const start = '{"title": "Recording", "rate": 50, "frames": [\n';
  const end = '\n]}\n';
  const label = 'a frame of a recording that is much too long for one record; '.repeat(14);
  const frames = Array.from(
    { length: 20_000 },
    (_, frame) =>
      `{"frame": ${frame}, "position": [${frame % 360}.5, ${frame % 180}.25], "valid": ${frame % 7 !== 0}, "label": "${label}"}`,
  );
  const bytes = Buffer.alloc(20_000_000, ' ');
  bytes.write(`${start}${frames.join(',\n')}`);
  bytes.write(end, bytes.length - end.length);
  return bytes;
}
