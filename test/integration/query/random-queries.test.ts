import { afterAll, beforeAll, expect, test } from 'vitest';
import { readJson } from '../../../shared/json/read-json.ts';
import { OPERATORS } from '../../../shared/query.ts';
import { queryJson } from '../../../shared/query-text/query-json.ts';
import { evaluatedIds } from './support/evaluated-query.ts';
import { type KeyedRecord, QueryTable } from './support/query-table.ts';
import { FIELDS, ODD_VALUES, ODDEST_VALUES, randomQueries, readValue, seeded } from './support/random-queries.ts';

const NASTY_FIELDS = ['"; drop table records; --', "' OR 1=1", 'A', 'a\u0000', '?', '$1', 'é', ''];
const PATTERNS = [
  'a',
  '^a',
  'b$',
  '^$',
  '\\d',
  '\\w\\b',
  '\\bb',
  '(?i)A',
  '[^a]',
  '(?s)a.b',
  'a.b',
  '^(?!.*b)',
  '\\W',
  'x|b$',
  '(?i)ς',
  '\\s',
];
const LIKES = ['a%', '%b', 'A_B', '%', '_', '', 'a\\b', '%σ%', 'k', 'ﬀ', '%.%', 'Ä', '_%_', '2024%', '?', '%%b'];

const random = randomQueries(seeded(20_261_125), {
  values: [...ODD_VALUES, ...ODDEST_VALUES],
  fields: [...FIELDS, ...NASTY_FIELDS, ...NASTY_FIELDS.map((name) => `c.${name}`)],
  patterns: PATTERNS,
  likes: LIKES,
  operators: OPERATORS,
  read: readValue,
});

function members(text: string): KeyedRecord['fields'] {
  const node = readJson(text);
  return node.kind === 'object' ? node.members : [];
}

function nasty(): KeyedRecord['fields'] {
  const pairs = NASTY_FIELDS.map((name) => `${JSON.stringify(name)}: ${random.pick(ODD_VALUES)}`).join(', ');
  return members(`{${pairs}, "c": {${pairs}, "x": ${random.pick(ODDEST_VALUES)}}}`);
}

const records = Array.from({ length: 400 }, (_, index): KeyedRecord => {
  const id = index % 50 === 0 ? `2024-01-0${index / 50 + 1}` : `r${index}`;
  return {
    key: `records/${id}.json`,
    id,
    fields: index % 10 === 0 ? nasty() : members(random.fields()),
    metadata: members(random.metadata()),
  };
});
const tables: QueryTable[] = [];

beforeAll(async () => {
  tables.push(await QueryTable.of(records, () => true));
  tables.push(await QueryTable.of(records, ({ path }) => path.length > 1 || path[0] === 'a'));
});
afterAll(() => {
  for (const table of tables) table.close();
});

test('300 random trees over fields with hostile names have one answer, from columns and from bodies', async () => {
  let found = 0;
  for (let index = 0; index < 300; index++) {
    const query = random.query();
    const expected = evaluatedIds(query, records);
    const shown = queryJson(query);
    for (const table of tables) expect(await table.ids(query), shown).toEqual(expected);
    if (expected.length > 0 && expected.length < records.length) found++;
  }
  // Most of them tell records apart: a query that finds all or nothing proves little.
  expect(found).toBeGreaterThan(100);
});
