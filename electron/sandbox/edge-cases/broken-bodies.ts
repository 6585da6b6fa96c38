import { GZIPPED_BY_PYTHON, utf8, type EdgeCase } from './edge-case.ts';

const GZIP = { 'content-encoding': 'gzip' };

/** Objects that are no records. */
export const BROKEN_BODIES: readonly EdgeCase[] = [
  { name: 'bad-json.json', about: 'A colon is missing.', body: utf8('{"title" "Noon", "rating": 7.5}\n') },
  {
    name: 'cut-off.json',
    about: 'The text ends in the middle of a value.',
    body: utf8('{"title": "Half a record", "cast": ["Ada", "Gr'),
  },
  {
    name: 'comma-too-many.json',
    about: 'There is a comma after the last value.',
    body: utf8('{\n  "title": "Noon",\n  "rating": 7.5,\n}\n'),
  },
  {
    name: 'python-literal.json',
    about: "Written with Python's repr in place of json.dumps.",
    body: utf8("{'title': 'Noon', 'seen': True, 'rating': None}"),
  },
  {
    name: 'trailing-text.json',
    about: 'There is text after the object.',
    body: utf8('{"title": "Noon"}\n-- end --\n'),
  },
  {
    name: 'two-records.json',
    about: 'Two records, one a line.',
    body: utf8('{"title": "Noon"}\n{"title": "Night"}\n'),
  },
  {
    name: 'raw-control-characters.json',
    about: 'A string holds a raw tab and a raw line break.',
    body: utf8('{"title": "Noon\tand\nnight"}'),
  },
  {
    name: 'mixed-line-ends.json',
    about: 'Broken, and its lines end in CR LF, LF and CR.',
    body: utf8('{\r\n  "title": "Noon",\n  "rating": 7.5,\r  "year" 1999\r\n}\r\n'),
  },
  {
    name: 'byte-order-mark-broken.json',
    about: 'Broken behind a byte order mark.',
    body: utf8('\uFEFF{"title": Noon}'),
  },
  { name: 'empty.json', about: 'No bytes at all.', body: utf8('') },
  { name: 'blanks.json', about: 'Nothing but blanks.', body: utf8(' \n\t\n') },
  { name: 'top-level-list.json', about: 'A list of records.', body: utf8('[{"title": "Noon"}, {"title": "Night"}]\n') },
  { name: 'top-level-string.json', about: 'A string.', body: utf8('"Noon"') },
  { name: 'top-level-number.json', about: 'A number.', body: utf8('12345678901234567890.10') },
  { name: 'top-level-null.json', about: 'null.', body: utf8('null\n') },
  {
    name: 'notes.txt',
    about: 'A text that never was JSON.',
    body: utf8('Noon was shown on Friday.\nNight follows.\n'),
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  },
  {
    name: 'invalid-utf-8.json',
    about: 'Text in Latin-1: no UTF-8.',
    body: () => Buffer.from('{"title": "Caf\u00e9"}', 'latin1'),
  },
  {
    name: 'binary.bin',
    about: 'Each byte once.',
    body: () => Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
    headers: { 'content-type': 'application/octet-stream' },
  },
  {
    name: 'binary-like-utf-16.bin',
    about: 'Sound in 16 bits: looks like UTF-16, and half of a character is missing.',
    body: () => Buffer.from([0x10, 0x00, 0x20, 0x00, 0x30, 0xd8, 0x40, 0x00, 0x50]),
    headers: { 'content-type': 'application/octet-stream' },
  },
  {
    name: 'gzip-corrupted.json',
    about: 'Content-Encoding gzip, and the stream is cut off.',
    body: () => GZIPPED_BY_PYTHON.subarray(0, -10),
    headers: GZIP,
  },
  {
    name: 'unknown-encoding.json',
    about: 'Content-Encoding zstd.',
    body: () => Buffer.from('28b52ffd04118900007b227469746c65223a20224e6f6f6e227dab4d5c1e', 'hex'),
    headers: { 'content-encoding': 'zstd' },
  },
];
