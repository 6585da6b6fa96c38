import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OpenedQuery } from '../../../shared/page.ts';
import type { FieldSortKey } from '../../../shared/query.ts';
import { AppFailure } from '../../../shared/result.ts';
import { type IndexWorld, startIndexWorld } from './support/index-world.ts';

let world: IndexWorld;
const signal = new AbortController().signal;
const LIMITS = { milliseconds: 20_000, rows: 1_000 };

beforeAll(async () => {
  world = await startIndexWorld();
  const put = (id: string, record: unknown): Promise<unknown> => world.put(`staff/${id}.json`, JSON.stringify(record));
  await put('ann', {
    Name: 'Ann',
    name: 'ann',
    department: 'Engineering',
    age: 41,
    since: '2020-02-03',
    seen: '2024-05-06T07:08:09',
    size: 'large',
    rating: 4.5,
    number: 12_345_678_901,
    mixed: 'x',
    tags: ['a', 'b'],
    'odd name': 1,
    "it's": true,
  });
  await put('bob', { department: 'Sales', age: 30, since: '2021-01-01', rating: 3, mixed: 7, tags: [], 'odd name': 2 });
  await put('cy', { department: 'Engineering', age: 25, tags: null, mixed: { deep: null }, address: { city: 'Bern' } });
  await world.put('staff/broken.json', 'no JSON');
  await world.open(world.source('staff'), {});
});

afterAll(() => world.stop());

function open(statement: string, limits = LIMITS): Promise<OpenedQuery> {
  return world.indexes.openSql(world.source('staff'), statement, signal, limits);
}

async function rows(statement: string): Promise<readonly unknown[]> {
  const opened = await open(statement);
  const found = await world.indexes.rows(opened.result, 0, 1_000);
  await world.indexes.close(opened.result);
  return found.map(({ fields }): unknown => JSON.parse(fields ?? 'null'));
}

async function refused(statement: string, limits = LIMITS): Promise<string> {
  try {
    await open(statement, limits);
  } catch (error) {
    if (error instanceof AppFailure) return `${error.error.code}: ${error.error.message}`;
    throw error;
  }
  return 'it ran';
}

test('what S3 Select is asked runs as it is', async () => {
  expect(await rows("SELECT * FROM S3Object WHERE department = 'Engineering'")).toMatchObject([
    { id: 'ann', key: 'staff/ann.json', etag: expect.stringMatching(/^[0-9a-f]{32}$/), age: 41 },
    { id: 'cy', key: 'staff/cy.json', department: 'Engineering', age: 25 },
  ]);
  expect(
    await rows(`select s.department, s."odd name" from S3Object s where s."odd name" > 1; -- the second one`),
  ).toEqual([{ department: 'Sales', 'odd name': 2 }]);
});

test('a prefix without records is a table without rows', async () => {
  const nobody = world.source('nobody');
  await world.open(nobody, {});
  expect((await world.indexes.sqlColumns(nobody)).map(({ name }) => name)).toContain('id');
  expect(await world.indexes.openSql(nobody, 'SELECT id FROM S3Object', signal, LIMITS)).toMatchObject({ total: 0 });
});

test('fields have the types of their values', async () => {
  const columns = await world.indexes.sqlColumns(world.source('staff'));
  expect(Object.fromEntries(columns.map(({ name, type, field }) => [name, `${type} ${String(field)}`]))).toEqual({
    id: 'VARCHAR null',
    key: 'VARCHAR null',
    size: 'BIGINT null',
    etag: 'VARCHAR null',
    last_modified: 'TIMESTAMP null',
    storage_class: 'VARCHAR null',
    Name: 'VARCHAR Name',
    name_2: 'VARCHAR name',
    department: 'VARCHAR department',
    age: 'HUGEINT age',
    since: 'DATE since',
    seen: 'TIMESTAMP seen',
    size_2: 'VARCHAR size',
    rating: 'DOUBLE rating',
    number: 'HUGEINT number',
    mixed: 'VARCHAR mixed',
    tags: 'JSON tags',
    'odd name': 'HUGEINT odd name',
    "it's": "BOOLEAN it's",
    address: 'JSON address',
    body: 'VARCHAR null',
  });
  expect(
    await rows(`SELECT mixed, tags, address, "it's", name_2, seen, since, number, rating, size_2, body->>'$.age' AS a
      FROM records ORDER BY id`),
  ).toEqual([
    {
      mixed: 'x',
      tags: ['a', 'b'],
      address: null,
      "it's": true,
      name_2: 'ann',
      seen: '2024-05-06T07:08:09',
      since: '2020-02-03',
      number: 12_345_678_901,
      rating: 4.5,
      size_2: 'large',
      a: '41',
    },
    {
      mixed: '7',
      tags: [],
      address: null,
      "it's": null,
      name_2: null,
      seen: null,
      since: '2021-01-01',
      number: null,
      rating: 3,
      size_2: null,
      a: '30',
    },
    expect.objectContaining({ mixed: '{"deep":null}', address: { city: 'Bern' } }),
  ]);
});

