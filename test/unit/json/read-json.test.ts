import { describe, expect, test } from 'vitest';
import { findNode } from '../../../shared/json/find-node.ts';
import { JsonSyntaxError } from '../../../shared/json/json-syntax-error.ts';
import { jsonValue } from './json-value.ts';
import type { JsonNode } from '../../../shared/json/node.ts';
import { readJson } from '../../../shared/json/read-json.ts';
import { randomJson, seededRandom } from './random-json.ts';

describe('reading JSON', () => {
  test('keeps the span of every value, whatever JSON.parse would lose', () => {
    const text = '\ufeff {"a": [1.0, -0, 9007199254740993], "2": NaN, "1": -Infinity, "a": {"\\u00eb": "\\ud800"}} \n';
    const seen: string[] = [];
    const walk: JsonNode[] = [readJson(text)];
    for (let node = walk.shift(); node !== undefined; node = walk.shift()) {
      seen.push(text.slice(node.start, node.end));
      if (node.kind === 'object') {
        for (const member of node.members) {
          seen.push(`${text.slice(member.nameStart, member.nameEnd)}=${member.name}`);
          walk.push(member.value);
        }
      }
      if (node.kind === 'array') walk.push(...node.items);
    }
    expect(seen).toEqual([
      text.slice(2, -2),
      '"a"=a',
      '"2"=2',
      '"1"=1',
      '"a"=a',
      '[1.0, -0, 9007199254740993]',
      'NaN',
      '-Infinity',
      '{"\\u00eb": "\\ud800"}',
      '"\\u00eb"=ë',
      '1.0',
      '-0',
      '9007199254740993',
      '"\\ud800"',
    ]);
    expect(findNode(readJson(text), ['a', 'ë'])).toMatchObject({ kind: 'string', value: '\ud800' });
  });

  test('agrees with JSON.parse on 2,000 random values', () => {
    const random = seededRandom(7);
    for (let round = 0; round < 2000; round++) {
      const text = randomJson(random);
      expect(jsonValue(readJson(text)), text).toEqual(JSON.parse(text));
    }
  });

  test('reads 50,000 levels of lists and objects', () => {
    const depth = 50_000;
    const node = readJson('[{"a":'.repeat(depth) + '1' + '}]'.repeat(depth));
    let levels = 0;
    let inner: JsonNode | undefined = node;
    while (inner !== undefined && inner.kind !== 'number') {
      inner = inner.kind === 'array' ? inner.items[0] : inner.kind === 'object' ? inner.members[0]?.value : undefined;
      levels++;
    }
    expect(levels).toBe(2 * depth);
  });

  test.each<[text: string, line: number, column: number, message: string]>([
    ['', 1, 1, 'The text is empty; a JSON value is expected.'],
    ['{"a":1 "b":2}', 1, 8, 'A comma or } is missing after the value of "a".'],
    ['[1 2]', 1, 4, 'A comma or ] is missing after item 1 of the list.'],
    ['{"a":1,}', 1, 7, 'There is a comma too many before }'],
    ['[1,]', 1, 3, 'There is a comma too many before ]'],
    ['{oops', 1, 2, 'A name in double quotes is expected here.'],
    ['{"a" 1}', 1, 6, 'A colon is missing after the name "a".'],
    ['{"a":}', 1, 6, 'A value is missing after the name "a", before }'],
    ['[,1]', 1, 2, 'A value is missing, before ,'],
    ['{"a":1', 1, 7, 'A comma or } is missing after the value of "a".'],
    ['{"a":', 1, 6, 'The text ends too early: the value of "a" is missing.'],
    ['[', 1, 2, 'The text ends too early: a value or ] is missing.'],
    ['{"a":1} x', 1, 9, 'There is more text after the end of the JSON value.'],
    ['{"a":1}\r\n{"a":2}\n', 2, 1, 'There is more text after the end of the JSON value.'],
    ['\ufeff{"😀": "x",\n "y": tru}', 2, 7, '"tru" is no JSON value.'],
    ['["😀😀", 01]', 1, 8, 'A number does not begin with a zero.'],
    ['[1.]', 1, 4, 'A digit is missing in the decimal point of a number.'],
    ['[-]', 1, 2, '"-" is no JSON value.'],
    ['[+1]', 1, 2, '"+1" is no JSON value.'],
    ['[-NaN]', 1, 2, '"-NaN" is no JSON value.'],
    ["{'a':1}", 1, 2, 'A name in double quotes is expected here.'],
    ["['a']", 1, 2, 'A string stands in double quotes, not in single ones.'],
    ['["a\tb"]', 1, 4, 'A string holds a tab; it is written \\t.'],
    ['["a\nb"]', 1, 4, 'A string holds a line break; it is written \\n.'],
    ['["abc', 1, 2, 'The string that begins here has no closing quote.'],
    ['["a\\', 1, 2, 'The string that begins here has no closing quote.'],
    ['["\\x41"]', 1, 3, 'JSON has no escape \\x; a backslash itself is written \\\\.'],
    ['["\\u12g4"]', 1, 3, 'Four hexadecimal digits are missing after \\u.'],
    ['[1] // note', 1, 5, 'There is more text after the end of the JSON value.'],
    ['\u00a0[1]', 1, 1, '"\u00a0" is no JSON value.'],
  ])('says what is wrong with %j', (text, line, column, message) => {
    const failure = ((): unknown => {
      try {
        return readJson(text);
      } catch (error) {
        return error;
      }
    })();
    expect(failure).toBeInstanceOf(JsonSyntaxError);
    expect(failure).toMatchObject({ line, column, message });
  });
});
