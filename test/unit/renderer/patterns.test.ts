import { expect, test } from 'vitest';
import { sampleOf } from '../../../renderer/api/field-sample.ts';
import type { ResultRow } from '../../../shared/page.ts';
import { hasFlag, withFlag } from '../../../renderer/query/pattern-flags.ts';

test('flags stand where Python reads them, and others stay', () => {
  const both = withFlag(withFlag('^war', 'i', true), 's', true);
  expect([
    both,
    hasFlag(both, 'i'),
    hasFlag(both, 'm'),
    withFlag(both, 'i', false),
    withFlag('(?x) a b', 'i', true),
    withFlag('(?i)war', 'i', false),
    withFlag('(?:war)', 'm', true),
    hasFlag('(?P<i>x)', 'i'),
  ]).toEqual(['(?is)^war', true, false, '(?s)^war', '(?xi) a b', 'war', '(?m)(?:war)', false]);
});

function row(id: string, fields: string | null, metadata: string | null = null): ResultRow {
  return { id, key: id, fields, metadata, problem: null };
}

test('the values to look at are the texts of the field, each once, wherever the field is', () => {
  const rows = [
    row('a', '{"title": "One", "address": {"city": "Rome"}, "id": "own"}', '{"source": "x"}'),
    row('b', '{"title": "One", "address": {"city": 7}}'),
    row('c', '{"title": "Two", "title": "Three", "cast": [1, {"name": "Li"}]}', '{"source": "y"}'),
    row('d', null),
  ];
  const texts = (field: string, path: readonly (string | number)[] | null) =>
    sampleOf(rows, { place: { field }, path }).map(({ text, record }) => `${record}:${text}`);
  expect([
    texts('title', ['title']),
    texts('address.city', ['address', 'city']),
    texts('metadata.source', ['metadata', 'source']),
    texts('fields.id', ['id']),
    texts('id', null),
    texts('cast', ['cast', 1, 'name']),
  ]).toEqual([['a:One', 'c:Three'], ['a:Rome'], ['a:x', 'c:y'], ['a:own'], ['a:a', 'b:b', 'c:c', 'd:d'], ['c:Li']]);
});
