import { utf8, type EdgeCase } from './edge-case.ts';

const BODY = utf8('{"title": "Noon", "rating": 7.50}');

/** Records whose objects have something that a save must not lose. */
export const ODD_OBJECTS: readonly EdgeCase[] = [
  {
    name: 'archived.json',
    about: 'In an archive: to be restored before it can be read.',
    body: BODY,
    storageClass: 'GLACIER',
  },
  { name: 'seldom-read.json', about: 'In a class with a price for reading.', body: BODY, storageClass: 'STANDARD_IA' },
  {
    name: 'odd-tags.json',
    about: 'Tags with odd characters, and one without a value.',
    body: BODY,
    tags: [
      { key: 'two words', value: 'a + b = c' },
      { key: '\u00e5r:m\u00e5l/x', value: '\u65e5\u672c\u8a9e' },
      { key: '@-_.', value: '' },
      { key: 'Case', value: 'upper' },
      { key: 'case', value: 'lower' },
    ],
  },
  {
    name: 'ten-tags.json',
    about: 'As many tags as S3 allows, the longest it allows among them.',
    body: BODY,
    tags: Array.from({ length: 10 }, (_, index) => ({
      key: index === 0 ? 'k'.repeat(128) : `tag ${index}`,
      value: index === 0 ? 'v'.repeat(256) : String(index),
    })),
  },
  {
    name: 'odd-metadata.json',
    about: 'User metadata beyond ASCII, with blanks and equals signs.',
    body: BODY,
    metadata: {
      author: 'Zo\u00eb \u65e5\u672c\u8a9e \u{1F600}',
      'equals-and-commas': 'a=b, c=d; "e"',
      'looks-encoded': '100%25 =?plain?=',
      empty: '',
    },
  },
  {
    name: 'all-headers.json',
    about: 'Every header that an object can keep.',
    body: BODY,
    headers: {
      'content-type': 'application/vnd.noon+json; charset=utf-8',
      'content-language': 'de, en',
      'content-disposition': 'attachment; filename="noon.json"',
      'cache-control': 'private, max-age=60',
      expires: 'Wed, 25 Nov 2026 08:00:00 GMT',
    },
  },
  {
    name: 'says-html.json',
    about: 'Content-Type text/html.',
    body: BODY,
    headers: { 'content-type': 'text/html' },
  },
];
