import { expect, test } from 'vitest';
import type { ListItem, ValueType } from '../../../renderer/query/draft.ts';
import { countWords, itemJson, joinLists, listText, readList, readTyped } from '../../../renderer/query/list-text.ts';

function json(text: string, type: ValueType): string {
  return readList(text, type).map(itemJson).join(' ');
}

test.each<readonly [string, ValueType, string]>([
  ['Drama, Comedy', 'string', '"Drama" "Comedy"'],
  ['Drama\r\nComedy\n\n Sci-Fi ', 'string', '"Drama" "Comedy" "Sci-Fi"'],
  ['Smith, John\nDoe, Jane', 'string', '"Smith, John" "Doe, Jane"'],
  ['"Smith, John", "a\\nb"', 'string', '"Smith, John" "a\\nb"'],
  ['1\t2\t3', 'number', '1 2 3'],
  ['8,\n9007199254740993,\n1.50,', 'number', '8 9007199254740993 1.50'],
  ['8, n/a, true, null, "8"', 'number', '8 "n/a" true null "8"'],
  ['8\ntrue\nnull', 'string', '"8" "true" "null"'],
  ['2024-05-01\n2024', 'date', '"2024-05-01" "2024"'],
  ['[1, "1", true, null, -0, 1e400]', 'string', '1 "1" true null -0 1e400'],
  ['[1, 2', 'number', '"[1" 2'],
  ['', 'string', ''],
])('the list %j of a field of kind %s is read as %s', (text, type, expected) => {
  expect(json(text, type)).toBe(expected);
});

test('what is typed by hand is one text, commas and all; a list of numbers is several', () => {
  expect([
    readTyped('Smith, John', 'string'),
    readTyped('1, 2', 'number'),
    readTyped(' [1,2]', 'string'),
  ]).toMatchObject([
    [{ type: 'string', text: 'Smith, John' }],
    [{ text: '1' }, { text: '2' }],
    [{ type: 'number' }, { type: 'number' }],
  ]);
});

test('lists and objects are values too, and what is in the list already is left out and counted', () => {
  const read = readList('[1, [2], {"a": 3}, 1, "1"]', 'number');
  const joined = joinLists([{ type: 'number', text: '1' }], read);
  expect([joined.duplicates, joined.items.map(itemJson), countWords(joined.items)]).toEqual([
    2,
    ['1', '[2]', '{"a": 3}', '"1"'],
    '4 values: 1 number, 2 lists and objects, 1 text',
  ]);
  expect([countWords([]), countWords(read.slice(0, 1))]).toEqual(['0 values', '1 value']);
});

test('a list that is edited as lines comes back as it was', () => {
  const texts = [
    'a',
    '8',
    'true',
    'null',
    '"q"',
    'a, b',
    ' edge ',
    '',
    'two\nlines',
    '[1',
    '[2]',
    ',3]',
    'end,',
    '\u2028',
  ];
  const strings = texts.map((text): ListItem => ({ type: 'string', text }));
  const mixed: readonly ListItem[] = [
    ...strings,
    { type: 'number', text: '-0' },
    { type: 'boolean', text: 'true' },
    { type: 'null', text: 'null' },
    { type: 'json', text: '[1, {"a": "b"}]' },
  ];
  for (const type of ['string', 'number', 'date', 'json'] as const) {
    for (const list of [strings, mixed, ...mixed.map((item) => [item])]) {
      expect(readList(listText(list, type), type)).toEqual(list);
    }
  }
});
