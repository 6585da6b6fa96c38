import { describe, expect, test } from 'vitest';
import { diffJson } from '../../../shared/json/diff-json.ts';
import type { JsonPath } from '../../../shared/json/find-node.ts';
import { jsonValue } from './json-value.ts';
import type { JsonNode } from '../../../shared/json/node.ts';
import { JsonPathError, patchJson } from '../../../shared/json/patch-json.ts';
import { printCompact, printPretty } from '../../../shared/json/print-json.ts';
import { readJson } from '../../../shared/json/read-json.ts';
import { pick, randomJson, seededRandom } from './random-json.ts';

interface Place {
  readonly path: JsonPath;
  readonly node: JsonNode;
}

/** Every value that a path leads to: of duplicate names the last one only. */
function places(root: JsonNode): Place[] {
  const found: Place[] = [{ path: [], node: root }];
  for (const { path, node } of found) {
    if (node.kind === 'object') {
      const last = new Map(node.members.map((member) => [member.name, member.value]));
      for (const [name, value] of last) found.push({ path: [...path, name], node: value });
    } else if (node.kind === 'array') {
      for (const [index, item] of node.items.entries()) found.push({ path: [...path, index], node: item });
    }
  }
  return found;
}

describe('changing a value in a JSON text', () => {
  test('changes the span of the value and no other byte, in 3,000 random texts', () => {
    const random = seededRandom(11);
    for (let round = 0; round < 3000; round++) {
      const text = ` ${randomJson(random)}\n`;
      const { path, node } = pick(random, places(readJson(text)));
      const value = pick(random, ['1.50', '"ë"', 'null', '[1,2]', '{"a":NaN}']);
      expect(patchJson(text, [{ path, text: value }])).toBe(text.slice(0, node.start) + value + text.slice(node.end));
    }
  });

  test('removes and adds what JavaScript would, in 3,000 random texts', () => {
    const random = seededRandom(12);
    for (let round = 0; round < 3000; round++) {
      const text = randomJson(random);
      const { path, node } = pick(random, places(readJson(text)));
      const value = jsonValue(node);
      if (node.kind === 'object' || node.kind === 'array') {
        const step = node.kind === 'object' ? 'new "näme"' : node.items.length;
        const added = jsonValue(readJson(patchJson(text, [{ path: [...path, step], text: '{"n": 1}' }])));
        const expected = Array.isArray(value) ? [...value, { n: 1 }] : { ...asObject(value), 'new "näme"': { n: 1 } };
        expect(at(added, path), text).toEqual(expected);
      }
      if (path.length > 0) {
        const removed = jsonValue(readJson(patchJson(text, [{ path, text: null }])));
        const parent = structuredClone(at(jsonValue(readJson(text)), path.slice(0, -1)));
        if (Array.isArray(parent)) parent.splice(Number(path.at(-1)), 1);
        else delete asObject(parent)[String(path.at(-1))];
        expect(at(removed, path.slice(0, -1)), text).toEqual(parent);
      }
    }
  });

  test.each<[text: string, path: JsonPath, value: string | null, result: string]>([
    // in the style of the neighbours
    ['{"a": 1, "b": 2}', ['c'], '3', '{"a": 1, "b": 2, "c": 3}'],
    ['{"a":1}', ['c'], '3', '{"a":1,"c":3}'],
    ['{"a": 1}', ['c'], '3', '{"a": 1, "c": 3}'],
    ['{ "a" : 1 , "b" : 2 }', ['c'], '3', '{ "a" : 1 , "b" : 2 , "c" : 3 }'],
    ['{\n  "a": 1\n}\n', ['c'], '3', '{\n  "a": 1,\n  "c": 3\n}\n'],
    ['{\r\n\t"a": {}\r\n}', ['a', 'b'], '1', '{\r\n\t"a": {\n\t\t"b": 1\n\t}\r\n}'],
    ['{"a": {}}', ['a', 'b'], '1', '{"a": {"b": 1}}'],
    ['{"a":{}}', ['a', 'b'], '1', '{"a":{"b":1}}'],
    ['{}', ['a'], '1', '{"a": 1}'],
    ['{"a": [1, 2]}', ['a', 2], '3', '{"a": [1, 2, 3]}'],
    ['{"a":[1]}', ['a', 1], '3', '{"a":[1,3]}'],
    ['{"a": [1]}', ['a', 1], '3', '{"a": [1, 3]}'],
    ['{\n  "a": [\n    1\n  ]\n}', ['a', 1], '3', '{\n  "a": [\n    1,\n    3\n  ]\n}'],
    ['{"a": "\\u00eb"}', ['ë'], '1', '{"a": "\\u00eb", "\\u00eb": 1}'],
    ['{"a": "ë"}', ['ü'], '1', '{"a": "ë", "ü": 1}'],
    // a value with lines, into a text without
    ['{"a": 1, "b": 2}', ['a'], '[\n  1,\n  {"x":"y\\nz"}\n]', '{"a": [1, {"x": "y\\nz"}], "b": 2}'],
    ['{"a":1}', ['a'], '[\n  1,\n  2\n]', '{"a":[1,2]}'],
    ['{\n "a":1}', ['a'], '[\n  1,\n  2\n]', '{\n "a":[\n  1,\n  2\n]}'],
    // removal
    ['{"a": 1, "b": 2, "c": 3}', ['a'], null, '{"b": 2, "c": 3}'],
    ['{"a": 1, "b": 2, "c": 3}', ['b'], null, '{"a": 1, "c": 3}'],
    ['{"a": 1, "b": 2, "c": 3}', ['c'], null, '{"a": 1, "b": 2}'],
    ['{\n  "a": 1,\n  "b": 2\n}', ['b'], null, '{\n  "a": 1\n}'],
    ['{ "a": 1 }', ['a'], null, '{}'],
    ['[1, 2, 3]', [0], null, '[2, 3]'],
    ['{"a": 1}', ['z'], null, '{"a": 1}'],
    // duplicates: the last one is changed, all are removed
    ['{"p":1,"q":0,"p":2}', ['p'], '3', '{"p":1,"q":0,"p":3}'],
    ['{"p":1,"q":0,"p":2,"r":4}', ['p'], null, '{"q":0,"r":4}'],
    ['{"q":0,"p":1,"r":4,"p":2}', ['p'], null, '{"q":0,"r":4}'],
    // the whole text
    ['\ufeff 1 \n', [], '"ë"', '\ufeff "ë" \n'],
    // blanks around a given value are not part of it
    ['{"a": 1}', ['a'], ' 2\n', '{"a": 2}'],
  ])('%s, %j: %s', (text, path, value, result) => {
    expect(patchJson(text, [{ path, text: value }])).toBe(result);
  });

  test('applies edits one after the other', () => {
    const text = '{"a": [1, 2, 3], "b": 1, "c": {"d": 1}}';
    expect(
      patchJson(text, [
        { path: ['b'], text: '{"x": 1}' },
        { path: ['b', 'x'], text: '2' },
        { path: ['a', 0], text: null },
        { path: ['a', 0], text: null },
        { path: ['c', 'd'], text: '9' },
        { path: ['e'], text: '[]' },
        { path: ['e', 0], text: '5' },
        { path: ['b', 'y'], text: '3' },
      ]),
    ).toBe('{"a": [3], "b": {"x": 2, "y": 3}, "c": {"d": 9}, "e": [5]}');
  });

  test('refuses a path that leads nowhere and a value that is no JSON, and says so', () => {
    expect([
      failureOf(['b', 'c'], '1'),
      failureOf(['a', 'l', 2], '1'),
      failureOf(['a', 'l', 'x'], '1'),
      failureOf(['s', 0], '1'),
      failureOf([], null),
      failureOf(['a'], '{x}'),
    ]).toEqual([
      'The whole value has no member "b".',
      '"a.l" has 1 items; there is no position 2.',
      '"a.l" is no object; there is no member "x".',
      '"s" is no list; there is no position 0.',
      'A text cannot lose its only value.',
      'JsonSyntaxError: A name in double quotes is expected here.',
    ]);
  });
});