test('null and what is not there are NULL', async () => {
  expect(await rows('SELECT id FROM records WHERE tags IS NULL')).toEqual([{ id: 'cy' }]);
  expect(await rows('SELECT id FROM records WHERE address IS NULL ORDER BY id')).toEqual([
    { id: 'ann' },
    { id: 'bob' },
  ]);
});

test('a name that was taken is said where it matters', async () => {
  const sizes = await open('SELECT size FROM records');
  const ages = await open('SELECT age FROM records');
  expect([sizes.notes, ages.notes]).toEqual([['The field "size" is the column "size_2".'], []]);
});

test('values of every type cross', async () => {
  const [row] =
    await rows(`SELECT 170141183460469231731687303715884105727::HUGEINT::VARCHAR AS h, 12.50::DECIMAL(5,2) AS d,
    1e-7 AS e, [1, NULL] AS l, {'a': 'b'} AS s, MAP {'k': 1} AS m, NULL AS n, 'x'::ENUM('x') AS u, INTERVAL 3 DAY AS i,
    TIMESTAMPTZ '2024-01-05 10:00:00+02' AS z, '{"j": 1}'::JSON AS j, '\\xAA'::BLOB AS b, 1 AS a, 2 AS a`);
  expect(row).toEqual({
    h: '170141183460469231731687303715884105727',
    d: 12.5,
    e: 1e-7,
    l: [1, null],
    s: { a: 'b' },
    m: { k: 1 },
    n: null,
    u: 'x',
    i: '3 days',
    z: '2024-01-05T08:00:00Z',
    j: { j: 1 },
    b: '\\xAA',
    a: 1,
    'a:1': 2,
  });
});

test('common expressions, joins, windows, DESCRIBE and SUMMARIZE work', async () => {
  expect(
    await rows(`WITH old AS (SELECT * FROM records WHERE age > 26), RECURSIVE_ AS (SELECT 1)
      SELECT o.id, count(*) OVER () AS n FROM old o JOIN S3Object s USING (id), range(2) t(i) ORDER BY o.id, n LIMIT 1`),
  ).toEqual([{ id: 'ann', n: 4 }]);
  expect(
    await rows('WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT max(n) AS m FROM r'),
  ).toEqual([{ m: 3 }]);
  expect(await rows('DESCRIBE records')).toHaveLength(21);
  expect(await rows('SUMMARIZE SELECT age FROM records')).toMatchObject([{ column_name: 'age', max: '41' }]);
});

