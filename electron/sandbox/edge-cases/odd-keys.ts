import { utf8, type EdgeCase } from './edge-case.ts';

/** S3's longest, in bytes; the prefix `edge-cases/` counts. */
const MAXIMUM_KEY_BYTES = 1024;
const PREFIX_BYTES = 'edge-cases/'.length;
const LONGEST = 'long-'.padEnd(MAXIMUM_KEY_BYTES - PREFIX_BYTES - '.json'.length, 'key-');

const KEYS: readonly (readonly [name: string, about: string])[] = [
  ['space in the key.json', 'Blanks inside.'],
  [' blank at both ends .json ', 'A blank first and last.'],
  ['/slash-first.json', 'An empty folder name first.'],
  ['double//slash.json', 'An empty folder name.'],
  ['./dot.json', 'A folder named dot.'],
  ['../dots.json', 'A folder named dot dot.'],
  ['folder/../../dots.json', 'Dot dot in the middle.'],
  ['..', 'Nothing but dot dot.'],
  ['trailing-dot.', 'A dot last.'],
  ['no-ending', 'No .json.'],
  ['twice.json.json', 'The ending twice.'],
  ['.json', 'Nothing but the ending: the id is empty.'],
  ['A', 'A twin but for its case.'],
  ['a', 'A twin but for its case.'],
  ['emoji-\u{1F600}.json', 'Beyond the first 65,536 characters.'],
  ['caf\u00e9.json', 'One character for e with its accent.'],
  ['cafe\u0301.json', 'Two characters for e with its accent.'],
  ['\u05e9\u05dc\u05d5\u05dd.json', 'Written from right to left.'],
  ['turned-\u202Enosj.exe', 'A mark that turns the direction.'],
  ['percent%2Fslash.json', 'Looks like a slash that is encoded.'],
  ['percent%.json', 'A percent sign alone.'],
  ['plus+plus.json', 'Plus signs.'],
  ['question?mark=1&x=2.json', 'Looks like a query.'],
  ['hash#tag.json', 'Looks like a fragment.'],
  ['"quotes" and \'apostrophes\'.json', 'Quotes.'],
  ['<angle> & &amp;.json', 'Looks like XML.'],
  ['back\\slash.json', 'A backslash.'],
  ['colon:star*bar|.json', 'Characters that Windows does not allow.'],
  ['con.json', 'A name that Windows keeps for itself.'],
  ['dollar-$&-{id}.json', 'Looks like a pattern and a template.'],
  ['line\nbreak.json', 'A line break.'],
  ['tab\tand\rreturn.json', 'A tab and a carriage return.'],
  ['control-\u0001-\u001f-\u007f.json', 'Characters that XML 1.0 has no place for.'],
  ['not-a-character-\uFFFE-\uFFFF.json', 'Code points that XML 1.0 has no place for.'],
  [LONGEST + '.json', '1,024 bytes, as many as S3 allows.'],
];

/** Records whose keys lead astray. */
export const ODD_KEYS: readonly EdgeCase[] = [
  ...KEYS.map(([name, about]) => ({ name, about, body: utf8(`{"title": ${JSON.stringify(about)}, "rating": 7.50}`) })),
  { name: 'folder/', about: 'A folder as consoles make it: no bytes.', body: utf8('') },
  { name: 'folder/record/', about: 'A record whose key ends in a slash.', body: utf8('{"title": "Inside"}') },
];
