import { expect, test } from 'vitest';
import { bulkEdit } from '../../../electron/engine/records/bulk-edit.ts';
import { decodeRecord } from '../../../electron/engine/records/decode-record.ts';
import { checkPatch } from '../../../electron/engine/records/record-patch.ts';
import { equalJson } from '../../../shared/json/equal-json.ts';
import { readJson } from '../../../shared/json/read-json.ts';
import { CONVERSIONS, type BulkChange, type BulkEdit, type RecordPatch } from '../../../shared/record.ts';
import { AppFailure } from '../../../shared/result.ts';

const NOW = new Date('2026-11-29T12:00:00Z');

function plain(text: string, change: Partial<BulkChange>): string {
  return bulkEdit('plain', decodeRecord('plain', text), { edits: [], ...change }, NOW);
}

const at = (...path: (string | number)[]) => ({ part: 'fields', path }) as const;
const edited = (text: string, ...edits: BulkEdit[]): string => plain(text, { edits });
const patched = (text: string, patch: RecordPatch): string => plain(text, { patch });
const operations = (...list: unknown[]): RecordPatch => ({ operations: JSON.stringify(list) });

function refusal(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error instanceof AppFailure ? error.error.code : error;
  }
}

test('a field gets another name in its place, and all bytes around it stay', () => {
  const text = '{ "a" : 1,\n  "old": {"x": [1,  2]}, "z":0 }';
  expect(edited(text, { ...at('old'), rename: 'né"w' })).toBe('{ "a" : 1,\n  "né\\"w": {"x": [1,  2]}, "z":0 }');
  expect(edited(text, { ...at('old', 'x'), rename: 'y' })).toBe('{ "a" : 1,\n  "old": {"y": [1,  2]}, "z":0 }');
  expect(edited(text, { ...at('none'), rename: 'y' })).toBe(text);
  expect(refusal(() => edited(text, { ...at('old'), rename: 'z' }))).toBe('invalid-record');
  expect(refusal(() => edited(text, { ...at('old', 'x', 0), rename: 'z' }))).toBe('invalid-record');
});

test('a field of dataknobs is renamed with the name inside of it, and converted with its type; the time of change is set', () => {
  const text =
    '{"fields": {"n": {"name": "n", "value": "007", "type": "string", "metadata": {}}}, "metadata": {"updated_at": "2026-01-01T00:00:00+00:00"}}';
  const change: BulkChange = {
    edits: [
      { ...at('n'), rename: 'count' },
      { ...at('count'), convert: 'integer' },
    ],
  };
  expect(bulkEdit('dataknobs', decodeRecord('dataknobs', text), change, NOW)).toBe(
    '{"fields": {"count": {"name": "count", "value": 7, "type": "integer", "metadata": {}}}, "metadata": {"updated_at": "2026-11-29T12:00:00+00:00"}}',
  );
  const nothing: BulkChange = {
    edits: [
      { ...at('x'), rename: 'y' },
      { ...at('n'), convert: 'string' },
    ],
  };
  expect(bulkEdit('dataknobs', decodeRecord('dataknobs', text), nothing, NOW)).toBe(text);
});

test('values become another kind with all of their digits; null stays, and what says no such thing fails', () => {
  const table = [
    '"12"',
    '" +007 "',
    '"9007199254740993"',
    '1.0',
    '1.5',
    'true',
    '"no"',
    '"x"',
    '{"a": 1}',
    'null',
    '"[1]"',
  ];
  const found = Object.fromEntries(
    table.map((value) => [
      value,
      CONVERSIONS.map((convert) => refusal(() => edited(`{"v":${value}}`, { ...at('v'), convert }))),
    ]),
  );
  const no = 'invalid-record';
  const row = (...values: readonly string[]): readonly string[] =>
    values.map((value) => (value === no ? no : `{"v":${value}}`));
  expect(found).toEqual({
    '"12"': row('"12"', '12', '12', no, '12', '["12"]'),
    '" +007 "': row('" +007 "', '7', '7', no, no, '[" +007 "]'),
    '"9007199254740993"': row(
      '"9007199254740993"',
      '9007199254740993',
      '9007199254740993',
      no,
      '9007199254740993',
      '["9007199254740993"]',
    ),
    '1.0': row('"1.0"', '1.0', '1', no, '1.0', '[1.0]'),
    '1.5': row('"1.5"', '1.5', no, no, '1.5', '[1.5]'),
    true: row('"true"', '1', '1', 'true', 'true', '[true]'),
    '"no"': row('"no"', no, no, 'false', no, '["no"]'),
    '"x"': row('"x"', no, no, no, no, '["x"]'),
    '{"a": 1}': row('"{\\"a\\":1}"', no, no, no, '{"a": 1}', '[{"a": 1}]'),
    null: row('null', 'null', 'null', 'null', 'null', 'null'),
    '"[1]"': row('"[1]"', no, no, no, '[1]', '["[1]"]'),
  });
});