test.each([
  ["FROM read_csv('/etc/passwd')", /read_csv\(\) cannot be read here/],
  ["SELECT * FROM read_text('/etc/passwd')", /read_text\(\) cannot be read here/],
  ["SELECT * FROM glob('/*')", /glob\(\) cannot be read here/],
  ["SELECT * FROM '/etc/passwd'", /There is no table "\/etc\/passwd" here/],
  ['SELECT * FROM duckdb_secrets()', /duckdb_secrets\(\) cannot be read here/],
  ['SELECT * FROM duckdb_settings()', /duckdb_settings\(\) cannot be read here/],
  ["SELECT * FROM query('SELECT 1')", /query\(\) cannot be read here/],
  ['SELECT * FROM force_checkpoint()', /force_checkpoint\(\) cannot be read here/],
  ["SELECT getenv('HOME')", /getenv does not exist/],
  ["SELECT current_setting('memory_limit')", /current_setting\(\) cannot be called here/],
  ["SELECT error('corrupt, checksum, no space left')", /corrupt, checksum/],
  ["SELECT write_log('x')", /write_log\(\) cannot be called here/],
  ["COPY records TO '/tmp/stolen.csv'", /Only a SELECT/],
  ["ATTACH '/tmp/other.duckdb'", /Only a SELECT/],
  ['INSTALL httpfs', /Only a SELECT/],
  ['LOAD httpfs', /Only a SELECT/],
  ['PRAGMA database_list', /Only a SELECT/],
  ['CALL pragma_version()', /Only a SELECT/],
  ['SET threads = 1', /Only a SELECT/],
  ["EXPORT DATABASE '/tmp/x'", /Only a SELECT/],
  ['CREATE TABLE mine AS SELECT 1', /Only a SELECT/],
  ["INSERT INTO records VALUES ('x')", /Only a SELECT/],
  ['DELETE FROM records', /Only a SELECT/],
  ['COMMIT', /Only a SELECT/],
  ['SHOW TABLES', /write DESCRIBE records/],
  ['SELECT 1; SELECT 2', /more than one statement/],
  ['SELECT 1; DROP TABLE objects', /more than one statement|Only a SELECT/],
  ['  -- nothing', /There is no statement/],
  ['SELECT * FROM objects', /There is no table "objects" here/],
  ['SELECT * FROM main.records', /There is no table "records" here/],
  ['SELECT * FROM duckdb_tables', /There is no table/],
  ['SELECT (SELECT count(*) FROM meta)', /There is no table "meta" here/],
  ['WITH objects AS (SELECT * FROM objects) SELECT * FROM objects', /There is no table "objects" here/],
  ['SELECT * FROM (WITH meta AS (SELECT 1) SELECT * FROM meta), meta', /There is no table "meta" here/],
  ['SELECT * FROM records WHERE age > ?', /nothing to bind/],
])('%s is refused', async (statement, reason) => {
  expect(await refused(statement)).toMatch(reason);
  expect(await refused(statement)).toMatch(/^invalid-query: /);
});

test('what is wrong is said with its line and column', async () => {
  expect(await refused('SELECT id\nFORM records x')).toMatch(/^invalid-query: Line 2, column \d+: syntax error/);
  expect(await refused("SELECT 'üü',\n  ages FROM records")).toMatch(
    /^invalid-query: Line 2, column 3: .*"ages" not found/,
  );
  expect(await refused(`SELECT id, ${'age, '.repeat(40)}ages, ${'age, '.repeat(40)}1 FROM records`)).toMatch(
    /^invalid-query: Line 1, column 212: .*"ages" not found/,
  );
  expect(await refused("SELECT 'ü', * FROM\nobjects")).toMatch(/^invalid-query: Line 2, column 1: There is no table/);
  expect(await refused('SELECT department::INT FROM records')).toMatch(/column 18: Could not convert string/);
});

test('a statement that runs too long is stopped, and one that nobody waits for', async () => {
  const endless = 'SELECT count(*) FROM range(100000000000)';
  expect(await refused(endless, { ...LIMITS, milliseconds: 300 })).toBe(
    'timed-out: The statement ran for 0.3 seconds and was stopped. Narrow it, or ask for less at once.',
  );
  const stop = new AbortController();
  const running = world.indexes.openSql(world.source('staff'), endless, stop.signal, LIMITS);
  const started = performance.now();
  stop.abort();
  await expect(running).rejects.toMatchObject({ error: { code: 'aborted' } });
  expect(performance.now() - started).toBeLessThan(1_000);
  expect(await rows('SELECT count(*) AS n FROM records')).toEqual([{ n: 3 }]);
});

