import { expect, test } from 'vitest';
import { parseQuery } from '../../../electron/engine/index/query/parse-query.ts';
import { OPERATORS, isGroup, type Rule } from '../../../shared/query.ts';
import { parseWhere } from '../../../shared/query-text/parse-where.ts';
import { printWhere } from '../../../shared/query-text/print-where.ts';
import { queryJson } from '../../../shared/query-text/query-json.ts';
import { QueryTextError } from '../../../shared/query-text/query-text-error.ts';
import {
  FIELDS,
  ODD_VALUES,
  ODDEST_VALUES,
  randomQueries,
  readValue,
  seeded,
} from '../../integration/query/support/random-queries.ts';

const EXAMPLE =
  'rating >= 8 and (genre in ("Drama", "Comedy") or title like "%war%") and not (tags[0] = "x" or ["x.y"] exists) and @size > 1000 and @tag.reviewed = "yes" /* and gross > 1 */';

test('every kind of condition and group is read, and written as it was', () => {
  const texts = [
    EXAMPLE,
    'a = 1 and b = 2 or c = 3',
    'not a = 1',
    'not (a = 1 and b = 2)',
    '(and)',
    'not (or)',
    '(or a = 1)',
    '/* a = 1 */',
    '(/* a = 1 */)',
    '/* a = 1 */ or b = 2 /* or (c = 3 /* and d = 4 */) */',
    '`odd name` != null and `a``b` exists and `2nd` not exists',
    'a["x.y"].b[0].c = {"x": [1, 2.5, true, "\\n"]}',
    '@key starts_with "a/" and @last_modified within_last 7 days and @tag["a b"] not like "%x"',
    '@any "war" and text contains "a" and text ends_with "b" and list is_empty',
    'list any_of (1, 2) and list all_of () and list length >= 3 and value type_is list',
    'n between 1 and 5 and n not between ([1, 2, 3]) and n not in (9007199254740993, -0.0, 1e+40)',
    'n > -Infinity and n < Infinity and n != NaN and text regex "^a\\\\d"',
    'address.city = "Łódź" and größe > 1',
  ];
  const read = texts.map((text) => printWhere(parseWhere(text) ?? { combinator: 'and', rules: [] }));
  expect(read).toEqual([EXAMPLE, '(a = 1 and b = 2) or c = 3', ...texts.slice(2)]);
  expect(parseWhere(EXAMPLE)).toMatchObject({
    combinator: 'and',
    rules: [
      { field: 'rating', operator: '>=', value: 8 },
      {
        combinator: 'or',
        rules: [
          { field: 'genre', operator: 'in' },
          { field: 'title', operator: 'like' },
        ],
      },
      { combinator: 'or', not: true, rules: [{ path: ['tags', 0] }, { path: ['x.y'], operator: 'exists' }] },
      { object: 'size', operator: '>', value: 1000 },
      { tag: 'reviewed', operator: '=', value: 'yes' },
      { field: 'gross', operator: '>', value: 1, off: true },
    ],
  });
});

test('what people write is understood', () => {
  const pairs: readonly (readonly [string, string])[] = [
    ['', '(and)'],
    ['A == 1 AND NOT b Not In [1]', 'A = 1 and not b not in (1)'],
    ['day >= 2024-01-05 and at < 2024-01-05T10:30:00Z', 'day >= "2024-01-05" and at < "2024-01-05T10:30:00Z"'],
    [
      'a starts with "x" and b is empty and c within last 1 day',
      'a starts_with "x" and b is_empty and c within_last 1 days',
    ],
    ['((a = 1)) and b exists', '((a = 1)) and b exists'],
    ['a = 1\n  and ( b = 2 or\tc = 3 )', 'a = 1 and (b = 2 or c = 3)'],
    ['type type is "string"', 'type type_is string'],
  ];
  expect(pairs.map(([text]) => printWhere(parseWhere(text) ?? { combinator: 'and', rules: [] }))).toEqual(
    pairs.map(([, printed]) => printed),
  );
});

function problem(text: string): string {
  try {
    parseWhere(text);
    return 'nothing wrong';
  } catch (error) {
    if (!(error instanceof QueryTextError)) throw error;
    return `${text.slice(0, 20)} → ${error.column}: ${error.message}`;
  }
}