describe('the difference of two JSON texts', () => {
  test('patches the one into the other, in 3,000 random pairs', () => {
    const random = seededRandom(13);
    for (let round = 0; round < 3000; round++) {
      const before = randomJson(random);
      const base = patchJson(before, [{ path: pick(random, places(readJson(before))).path, text: randomJson(random) }]);
      const after = random() < 0.5 ? printPretty(base, readJson(base)) : base;
      const edits = diffJson(readJson(before), readJson(after), { before, after });
      const patched = patchJson(before, edits);
      expect(jsonValue(readJson(patched)), `${before} → ${after}`).toEqual(jsonValue(readJson(after)));
      expect(diffJson(readJson(patched), readJson(after), { before: patched, after })).toEqual([]);
    }
  });

  test('is as small as what a person changed in the printed text', () => {
    const before =
      '{"id":"x","price":1.0,"tags":["a","b"],"deep":{"n":[1,{"y":2}],"gone":1},"s":"\\u00eb","grown":[1]}';
    const after = printPretty(before, readJson(before))
      .replace('1.0', '1')
      .replace('"b"', '"c"')
      .replace('"y": 2', '"y": 3')
      .replace(/,\s*"gone": 1/, '')
      .replace('\\u00eb', 'ë')
      .replace('"grown": [\n    1', '"grown": [\n    1,\n    2');
    expect(diffJson(readJson(before), readJson(after), { before, after })).toEqual([
      { path: ['price'], text: '1' },
      { path: ['tags', 1], text: '"c"' },
      { path: ['deep', 'gone'], text: null },
      { path: ['deep', 'n', 1, 'y'], text: '3' },
      { path: ['grown'], text: '[\n    1,\n    2\n  ]' },
    ]);
  });
});

describe('printing JSON', () => {
  test('keeps digits, escapes, duplicates and order; only blanks change', () => {
    const text = '{"b" :[1.0,{ },[ ],-0],"a":{"\\u00eb":"\\/"} ,"b":1e5}';
    const node = readJson(text);
    expect(printPretty(text, node)).toBe(
      '{\n  "b": [\n    1.0,\n    {},\n    [],\n    -0\n  ],\n  "a": {\n    "\\u00eb": "\\/"\n  },\n  "b": 1e5\n}',
    );
    expect(printCompact(text, node)).toBe('{"b":[1.0,{},[],-0],"a":{"\\u00eb":"\\/"},"b":1e5}');
  });

  test('prints 20,000 levels', () => {
    const text = '['.repeat(20_000) + ']'.repeat(20_000);
    expect(printCompact(text, readJson(text))).toBe(text);
  });
});

function failureOf(path: JsonPath, value: string | null): unknown {
  try {
    return patchJson('{"a": {"l": [1]}, "s": "x"}', [{ path, text: value }]);
  } catch (error) {
    return error instanceof JsonPathError ? error.message : String(error);
  }
}

function at(value: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>((inner, step) => asObject(inner)[step], value);
}

function asObject(value: unknown): Record<string | number, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error('no object');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return value as Record<string | number, unknown>;
}