test('a merge patch sets, removes and goes into objects, as RFC 7396 says', () => {
  // The cases of its appendix that are about objects.
  const cases = [
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a": {"bb":{}}}'],
  ] as const;
  for (const [text, merge, after] of cases)
    expect([text, merge, patched(text, { merge })]).toEqual([text, merge, after]);
});

test('a JSON Patch adds, removes, replaces, moves, copies and tests, as RFC 6902 says', () => {
  const text = '{"a":{"b":1},"list":["x","z"],"n":1.0}';
  const cases: readonly (readonly [RecordPatch, string])[] = [
    [operations({ op: 'add', path: '/list/1', value: 'y' }), '{"a":{"b":1},"list":["x","y","z"],"n":1.0}'],
    [operations({ op: 'add', path: '/list/-', value: { c: 1 } }), '{"a":{"b":1},"list":["x","z",{"c":1}],"n":1.0}'],
    [operations({ op: 'add', path: '/a~1b', value: 2 }), '{"a":{"b":1},"list":["x","z"],"n":1.0,"a/b":2}'],
    [operations({ op: 'remove', path: '/list/0' }), '{"a":{"b":1},"list":["z"],"n":1.0}'],
    [operations({ op: 'replace', path: '/a/b', value: null }), '{"a":{"b":null},"list":["x","z"],"n":1.0}'],
    [operations({ op: 'move', from: '/a/b', path: '/b' }), '{"a":{},"list":["x","z"],"n":1.0,"b":1}'],
    [operations({ op: 'copy', from: '/n', path: '/list/0' }), '{"a":{"b":1},"list":[1.0,"x","z"],"n":1.0}'],
    [operations({ op: 'test', path: '/n', value: 1 }, { op: 'remove', path: '/a' }), '{"list":["x","z"],"n":1.0}'],
  ];
  for (const [patch, after] of cases) expect([patch, patched(text, patch)]).toEqual([patch, after]);
  const unfit = [
    operations({ op: 'test', path: '/n', value: 2 }),
    operations({ op: 'remove', path: '/none' }),
    operations({ op: 'replace', path: '/a/none', value: 1 }),
    operations({ op: 'add', path: '/list/3', value: 1 }),
    operations({ op: 'add', path: '/none/b', value: 1 }),
  ];
  for (const patch of unfit) expect([patch, refusal(() => patched(text, patch))]).toEqual([patch, 'invalid-record']);
  const broken = [
    { operations: '{}' },
    { operations: '[{"op":"swap","path":"/a"}]' },
    { operations: '[{"op":"add","path":"/a"}]' },
    { operations: '[{"op":"remove","path":"a"}]' },
    { operations: '[' },
    { merge: '[1]' },
  ];
  for (const patch of broken) expect([patch, refusal(() => checkPatch(patch))]).toEqual([patch, 'invalid-arguments']);
});

function same(one: string, other: string): boolean {
  return equalJson(readJson(one), readJson(other));
}

test('values are the same where they say the same, with all of their digits', () => {
  const equal = [
    ['{"a":1,"b":[true,null]}', '{ "b" : [true, null], "\\u0061": 1.0 }'],
    ['100', '1e2'],
    ['-0', '0'],
    ['0.10', '1E-1'],
    ['{"a":1,"a":2}', '{"a":2}'],
    ['NaN', 'NaN'],
  ] as const;
  const other = [
    ['9007199254740993', '9007199254740992'],
    ['{"a":1}', '{"a":1,"b":null}'],
    ['[1,2]', '[2,1]'],
    ['1', '"1"'],
    ['0', 'false'],
    ['NaN', 'Infinity'],
    ['1', '-1'],
  ] as const;
  for (const [a, b] of equal) expect([a, b, same(a, b), same(b, a)]).toEqual([a, b, true, true]);
  for (const [a, b] of other) expect([a, b, same(a, b), same(b, a)]).toEqual([a, b, false, false]);
});
