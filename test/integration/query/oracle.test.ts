import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseQuery } from '../../../electron/engine/index/query/parse-query.ts';
import { AppFailure } from '../../../shared/result.ts';
import { evaluatedIds } from './support/evaluated-query.ts';
import { differenceFrom, excludedQueries, oracleQueries, oracleRecords } from './support/oracle.ts';
import { QueryTable } from './support/query-table.ts';

const records = oracleRecords();
const queries = oracleQueries();
const refused: Record<string, string> = JSON.parse(
  readFileSync(new URL('refused-patterns.json', import.meta.url), 'utf8'),
);
let shredded: QueryTable;
let halfShredded: QueryTable;

beforeAll(async () => {
  shredded = await QueryTable.of(records, () => true);
  halfShredded = await QueryTable.of(records, ({ path }) => path.join('.').length % 2 === 0);
});
afterAll(() => {
  shredded.close();
  halfShredded.close();
});

async function differences(
  answer: (query: string) => Promise<readonly string[]> | readonly string[],
): Promise<unknown> {
  const found: Record<string, string> = {};
  for (const { id, kind, query, expect: expected } of queries) {
    try {
      const difference = differenceFrom(expected, await answer(query));
      if (difference !== null) found[id] = `${kind}: ${difference}`;
    } catch (error) {
      if (!(error instanceof AppFailure && error.error.code === 'pattern-refused')) throw error;
      found[id] = 'refused';
    }
  }
  return found;
}

const expected = Object.fromEntries(Object.keys(refused).map((id) => [id, 'refused']));

test('every query of the oracle is answered as dataknobs answers it, through SQL over typed columns', async () => {
  expect(queries).toHaveLength(218);
  expect(await differences((query) => shredded.ids(parseQuery(query)))).toEqual(expected);
});

test('the same where half of the fields are only in the bodies', async () => {
  expect(await differences((query) => halfShredded.ids(parseQuery(query)))).toEqual(expected);
});

test('the same without any SQL, from decoded records', async () => {
  expect(await differences((query) => evaluatedIds(parseQuery(query), records))).toEqual(expected);
});

test('where dataknobs crashes or is wrong, the answer is the sane one', async () => {
  const answers: Record<string, unknown> = {};
  for (const { kind, query } of excludedQueries()) {
    try {
      const parsed = parseQuery(query);
      const ids = await shredded.ids(parsed);
      expect(ids, kind).toEqual(evaluatedIds(parsed, records));
      expect(await halfShredded.ids(parsed), kind).toEqual(ids);
      answers[kind] = ids.length;
    } catch (error) {
      if (!(error instanceof AppFailure)) throw error;
      answers[kind] = `${error.error.code} at ${error.error.detail?.path}`;
    }
  }
  expect(answers).toMatchInlineSnapshot(`
    {
      "x.in-null": "invalid-query at where.rules[0].value",
      "x.in-number": "invalid-query at where.rules[0].value",
      "x.in-number-complex": "invalid-query at where.rules[0].value",
      "x.in-string-value": "invalid-query at where.rules[0].value",
      "x.in-string-value-nonstr": "invalid-query at where.rules[0].value",
      "x.like-bad": 17,
      "x.like-bracket": 20,
      "x.like-dot": 14,
      "x.like-dot-code": 23,
      "x.like-dot-code-not": 577,
      "x.like-null": "invalid-query at where.rules[0].value",
      "x.like-number": "invalid-query at where.rules[0].value",
      "x.like-number-complex": "invalid-query at where.rules[0].value",
      "x.like-paren": 10,
      "x.like-plus": 19,
      "x.like-star": 24,
      "x.limit-float": "invalid-query at limit",
      "x.limit-str": "invalid-query at limit",
      "x.neg-limit": "invalid-query at limit",
      "x.neg-offset": "invalid-query at offset",
      "x.not-regex-bad": "invalid-query at where.rules[0].value",
      "x.regex-bad": "invalid-query at where.rules[0].value",
      "x.regex-bad-complex": "invalid-query at where.rules[0].value",
      "x.regex-nonstring-value": "invalid-query at where.rules[0].value",
      "x.regex-pL": "invalid-query at where.rules[0].value",
      "x.sort-bool-null": 600,
      "x.sort-flag-mixed": 600,
      "x.sort-lists-mixed": 600,
      "x.sort-meta-mixed": 600,
      "x.sort-mixed": 600,
      "x.sort-nested-mixed": 600,
      "x.sort-null": 600,
      "x.sort-number-missing": 600,
      "x.sort-object": 600,
      "x.starts-list": "invalid-query at where.rules[0].value",
      "x.starts-number": "invalid-query at where.rules[0].value",
      "x.unknown-op": "invalid-query at where.rules[0].operator",
    }
  `);
});
