import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IndexSource } from '../../../electron/engine/index/collection-index.ts';
import type { S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { type IndexWorld, startIndexWorld } from './support/index-world.ts';

let world: IndexWorld;
beforeAll(async () => {
  world = await startIndexWorld();
});
afterAll(() => world.stop());

async function fill(collection: string, from: number, bodies: readonly string[]): Promise<void> {
  await Promise.all(
    bodies.map((body, row) => world.put(`${collection}/${String(from + row).padStart(4, '0')}.json`, body)),
  );
}

async function ids(source: IndexSource, query: unknown): Promise<readonly string[]> {
  const opened = await world.open(source, query);
  const page = await world.indexes.page(opened.result, 0, 1_000);
  return page.ids;
}

test('a field that few records have is searched and sorted by in their bodies, and in columns once more have it', async () => {
  await fill(
    'rare',
    0,
    Array.from({ length: 1_000 }, (_, row) =>
      JSON.stringify({ row, ...(row % 250 === 3 ? { rare: { n: row } } : {}) }),
    ),
  );
  const source = world.source('rare');
  const exists = { where: { field: 'rare.n', operator: 'exists' } };
  const above = { where: { field: 'rare.n', operator: '>', value: 300 } };
  const sorted = { sort: [{ field: 'rare.n', direction: 'desc' }], limit: 5 };
  const both = {
    where: { combinator: 'and', not: true, rules: [exists.where, { field: 'row', operator: '<', value: 998 }] },
  };
  const before = [
    await ids(source, exists),
    await ids(source, above),
    await ids(source, sorted),
    await ids(source, both),
  ];
  await fill(
    'rare',
    1_000,
    Array.from({ length: 30 }, (_, row) => `{"rare":{"n":${String(row * 1.5)}},"row":-1}`),
  );
  await world.open(source, {}, 'forced');
  const fromColumns = await world.open(source, exists);
  expect({
    before,
    after: fromColumns.total,
    above: await ids(source, above),
    sorted: await ids(source, sorted),
  }).toEqual({
    before: [
      ['0003', '0253', '0503', '0753'],
      ['0503', '0753'],
      ['0753', '0503', '0253', '0003', '0000'],
      [...Array.from({ length: 998 }, (_, row) => row).filter((row) => row % 250 !== 3), 998, 999].map((row) =>
        String(row).padStart(4, '0'),
      ),
    ],
    after: 34,
    above: ['0503', '0753'],
    sorted: ['0753', '0503', '0253', '1029', '1028'],
  });
});

test('a field beyond the columns that an index may have is found all the same', async () => {
  const names = Array.from({ length: 240 }, (_, field) => `f${String(field)}`);
  await fill(
    'beyond',
    0,
    Array.from({ length: 6 }, (_, row) => JSON.stringify(Object.fromEntries(names.map((name) => [name, row])))),
  );
  const source = world.source('beyond');
  expect(await ids(source, { where: { field: 'f239', operator: 'in', value: [2, 4] } })).toEqual(['0002', '0004']);
});

test('two fields whose names differ in case only, and names that look like SQL, are told apart', async () => {
  await fill('names', 0, ['{"Name":1,"name":2}', '{"Name":2,"name":1}', '{"\\"; DROP TABLE records; --":1}']);
  const source = world.source('names');
  expect([
    await ids(source, { where: { field: 'Name', operator: '=', value: 1 } }),
    await ids(source, { where: { field: 'name', operator: '=', value: 1 } }),
    await ids(source, { where: { field: '"; DROP TABLE records; --', operator: 'exists' } }),
    await ids(source, {}),
  ]).toEqual([['0000'], ['0001'], ['0002'], ['0000', '0001', '0002']]);
});

test('objects that are no records match no condition, not even a negated one, and stand in results without conditions', async () => {
  await fill('unreadable', 0, ['{"a":1}', '{"a":', '{"b":1}']);
  const source = world.source('unreadable');
  const missing = { field: 'a', operator: 'not_exists' };
  expect([
    await ids(source, { where: missing }),
    await ids(source, { where: { combinator: 'and', not: true, rules: [{ field: 'a', operator: '=', value: 5 }] } }),
    await ids(source, { where: { field: 'id', operator: 'starts_with', value: '000' } }),
    await ids(source, { sort: [{ field: 'a', direction: 'desc' }] }),
    (await world.open(source, { where: missing })).unreadable,
  ]).toEqual([['0002'], ['0000', '0002'], ['0000', '0002'], ['0000', '0001', '0002'], 1]);
});

test('limit, offset and selected fields: whole rows have them in the order asked for', async () => {
  await fill(
    'window',
    0,
    Array.from({ length: 9 }, (_, row) => `{"a":${String(row)},"b":"x","c.d":NaN,"c":[1,\n2]}`),
  );
  const source = world.source('window');
  const opened = await world.open(source, {
    sort: [{ field: 'a', direction: 'desc' }],
    offset: 2,
    limit: 3,
    select: ['c', 'none', 'c.x', 'a', 'c.d'],
  });
  expect([
    opened.total,
    opened.records,
    opened.columns.map(({ name }) => name),
    (await world.indexes.rows(opened.result, 1, 5)).map(({ id, fields, metadata }) => [id, fields, metadata]),
  ]).toEqual([
    3,
    9,
    ['c', 'a', 'c.d'],
    [
      ['0005', '{"c": [1,\n2], "a": 5, "c.d": NaN}', null],
      ['0004', '{"c": [1,\n2], "a": 4, "c.d": NaN}', null],
    ],
  ]);
});

test('a hundred thousand values are looked for, also 20,000 as alternatives; too many conditions are refused', async () => {
  await fill(
    'many',
    0,
    Array.from({ length: 50 }, (_, row) => JSON.stringify({ row, name: `n${String(row)}` })),
  );
  const source = world.source('many');
  await world.open(source, {});
  const names = Array.from({ length: 100_000 }, (_, row) => `n${String(row * 2)}`);
  const numbers = Array.from({ length: 20_000 }, (_, row) => ({ field: 'row', operator: '=', value: row + 30 }));
  const counts = [
    { field: 'name', operator: 'in', value: names },
    { field: 'name', operator: 'not_in', value: names },
    { combinator: 'or', rules: numbers },
    { combinator: 'or', not: true, rules: [{ field: 'row', operator: '=', value: 'n2' }, ...numbers] },
  ].map(async (where) => (await world.open(source, { where })).total);
  expect(await Promise.all(counts)).toEqual([25, 25, 20, 30]);
  const apart = numbers.map(({ value }) => ({ field: 'row', operator: '>', value }));
  await expect(world.open(source, { where: { combinator: 'or', rules: apart } })).rejects.toMatchObject({
    error: { code: 'invalid-query', detail: { path: 'where' } },
  });
});

test('a pattern that would take for ever is given up within seconds, wherever its texts are, and the index lives on', async () => {
  const evil = `${'a'.repeat(60)}b`;
  // Nearly the last, so that it is rare in whatever batch it comes: a field that few records have has no column.
  const bodies = Array.from({ length: 400 }, (_, row) =>
    JSON.stringify({ name: `${String(row)}${evil}`, list: [evil], ...(row === 399 ? { rare: evil } : {}) }),
  );
  await fill('evil', 0, bodies);
  const source = world.source('evil');
  await world.open(source, {});
  const started = world.spawner.started();
  // RE2, which has `name`, takes no time; the look-ahead is beyond it.
  expect(await ids(source, { where: { field: 'name', operator: 'regex', value: '(a+)+$' } })).toEqual([]);
  for (const where of [
    { field: 'rare', operator: 'regex', value: '(a+)+$' },
    { path: ['list', 0], operator: 'regex', value: '(a+)+$' },
    { field: 'name', operator: 'regex', value: '(?:(?=a)a+)+$' },
    { object: 'key', operator: 'regex', value: '(?:(?=[a-z])[a-z0-9/.]+)+!$' },
  ]) {
    const begun = performance.now();
    const answer = world.open(source, { where });
    if ('object' in where) expect((await answer).total).toBe(0);
    else await expect(answer, JSON.stringify(where)).rejects.toMatchObject({ error: { code: 'pattern-refused' } });
    // Without an end it would be years.
    expect(performance.now() - begun).toBeLessThan(20_000);
  }
  const found = await ids(source, { where: { field: 'name', operator: 'regex', value: '^(?=7a).*b$' } });
  expect([found, world.spawner.started()]).toEqual([['0007'], started]);
});

test('a query that is wrong asks S3 nothing and says where it is wrong', async () => {
  const listed: string[] = [];
  const client: S3Client = {
    ...world.client,
    listAllObjectsAtOnce: (bucket, options) => {
      listed.push(bucket);
      return world.client.listAllObjectsAtOnce(bucket, options);
    },
  };
  const source = world.source('wrong', { client });
  await expect(world.open(source, { where: { field: 'a', operator: 'nearly', value: 1 } })).rejects.toMatchObject({
    error: { code: 'invalid-query', detail: { path: 'where.operator' } },
  });
  expect(listed).toEqual([]);
});

test('a query that is cancelled stops waiting; the sync that it began goes on', async () => {
  await fill(
    'cancelled',
    0,
    Array.from({ length: 50 }, (_, row) => `{"a":${String(row)}}`),
  );
  const controller = new AbortController();
  const client: S3Client = {
    ...world.client,
    getObject: async (bucket, key, options) => {
      controller.abort();
      return world.client.getObject(bucket, key, options);
    },
  };
  const source = world.source('cancelled', { client });
  await expect(world.indexes.open(source, '{}', 'complete', controller.signal)).rejects.toMatchObject({
    error: { code: 'aborted' },
  });
  const opened = await world.open(source, {});
  expect([opened.total, opened.statistics.requests]).toEqual([50, { ListObjectsV2: 1, GetObject: 50 }]);
});
