import { describe, expect, test } from 'vitest';
import { readJson } from '../../../shared/json/read-json.ts';
import { scanMembers } from '../../../shared/json/scan-members.ts';

type Span = readonly [name: string, value: string];

function scanned(text: string): readonly Span[] | null {
  const spans: Span[] = [];
  const isObject = scanMembers(text, (nameStart, nameEnd, start, end) => {
    spans.push([text.slice(nameStart, nameEnd), text.slice(start, end)]);
  });
  return isObject ? spans : null;
}

function read(text: string): readonly Span[] | null {
  const root = readJson(text);
  if (root.kind !== 'object') return null;
  return root.members.map(({ nameStart, nameEnd, value }) => [
    text.slice(nameStart, nameEnd),
    text.slice(value.start, value.end),
  ]);
}

describe('finds the members that the reader finds', () => {
  test.each([
    '{}',
    ' \r\n\t{ } ',
    '\uFEFF{"a":1}',
    '{"a":1,"b":-1.50e+3,"c":true,"d":false,"e":null,"f":NaN,"g":-Infinity}',
    '{ "a" : "x" , "b" : [ 1 , { "c" : "]}" } ] ,\n"d" : { "e" : {} } }',
    String.raw`{"\"a\\":"\\","b":"\"}","\u0061":"\u0022","":""}`,
    '{"a":1,"a":2}',
    '{"😀":"\uD800","ü":["ß"]}',
    `{"deep":${'['.repeat(50_000)}${']'.repeat(50_000)},"behind":12345678901234567890}`,
    '[{"a":1}]',
    '"{}"',
    '12',
  ])('in %.60s', (text) => {
    expect(scanned(text)).toEqual(read(text));
  });
});

test.each([
  '',
  '  ',
  '{',
  '{"a',
  '{"a"',
  '{"a":',
  '{"a":1',
  '{"a":1,',
  '{"a":1,}',
  '{"a" 1}',
  '{a:1}',
  '{"a":"x',
  '{"a":[1',
  '{"a":,"b":1}',
])('comes to an end on %j, which is no object', (text) => {
  expect(scanned(text)).toBeNull();
});
