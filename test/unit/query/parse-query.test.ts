import { expect, test } from 'vitest';
import { parseQuery } from '../../../electron/engine/index/query/parse-query.ts';
import { AppFailure } from '../../../shared/result.ts';

function problem(text: string): string {
  try {
    parseQuery(text);
    return 'nothing wrong';
  } catch (error) {
    if (!(error instanceof AppFailure)) throw error;
    const { code, message, detail } = error.error;
    return `${code} ${detail?.path ?? `${detail?.line}:${detail?.column}`} ${message}`;
  }
}

function condition(text: string): string {
  return `{"where": {"combinator": "and", "rules": [{"field": "a", ${text}}]}}`;
}

test('a query is read with all its digits, whatever the spelling of its operators', () => {
  const query = parseQuery(`{
    "where": {"combinator": "OR", "not": false, "rules": [
      {"field": "n", "operator": "==", "value": 9007199254740993},
      {"field": "n", "operator": " Not In ", "value": [1.0, -0, 1e400, -9007199254740991, NaN, null, {"__proto__": 18446744073709551616}]},
      {"field": "s", "operator": "STARTS WITH", "value": "\\ud800"},
      {"field": "s", "operator": "exists", "value": "ignored"},
      {"combinator": "and", "rules": []}
    ]},
    "sort": [{"field": "a.b", "direction": "DESC"}, {"field": ""}], "limit": 0, "offset": 5.0, "select": ["b", "a", "b"]
  }`);
  expect(query).toEqual({
    where: {
      combinator: 'or',
      not: false,
      rules: [
        { field: 'n', operator: '=', value: 9007199254740993n },
        {
          field: 'n',
          operator: 'not_in',
          value: [1, -0, Infinity, -9007199254740991, Number.NaN, null, { ['__proto__']: 18446744073709551616n }],
        },
        { field: 's', operator: 'starts_with', value: '\ud800' },
        { field: 's', operator: 'exists' },
        { combinator: 'and', rules: [] },
      ],
    },
    sort: [
      { field: 'a.b', direction: 'desc' },
      { field: '', direction: 'asc' },
    ],
    limit: 0,
    offset: 5,
    select: ['b', 'a', 'b'],
  });
  expect(parseQuery('{"where": null, "sort": null, "limit": null, "offset": null, "select": null}')).toEqual({});
});