test('an answer that is too long is cut, and says so; its rows stand in order', async () => {
  const statement = "SELECT i, 'k' || i AS key FROM range(5000) t(i) ORDER BY i DESC";
  const opened = await open(statement, { ...LIMITS, rows: 3_000 });
  expect(opened).toMatchObject({ total: 3_000, notes: ['Only the first 3,000 rows are kept.'] });
  const page = await world.indexes.page(opened.result, 2_990, 1_000);
  expect(page.keys).toHaveLength(10);
  expect(page.keys.at(-1)).toBe('k2000');
  expect(page.columns[0]).toMatchObject({
    kinds: 'n'.repeat(10),
    texts: ['2009', '2008', '2007', '2006', '2005', '2004', '2003', '2002', '2001', '2000'],
  });
  const all = await open(statement, { ...LIMITS, rows: 5_000 });
  expect(all).toMatchObject({ total: 5_000, notes: [] });
});

test('a row with an id is of its record, also without its key', async () => {
  const opened = await open('SELECT id FROM records ORDER BY id');
  expect(await world.indexes.page(opened.result, 1, 2)).toMatchObject({
    ids: ['bob', 'cy'],
    keys: ['staff/bob.json', 'staff/cy.json'],
  });
});

test('an answer stands while records change, and cannot be what a job works on', async () => {
  const opened = await open('SELECT id, age FROM records');
  await world.put('staff/dan.json', '{"age": 1}');
  await world.open(world.source('staff'), {}, 'forced');
  expect((await world.indexes.page(opened.result, 0, 10)).ids).toHaveLength(3);
  expect(await rows('SELECT count(*) AS n FROM records')).toEqual([{ n: 4 }]);
  await expect(world.indexes.listRecords(opened.result, 'staff').next()).rejects.toMatchObject({
    error: { code: 'invalid-arguments' },
  });
});

test('records of dataknobs are read through their fields, whatever their form', async () => {
  const source = world.source('known', { codec: 'dataknobs' });
  await world.put(
    'known/new.json',
    JSON.stringify({ fields: { a: { value: [1], type: 'json' }, b: { value: 'x' }, "c'/~": 1 } }),
  );
  await world.put('known/old.json', JSON.stringify({ data: { a: { v: 2 }, b: 'y' }, metadata: {} }));
  await world.put('known/flat.json', JSON.stringify({ a: null, b: 'z', "c'/~": 'text' }));
  await world.open(source, {});
  const opened = await world.indexes.openSql(source, 'SELECT id, a, b, "c\'/~" AS c FROM records ORDER BY id', signal);
  const found = await world.indexes.rows(opened.result, 0, 10);
  expect(found.map(({ fields }): unknown => JSON.parse(fields ?? ''))).toEqual([
    { id: 'flat', a: null, b: 'z', c: 'text' },
    { id: 'new', a: [1], b: 'x', c: '1' },
    { id: 'old', a: { v: 2 }, b: 'y', c: null },
  ]);
});

test('an answer is sorted by its columns, in their own kinds, and has its own order again', async () => {
  const { result } = await open(
    "SELECT id, age, rating, department FROM records WHERE id IN ('ann', 'bob', 'cy') ORDER BY age DESC",
  );
  const sorted = async (...sort: readonly FieldSortKey[]): Promise<readonly string[]> => {
    await world.indexes.sortSql(result, sort);
    const page = await world.indexes.page(result, 1, 2);
    // Rows name their records wherever they stand, and a page begins where it is asked for.
    expect(page.keys).toEqual(page.columns[0]?.texts.map((id) => `staff/${id}.json`));
    return (await world.indexes.rows(result, 0, 10)).map(({ id }) => id);
  };
  expect(await sorted({ field: 'age', direction: 'asc' })).toEqual(['cy', 'bob', 'ann']);
  expect(await sorted({ field: 'rating', direction: 'desc' })).toEqual(['ann', 'bob', 'cy']);
  expect(await sorted({ field: 'rating', direction: 'asc' })).toEqual(['bob', 'ann', 'cy']);
  expect(await sorted({ field: 'department', direction: 'asc' }, { field: 'id', direction: 'desc' })).toEqual([
    'cy',
    'ann',
    'bob',
  ]);
  expect(await sorted()).toEqual(['ann', 'bob', 'cy']);
  await expect(sorted({ field: 'wages', direction: 'asc' })).rejects.toThrow('no column "wages"');
  const query = await world.open(world.source('staff'), {});
  await expect(world.indexes.sortSql(query.result, [])).rejects.toThrow('sorted by the query itself');
});
