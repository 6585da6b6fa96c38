import { expect, test } from 'vitest';
import { areEqual, compareTexts, isOrdered } from '../../../electron/engine/index/query/compare-values.ts';
import { evaluateCondition } from '../../../electron/engine/index/query/evaluate.ts';
import { compareNumbers, exactNumber } from '../../../electron/engine/index/query/exact-number.ts';
import { orderText } from '../../../electron/engine/index/query/order-text.ts';
import { shredValue } from '../../../electron/engine/index/slots.ts';
import { readJson } from '../../../shared/json/read-json.ts';

const big = (zeros: number): string => `1${'0'.repeat(zeros)}`;

function long(last: number): string {
  return `[${'1.25, '.repeat(2_000)}${last}]`;
}

function isAbove(left: string, right: string): boolean {
  return isOrdered(readJson(left), '>', readJson(right));
}

test('numbers of every size and form are in one exact order', () => {
  const ascending = [
    ['-Infinity', `-${big(400)}`, '-1e308', `-${big(40)}`, '-170141183460469231731687303715884105728'],
    ['-9007199254740993', '-9007199254740992', '-1', '-0.1', '0', '5e-324', '1', '1.5', '9007199254740992'],
    ['9007199254740993', '9007199254740994', '170141183460469231731687303715884105727'],
    ['170141183460469231731687303715884105728', '1e40', '1e308', big(400), `${big(399)}1`, 'Infinity'],
  ].flat();
  // 1e40 is the double 10000000000000000303786028427003666890752, above the integer of 41 digits.
  const exactly40 = exactNumber(big(40));
  expect(compareNumbers(exactly40, exactNumber('1e40'))).toBe(-1);
  const order = ascending.map((left) =>
    ascending.map((right) => Math.sign(compareNumbers(exactNumber(left), exactNumber(right)))),
  );
  expect(order).toEqual(ascending.map((_, left) => ascending.map((__, right) => Math.sign(left - right))));
  const texts = ascending.map((number) => orderText(readJson(number)));
  expect(texts.toSorted(compareTexts)).toEqual(texts);
});

test('values are equal where Python finds them equal, and their order texts with them', () => {
  const classes = [
    ['1', '1.0', 'true', '10e-1'],
    ['0', '-0', '-0.0', 'false'],
    ['[1, {"a": 1, "b": [true]}]', '[1.0, {"b": [1], "a": true}]', '[true, {"a": 0, "b": 0, "a": 1, "b": [1.0]}]'],
    ['"1"'],
    ['null'],
    ['[]'],
    ['{}'],
    ['[[]]'],
    ['[null]'],
    ['["a", "b"]'],
    ['["a\\u0001", "b"]'],
    ['["a", "\\u0001b"]'],
    ['["\\ud800"]'],
    ['["\\ud7ff"]'],
    ['{"a": null}'],
    ['[1, 2]'],
    ['[12]'],
    ['9007199254740993'],
    ['9007199254740992', '9007199254740992.0'],
  ];
  const all = classes.flatMap((texts, index) => texts.map((text) => ({ index, node: readJson(text) })));
  for (const left of all) {
    for (const right of all) {
      const isEqual = left.index === right.index;
      expect(areEqual(left.node, right.node)).toBe(isEqual);
      expect(orderText(left.node) === orderText(right.node)).toBe(isEqual);
    }
  }
  expect(areEqual(readJson('[NaN]'), readJson('[NaN]'))).toBe(false);
});

test('lists that are longer than the order text goes are still told apart, and deep ones do not overflow', () => {
  expect(orderText(readJson(long(1)))).not.toBe(orderText(readJson(long(2))));
  expect(orderText(readJson(long(1)))).toBe(orderText(readJson(long(1).replaceAll('1.25', '125e-2'))));
  const deep = readJson(`${'[{"a": '.repeat(10_000)}1${'}]'.repeat(10_000)}`);
  expect(shredValue(deep).text?.length).toBeLessThan(1_100);
});

test('strings are compared by code point, dates by instant, and nothing else with them', () => {
  expect([
    isAbove('"\ud83d\ude00"', '"\uff21"'),
    isAbove('"\ud83d\ude01"', '"\ud83d\ude00"'),
    isAbove('"\\ud800"', '"\ud83d\ude00"'),
    isAbove('"2024-01-05T01:00:00+01:00"', '"2024-01-04T23:59:59Z"'),
    isAbove('"2024-01-05"', '"2024"'),
    isAbove('"2024"', '"2023-01-05"'),
    isAbove('["b"]', '["a", "b"]'),
    isAbove('["2024-01-05T00:00"]', '["2024-01-05"]'),
    isAbove('[1, "a"]', '["a"]'),
    isAbove('{"a": 2}', '{"a": 1}'),
    isAbove('"5"', '4'),
  ]).toEqual([true, true, false, true, false, true, true, true, false, false, false]);
});

test('a field of a query reaches what dataknobs reaches, and nothing else', () => {
  const body = readJson(
    '{"id": 1, "a": {"b": {"c": 1}, "": 2}, "x.y": 3, "l": [{"z": 4}], "fields": 5, "n": null, "n": 6}',
  );
  const shadow = readJson('{"metadata": {"v": 7}}');
  const metadata = readJson('{"v": 8, "w": {"x": 9}}');
  const members = (node: typeof body): readonly { name: string; value: typeof body }[] =>
    node.kind === 'object' ? node.members : [];
  const record = { id: 'key', fields: members(body), metadata: members(metadata) };
  const hidden = { id: 'key', fields: members(shadow), metadata: members(metadata) };
  const finds = (field: string, value: string | number, from = record): boolean =>
    evaluateCondition({ field, operator: '=', value }, from);
  expect(
    [
      finds('id', 'key'),
      finds('fields.id', 1),
      finds('a.b.c', 1),
      finds('fields.a.b.c', 1),
      finds('a.', 2),
      finds('fields', 5),
      finds('n', 6),
      finds('metadata.v', 8),
      finds('metadata.w.x', 9),
      finds('metadata.v', 7, hidden),
    ].every(Boolean),
  ).toBe(true);
  expect(
    [
      finds('id', 1),
      finds('x.y', 3),
      finds('l.0.z', 4),
      finds('l.z', 4),
      finds('metadata', 8),
      finds('metadata.v', 8, hidden),
    ].some(Boolean),
  ).toBe(false);
});