test('what is wrong is said with its column', () => {
  const texts = [
    'rating >',
    'rating 8',
    '>= 8',
    'a = 1 b = 2',
    'a = 1 and',
    '(a = 1',
    'a = 1)',
    'a = "x',
    "a = 'x'",
    'a = Drama',
    'a in "x"',
    'a between 1',
    'or = 1',
    '`a = 1',
    'a = "\\x"',
    'a[-1] = 1',
    '[0] = 1',
    'a[0 = 1',
    '@colour = 1',
    '@tag = 1',
    '@any 1',
    'a = [1, 2',
    'a = {"x" 1}',
    'list length "x"',
    'at within_last 7 lustrums',
    'a type_is integer',
    'a = 1 /* and b = 2',
    'a = 1 */',
    'a ? 1',
    `${'('.repeat(200)}a = 1${')'.repeat(200)}`,
  ];
  expect(texts.map(problem)).toMatchInlineSnapshot(`
    [
      "rating > → 9: Here a value is missing.",
      "rating 8 → 8: Here an operator is missing. The operators are = != > >= < <= in not_in like not_like regex starts_with exists not_exists between not_between contains ends_with is_empty any_of all_of length within_last type_is.",
      ">= 8 → 1: Here a field is missing, such as rating in: rating >= 8.",
      "a = 1 b = 2 → 7: Here "and" or "or" is missing, or something is too much.",
      "a = 1 and → 10: Here a field is missing, such as rating in: rating >= 8.",
      "(a = 1 → 7: This group has no ) behind it.",
      "a = 1) → 6: This ) closes nothing.",
      "a = "x → 5: This string has no closing quote.",
      "a = 'x' → 5: Strings are written in double quotes, as in JSON.",
      "a = Drama → 5: A text is written in double quotes: "Drama".",
      "a in "x" → 6: Here a list is missing, such as ("a", "b").",
      "a between 1 → 12: between wants two values: between 1 and 5.",
      "or = 1 → 1: A condition begins with a field; one that is called "or" is written \`or\`.",
      "\`a = 1 → 1: This \` has no other one behind it.",
      "a = "\\x" → 5: This string is none of JSON: write a \\ as \\\\ and a line break as \\n.",
      "a[-1] = 1 → 3: Write a name in double quotes or a position from 0 here.",
      "[0] = 1 → 2: A path begins with a name in double quotes: ["x.y"].",
      "a[0 = 1 → 5: This [ has no ] behind it.",
      "@colour = 1 → 2: Behind an @ comes what S3 knows of an object: @key, @size, @etag, @last_modified, @storage_class, @version, @tag.NAME, @any "WORD".",
      "@tag = 1 → 6: Which tag? Write @tag.reviewed, or @tag["odd name"].",
      "@any 1 → 6: @any wants a word in double quotes.",
      "a = [1, 2 → 10: Here a comma or ] is missing.",
      "a = {"x" 1} → 10: Behind the name a : is missing.",
      "list length "x" → 13: Here an operator is missing. The operators are = != > >= < <= in not_in like not_like regex starts_with exists not_exists between not_between contains ends_with is_empty any_of all_of length within_last type_is.",
      "at within_last 7 lus → 16: within_last wants a span such as 7 days; units are minutes, hours, days, weeks, months, years.",
      "a type_is integer → 11: type_is wants one of string, number, boolean, list, object, null.",
      "a = 1 /* and b = 2 → 19: What is off has no */ behind it.",
      "a = 1 */ → 7: This */ ends nothing.",
      "a ? 1 → 3: "?" means nothing here.",
      "(((((((((((((((((((( → 102: Groups nest more than 100 deep. Flatten them.",
    ]
  `);
});

test('members of a value are written by their names, in whatever order they stand', () => {
  const { where } = parseQuery(`{"where": {"combinator": "and", "rules": [
    {"field": "a", "operator": "length", "value": {"value": 3, "operator": ">"}},
    {"field": "b", "operator": "within_last", "value": {"unit": "days", "count": 7}}]}}`);
  expect(printWhere(where ?? { combinator: 'and', rules: [] })).toBe('a length > 3 and b within_last 7 days');
});

test('2,000 random trees are the same after they were written and read, as text and as JSON', () => {
  const random = seeded(7);
  const { pick, query } = randomQueries(random, {
    values: [...ODD_VALUES, ...ODDEST_VALUES],
    fields: [
      ...FIELDS,
      'odd name',
      '',
      '`',
      'and',
      'a-b',
      '-a',
      '2',
      'ключ',
      'a.',
      'NaN',
      'Infinity',
      'a"b',
      '@size',
      '__proto__',
    ],
    patterns: ['^a', '(', '"'],
    likes: ['%', '/* x */'],
    operators: OPERATORS,
    read: readValue,
  });
  const places = [
    { object: 'size' },
    { object: 'storage_class' },
    { tag: 'a' },
    { tag: 'odd tag' },
    { tag: '' },
    { path: ['or', 0] },
    { path: ['a.b', 'c d', 2, '__proto__'] },
  ] as const;
  const changed = (rule: Rule): Rule => {
    const off = random() < 0.1 ? { off: true } : {};
    if (isGroup(rule)) {
      const { combinator, not, rules } = rule;
      return { combinator, ...(not === true ? { not } : {}), rules: rules.map(changed), ...off };
    }
    if (random() < 0.1) return { any: pick(['a', '"', '*/', ' ']), ...off };
    if ('any' in rule || random() < 0.7) return rule;
    const { operator, value } = rule;
    return { ...pick(places), operator, ...(value === undefined ? {} : { value }), ...off };
  };
  for (let count = 0; count < 2_000; count += 1) {
    const { where } = query();
    if (where === undefined) throw new Error('A random query has conditions.');
    const tree = changed(where);
    const text = printWhere(tree);
    expect(parseWhere(text), text).toEqual(tree);
    // The words of a pattern are checked where it is run.
    if (!text.includes('regex "("') && !text.includes('regex "\\""') && !text.includes('@any " "'))
      expect(parseQuery(queryJson({ where: tree })).where, text).toEqual(tree);
  }
});
