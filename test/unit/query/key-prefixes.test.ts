import { expect, test } from 'vitest';
import { parseQuery } from '../../../electron/engine/index/query/parse-query.ts';
import { keyPrefixes } from '../../../electron/engine/index/query/key-prefixes.ts';
import { asksTags, withoutTags } from '../../../electron/engine/index/query/tag-places.ts';
import { parseWhere } from '../../../shared/query-text/parse-where.ts';
import { printWhere } from '../../../shared/query-text/print-where.ts';
import { queryJson } from '../../../shared/query-text/query-json.ts';

const queryOf = (text: string) =>
  parseQuery(queryJson({ where: parseWhere(text) ?? { combinator: 'and', rules: [] } }));
const below = (text: string): readonly string[] | null => keyPrefixes(queryOf(text), 'records/');

test('conditions on ids and keys say below which prefixes the records are', () => {
  const found = {
    start: below('id starts_with "2024-01"'),
    one: below('id = "a" and n > 1'),
    list: below('id in ("b", "a", "ab")'),
    either: below('id = "a" or (id starts_with "b" and n > 1)'),
    date: below('id like "2024-01-%" and n > 1'),
    letters: below('id like "ab-%"'),
    key: below('@key starts_with "records/2024/"'),
    best: below('id starts_with "ab" and id in ("x", "y") and id starts_with "abc"'),
  };
  expect(found).toEqual({
    start: ['records/2024-01'],
    one: ['records/a'],
    list: ['records/b', 'records/a'],
    either: ['records/a', 'records/b'],
    date: ['records/2024-01-'],
    letters: ['records/ab-', 'records/aB-', 'records/Ab-', 'records/AB-'],
    key: ['records/2024/'],
    best: ['records/abc'],
  });
});

test('what does not say leaves the whole collection to be listed', () => {
  const none = [
    'n > 1',
    'not (id = "a")',
    'id = "a" or n > 1',
    'id != "a"',
    'id between "a" and "b"',
    'id = 4',
    'id starts_with ""',
    'id like "%a"',
    'id in ()',
    '@key starts_with "rec"',
    '@key starts_with "other/"',
    'fields.id = "a"',
    '/* id = "a" */',
  ];
  expect(none.map((text) => below(text))).toEqual(none.map(() => null));
  expect(below('id like "sik%"')?.length).toBe(3);
});

test('tags matter to the records that the other conditions leave', () => {
  const left = (text: string): string | null => {
    const { where } = withoutTags(queryOf(text));
    return where === undefined ? null : printWhere(where);
  };
  expect(asksTags(queryOf('n > 1 /* and @tag.a = "x" */ /* and @tag.b exists */'))).toBe(false);
  expect(asksTags(parseQuery('{"sort":[{"tag":"a"}]}'))).toBe(true);
  expect([
    left('n > 1 and @tag.a = "x"'),
    left('@tag.a = "x"'),
    left('n > 1 and (m < 2 or @tag.a exists) and (m > 0 and not (@tag.b exists))'),
  ]).toEqual(['n > 1', null, 'n > 1 and m > 0']);
});