test('what is wrong with a query is said with its place, before anything runs', () => {
  const deep = `${'{"combinator": "and", "rules": ['.repeat(102)}${']}'.repeat(102)}`;
  expect(
    [
      '{"where": {"field": "a" "operator": "="}}',
      '[]',
      '{"wher": 1}',
      '{"where": []}',
      '{"where": {"rules": []}}',
      '{"where": {"combinator": "xor", "rules": []}}',
      '{"where": {"combinator": "and", "rules": {}}}',
      '{"where": {"combinator": "and", "not": 1, "rules": []}}',
      '{"where": {"combinator": "and", "rules": [null]}}',
      '{"where": {"operator": "=", "value": 1}}',
      '{"where": {"field": 1, "operator": "=", "value": 1}}',
      condition('"operator": "<>", "value": 1'),
      condition('"operator": "="'),
      condition('"operator": "=", "value": 1, "of": true'),
      condition('"operator": "=", "value": 1, "off": 1'),
      condition('"operator": "=", "value": 1, "any": "x"'),
      condition('"operator": "=", "value": 1, "tag": "x"'),
      condition('"operator": "any_of", "value": "abc"'),
      condition('"operator": "length", "value": 3'),
      condition('"operator": "length", "value": {"operator": ">", "value": -1}'),
      condition('"operator": "within_last", "value": {"count": 7, "unit": "lustrums"}'),
      condition('"operator": "type_is", "value": "integer"'),
      '{"where": {"any": " "}}',
      '{"where": {"path": [], "operator": "exists"}}',
      '{"where": {"path": [0], "operator": "exists"}}',
      '{"where": {"path": ["a", -1], "operator": "exists"}}',
      '{"where": {"object": "colour", "operator": "exists"}}',
      '{"sort": [], "nearest": {"field": "a", "vector": [1], "metric": "dot", "count": 1}}',
      '{"nearest": {"field": "a", "vector": [1], "metric": "manhattan", "count": 1}}',
      '{"nearest": {"field": "a", "vector": [1, "2"], "metric": "dot", "count": 1}}',
      '{"nearest": {"field": "a", "vector": [], "metric": "dot", "count": 1}}',
      condition('"operator": "in", "value": "abc"'),
      condition('"operator": "like", "value": null'),
      condition('"operator": "starts_with", "value": ["a"]'),
      condition('"operator": "regex", "value": "a("'),
      condition('"operator": "regex", "value": "(a)\\\\1"'),
      '{"sort": {"field": "a"}}',
      '{"sort": [{"field": "a", "direction": "down"}]}',
      '{"limit": -1}',
      '{"limit": 2.5}',
      '{"offset": "5"}',
      '{"limit": 1e300}',
      '{"select": [1]}',
      `{"where": ${deep}}`,
      condition(`"operator": "=", "value": ${'['.repeat(102)}${']'.repeat(102)}`),
    ].map(problem),
  ).toMatchInlineSnapshot(`
    [
      "invalid-query 1:25 The query is not JSON: A comma or } is missing after the value of "field".",
      "invalid-query undefined:undefined A query is a JSON object such as {"where": …, "sort": …, "limit": 10}.",
      "invalid-query wher "wher" in the query is not known. Known there: where, sort, nearest, limit, offset, select.",
      "invalid-query where where is not an object. Write a condition or a group there.",
      "invalid-query where.combinator where has no combinator. Add one.",
      "invalid-query where.combinator where.combinator is "xor". Write "and" or "or".",
      "invalid-query where.rules where.rules is no list. Write it in square brackets.",
      "invalid-query where.not where.not is no boolean. Write true or false.",
      "invalid-query where.rules[0] where.rules[0] is not an object. Write a condition or a group there.",
      "invalid-query where.field where has no field. Add one, or path, object or tag in its place.",
      "invalid-query where.field where.field is no string. Write it in double quotes.",
      "invalid-query where.rules[0].operator "<>" in where.rules[0].operator is no operator. The operators are =, !=, >, >=, <, <=, in, not_in, like, not_like, regex, starts_with, exists, not_exists, between, not_between, contains, ends_with, is_empty, any_of, all_of, length, within_last, type_is.",
      "invalid-query where.rules[0].value where.rules[0] has no value. Add one.",
      "invalid-query where.rules[0].of "of" in where.rules[0] is not known. Known there: field, path, object, tag, operator, value, any, off.",
      "invalid-query where.rules[0].off where.rules[0].off is no boolean. Write true or false.",
      "invalid-query where.rules[0].field where.rules[0] has field beside any. A word is looked for alone.",
      "invalid-query where.rules[0].tag where.rules[0] has field and tag. Keep one of them.",
      "invalid-query where.rules[0].value any_of wants a list in where.rules[0].value, such as ["a", "b"].",
      "invalid-query where.rules[0].value length wants {"operator": ">", "value": 3} in where.rules[0].value: one of = != > >= < <=, and a whole number from 0 up.",
      "invalid-query where.rules[0].value length wants {"operator": ">", "value": 3} in where.rules[0].value: one of = != > >= < <=, and a whole number from 0 up.",
      "invalid-query where.rules[0].value within_last wants {"count": 7, "unit": "days"} in where.rules[0].value; units are minutes, hours, days, weeks, months, years.",
      "invalid-query where.rules[0].value type_is wants one of string, number, boolean, list, object, null in where.rules[0].value.",
      "invalid-query where.any where.any is empty. Write what to look for.",
      "invalid-query where.path where.path is empty. Begin it with the name of a field.",
      "invalid-query where.path[0] where.path[0] is neither a name nor, behind one, a position from 0 up.",
      "invalid-query where.path[1] where.path[1] is neither a name nor, behind one, a position from 0 up.",
      "invalid-query where.object "colour" in where.object is nothing that S3 says. Known: key, size, etag, last_modified, storage_class, version.",
      "invalid-query nearest nearest stands in place of sort: the nearest comes first. Leave sort out.",
      "invalid-query nearest.metric nearest.metric is "manhattan". Write one of cosine, euclidean, dot.",
      "invalid-query nearest.vector[1] nearest.vector[1] is no finite number.",
      "invalid-query nearest.vector nearest.vector is empty. Write its numbers.",
      "invalid-query where.rules[0].value in wants a list in where.rules[0].value, such as ["a", "b"].",
      "invalid-query where.rules[0].value like wants a string in where.rules[0].value.",
      "invalid-query where.rules[0].value starts_with wants a string in where.rules[0].value.",
      "invalid-query where.rules[0].value The regular expression is not valid: a ( has no ) behind it (character 2). Correct it.",
      "pattern-refused where.rules[0].value This regular expression cannot be searched exactly: it has a reference to a group. Write it another way, or use like or starts_with.",
      "invalid-query sort sort is no list. Write it in square brackets.",
      "invalid-query sort[0].direction sort[0].direction is "down". Write "asc" or "desc".",
      "invalid-query limit limit is no whole number from 0 up. Write one, or leave limit out.",
      "invalid-query limit limit is no whole number from 0 up. Write one, or leave limit out.",
      "invalid-query offset offset is no whole number from 0 up. Write one, or leave offset out.",
      "invalid-query limit limit is no whole number from 0 up. Write one, or leave limit out.",
      "invalid-query select[0] select[0] is no string. Write it in double quotes.",
      "invalid-query where The groups of the query nest more than 100 deep. Flatten it.",
      "invalid-query where.rules[0].value The value nests more than 100 deep. Write a simpler one.",
    ]
  `);
});

test('a regular expression that is wrong says at which character, counted as Python counts', () => {
  const query = JSON.stringify({ where: { field: 'a', operator: 'regex', value: '\u{1F600}a(b' } });
  expect(() => parseQuery(query)).toThrow(
    expect.objectContaining({
      error: expect.objectContaining({ code: 'invalid-query', detail: { column: 3, path: 'where.value' } }),
    }),
  );
});
