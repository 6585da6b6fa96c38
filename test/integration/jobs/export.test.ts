import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { Zstd } from '@hpcc-js/wasm-zstd';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { EXPORT_DEFAULTS, type ExportForm, type ExportManifest } from '../../../shared/export.ts';
import { hasEnded, type Job } from '../../../shared/job.ts';
import { BUCKET, COLLECTION, collectionOf, startJobsWorld, type JobsWorld } from './support/jobs-world.ts';

let world: JobsWorld;
let folder: string;

beforeAll(async () => {
  world = await startJobsWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dipper-export-'));
  return () => rm(folder, { recursive: true, force: true });
});

/** A collection of its own with these objects, by their names; texts as they are. */
async function fill(prefix: string, objects: Readonly<Record<string, unknown>>, changes = {}): Promise<void> {
  world.collections.set(COLLECTION, collectionOf({ prefix, ...changes }));
  await world.engine.forgetIndex(COLLECTION);
  await Promise.all(
    Object.entries(objects).map(([name, value]) =>
      world.client.putObject(
        BUCKET,
        `${prefix}${name}`,
        Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
        {},
      ),
    ),
  );
  const read = await world.start({ kind: 'sync', collection: COLLECTION, rebuild: false });
  await world.wait(read.id, ({ state }) => hasEnded(state));
}

async function runExport(name: string, form: Partial<ExportForm>, query: object = {}): Promise<Job> {
  const started = await world.start({
    kind: 'export',
    collection: COLLECTION,
    query: JSON.stringify(query),
    form: { ...EXPORT_DEFAULTS, format: 'ndjson', ...form },
    target: { path: join(folder, name), overwrite: false },
  });
  return world.wait(started.id, ({ state }) => hasEnded(state) || state === 'paused');
}

/** What DuckDB reads of a file. */
async function ask(sql: string): Promise<unknown> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const text = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');

async function manifest(name: string): Promise<ExportManifest> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is what is looked at
  return JSON.parse(await text(`${name}.manifest.json`)) as ExportManifest;
}

test('records become lines of NDJSON, digits and order as they are, the id before them', async () => {
  await fill('lines/', {
    'b.json': '{"n": 9007199254740993, "x": 1.0}',
    'a.json': '{\n  "n": 1,\n  "text": "two\\nlines"\n}',
    'c.json': '{}',
  });
  const job = await runExport('all.ndjson', {});
  expect(job).toMatchObject({ state: 'completed', counts: { total: 3, done: 3, failed: 0 } });
  expect(await text('all.ndjson')).toBe(
    '{"id":"a","n":1,"text":"two\\nlines"}\n{"id":"b","n": 9007199254740993, "x": 1.0}\n{"id":"c"}\n',
  );
  expect(await readdir(folder)).toEqual(['all.ndjson', 'all.ndjson.manifest.json']);
  expect(await manifest('all.ndjson')).toMatchObject({ format: 'ndjson', records: 3, idColumn: 'id', codec: 'plain' });
});

test('a dataknobs record becomes its fields, with id and metadata as members of their own', async () => {
  await fill(
    'dataknobs/',
    {
      'a.json':
        '{"id":"a","fields":{"id":{"name":"id","value":17,"type":"integer"},"title":{"name":"title","value":"A","type":"string"}},"metadata":{"by":"x"}}',
    },
    { codec: 'dataknobs' },
  );
  expect((await runExport('all.ndjson', {})).state).toBe('completed');
  expect(await text('all.ndjson')).toBe('{"_id":"a","id":17,"title":"A","metadata":{"by":"x"}}\n');
  expect((await runExport('bare.json', { format: 'json', withId: false, withMetadata: false })).state).toBe(
    'completed',
  );
  expect(await text('bare.json')).toBe('[\n{"id":17,"title":"A"}\n]\n');
});

test('chosen fields stand in their order, in every format; conditions and limits hold', async () => {
  await fill('fields/', { 'a.json': '{"x":1,"y":{"z": [1, 2]}}', 'b.json': '{"y":null,"x":2}', 'c.json': '{"x":3}' });
  const query = {
    where: { field: 'x', operator: '<', value: 3 },
    sort: [{ field: 'x', direction: 'desc' }],
    select: ['y', 'x'],
  };
  for (const [name, format] of [
    ['q.ndjson', 'ndjson'],
    ['q.csv', 'csv'],
  ] as const) {
    expect((await runExport(name, { format, withId: false }, query)).counts).toMatchObject({ total: 2, done: 2 });
  }
  expect(await text('q.ndjson')).toBe('{"y":null,"x":2}\n{"y":{"z": [1, 2]},"x":1}\n');
  expect(await text('q.csv')).toBe('y,x\r\nnull,2\r\n"{""z"": [1, 2]}",1\r\n');
});

test('compressed files are whole ones, of any tool', async () => {
  await fill('packed/', { 'a.json': { n: 1 } });
  for (const [name, compression] of [
    ['all.ndjson.gz', 'gzip'],
    ['all.ndjson.zst', 'zstd'],
  ] as const) {
    expect((await runExport(name, { compression })).state).toBe('completed');
  }
  const line = '{"id":"a","n":1}\n';
  expect(gunzipSync(await readFile(join(folder, 'all.ndjson.gz'))).toString()).toBe(line);
  const zstd = await Zstd.load();
  expect(Buffer.from(zstd.decompress(await readFile(join(folder, 'all.ndjson.zst')))).toString()).toBe(line);
});

test('Parquet has a typed column for each field that is of one type, and JSON text for the others', async () => {
  await fill('parquet/', {
    'a.json':
      '{"i":1,"big":9007199254740993,"huge":99999999999999999999,"d":0.5,"b":true,"s":"x","m":1,"o":{"k": 1.0},"n":null}',
    'b.json': '{"i":2.0,"big":-1,"huge":1,"d":2,"b":false,"s":"2024-01-01","m":"1","o":[],"n":null}',
    'c.json': '{"s":null,"o":null}',
  });
  expect((await runExport('all.parquet', { format: 'parquet', compression: 'zstd' })).counts.done).toBe(3);
  const { columns } = await manifest('all.parquet');
  expect(Object.fromEntries(columns.map(({ name, type }) => [name, type]))).toEqual({
    i: 'integer',
    big: 'integer',
    huge: 'json',
    d: 'number',
    b: 'boolean',
    s: 'string',
    m: 'json',
    o: 'json',
    n: 'json',
  });
  expect(await ask(`SELECT * FROM '${join(folder, 'all.parquet')}' ORDER BY id`)).toEqual([
    {
      id: 'a',
      i: '1',
      big: '9007199254740993',
      huge: '99999999999999999999',
      d: 0.5,
      b: true,
      s: 'x',
      m: '1',
      o: '{"k": 1.0}',
      n: 'null',
    },
    { id: 'b', i: '2', big: '-1', huge: '1', d: 2, b: false, s: '2024-01-01', m: '"1"', o: '[]', n: 'null' },
    { id: 'c', i: null, big: null, huge: null, d: null, b: null, s: null, m: null, o: 'null', n: null },
  ]);
});

test('a file for each value of a field, and a new one after so many bytes', async () => {
  const names = Array.from({ length: 400 }, (_, n) => String(n).padStart(4, '0'));
  const records = names.map((name, n) => [`${name}.json`, { g: ['a/b', 'A', 'a', null][n % 4], t: 'x'.repeat(800) }]);
  await fill('split/', Object.fromEntries(records));
  expect((await runExport('g.csv', { format: 'csv', split: { field: 'g' } })).counts.done).toBe(400);
  const { files } = await manifest('g.csv');
  expect(files.map((name) => name.replace(/~[0-9a-f]{8}/, '~'))).toEqual([
    'g (none).csv',
    'g-A.csv',
    'g-a_b~.csv',
    'g-a~.csv',
  ]);
  for (const name of files) expect((await text(name)).split('\r\n')).toHaveLength(102);

  expect((await runExport('s.ndjson', { split: { bytes: 100_000 } })).counts.done).toBe(400);
  const parts = await manifest('s.ndjson');
  expect(parts.files).toEqual(['s-0001.ndjson', 's-0002.ndjson', 's-0003.ndjson', 's-0004.ndjson']);
  const all = await Promise.all(parts.files.map(text));
  expect(all.map(({ length }) => Math.floor(length / 100_000))).toEqual([1, 1, 1, 0]);
  const ids = all
    .join('')
    .trimEnd()
    .split('\n')
    .map((line): string => JSON.parse(line).id);
  expect(ids).toEqual(names);
});

test('each object as a file: names that every system takes, and what is no record byte by byte', async () => {
  await fill('files/', {
    'a/b.json': '{"n": 1}\n',
    'A/B.json': '{"n":2}',
    nul: '{}',
    '..': '{"up":1}',
    x: 'no record',
    'x/y': '{"y":1}',
  });
  const job = await runExport('all', { format: 'files' });
  expect(job).toMatchObject({ state: 'completed', counts: { done: 6, failed: 0 } });
  const lines = (await text('all/manifest.ndjson')).trimEnd().split('\n');
  const files = lines.map((line): { file: string; key: string } => JSON.parse(line));
  const names = files.map(({ file }) => file.toLowerCase());
  expect(new Set(names).size).toBe(6);
  expect(files.map(({ key }) => key.slice('files/'.length)).toSorted()).toEqual([
    '..',
    'A/B.json',
    'a/b.json',
    'nul',
    'x',
    'x/y',
  ]);
  for (const { file, key } of files) {
    expect(file).not.toMatch(/(?:^|\/)(?:\.|nul$|NUL$)/);
    const { body } = await world.client.getObject(BUCKET, key, {});
    expect([key, await text(`all/${file}`)]).toEqual([key, Buffer.from(body).toString()]);
  }
});

test('what is too large for the index is read from S3, in its place; what is no record is in the report', async () => {
  const large = { t: 'x'.repeat(2_000) };
  await fill(
    'large/',
    { 'a.json': { n: 1 }, 'b.json': large, 'c.json': '{"n":', 'd.json': { n: 4 } },
    { indexSizeCap: 1_000 },
  );
  const job = await runExport('all.ndjson', {});
  expect(job).toMatchObject({ state: 'completed-with-errors', counts: { total: 4, done: 3, failed: 1 }, requests: 1 });
  const lines = (await text('all.ndjson')).trimEnd().split('\n');
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
    { id: 'a', n: 1 },
    { id: 'b', ...large },
    { id: 'd', n: 4 },
  ]);
  expect(await world.report(job.id)).toMatchObject([
    { index: 2, key: 'large/c.json', outcome: 'failed', error: { code: 'record-unreadable' } },
  ]);
});

test('an export without records is a file without records', async () => {
  await fill('none/', { 'a.json': { n: 1 } });
  const query = { where: { field: 'n', operator: '>', value: 1 } };
  for (const [name, format] of [
    ['e.ndjson', 'ndjson'],
    ['e.json', 'json'],
    ['e.csv', 'csv'],
    ['e.parquet', 'parquet'],
  ] as const) {
    expect((await runExport(name, { format }, query)).state).toBe('completed');
  }
  expect([await text('e.ndjson'), await text('e.json'), await text('e.csv')]).toEqual(['', '[\n]\n', 'id,n\r\n']);
  expect(await ask(`SELECT count(*)::INTEGER AS n FROM '${join(folder, 'e.parquet')}'`)).toEqual([{ n: 0 }]);
});

test('a file that is there stays, also where it comes while the export runs; nothing else is left', async () => {
  await fill('taken/', { 'a.json': { n: 1 } });
  await writeFile(join(folder, 'mine.csv'), 'mine');
  await expect(runExport('mine.csv', { format: 'csv' })).rejects.toMatchObject({
    error: { code: 'invalid-arguments' },
  });
  expect(world.engine.jobs.list().filter(({ kind, state }) => kind === 'export' && !hasEnded(state))).toEqual([]);
  expect([await readdir(folder), await text('mine.csv')]).toEqual([['mine.csv'], 'mine']);
});

test('an export that is cancelled leaves nothing of itself, one that fails half way can be gone on with', async () => {
  await fill('stopped/', { 'a.json': { n: 1 }, 'b.json': { t: 'x'.repeat(2_000) } }, { indexSizeCap: 1_000 });
  // What the index has not read cannot be had: the job waits for a person.
  world.sandbox.faults.set([
    { operation: 'GetObject', fault: { kind: 'answer', status: 403, code: 'InvalidAccessKeyId' } },
  ]);
  const paused = await runExport('all.ndjson', {});
  expect(paused).toMatchObject({ state: 'paused', counts: { done: 1 } });
  expect(await readdir(folder)).toEqual([expect.stringMatching(/^all\.ndjson\.[0-9a-f]{8}\.part$/)]);
  const other = await runExport('other.parquet', { format: 'parquet' });
  await world.engine.jobs.cancel(other.id);
  expect((await readdir(folder)).filter((name) => name.startsWith('other'))).toEqual([]);

  world.sandbox.faults.set([]);
  await world.engine.jobs.resume(paused.id);
  expect(await world.wait(paused.id, ({ state }) => hasEnded(state))).toMatchObject({
    state: 'completed',
    counts: { done: 2 },
  });
  expect((await text('all.ndjson')).split('\n').map((line) => line.slice(0, 10))).toEqual([
    '{"id":"a",',
    '{"id":"b",',
    '',
  ]);
});

test('the rows of a statement are written with their columns, in the order that is shown', async () => {
  const films = Object.fromEntries(
    ['a', 'b', 'c', 'd'].map((name, n) => [`${name}.json`, { kind: n < 3 ? 'drama' : 'war', votes: n + 1, by: { n } }]),
  );
  await fill('statement/', films);
  const sql = {
    statement:
      'SELECT kind, count(*) AS n, sum(votes) AS votes, list(votes ORDER BY votes) AS each FROM records GROUP BY kind',
    sort: [{ field: 'votes', direction: 'desc' }],
  } as const;
  const write = async (name: string, form: Partial<ExportForm>): Promise<Job> => {
    const { id } = await world.start({
      kind: 'export',
      collection: COLLECTION,
      query: '{}',
      sql,
      form: { ...EXPORT_DEFAULTS, format: 'ndjson', ...form },
      target: { path: join(folder, name), overwrite: false },
    });
    return world.wait(id, ({ state }) => hasEnded(state) || state === 'paused');
  };
  expect(await write('kinds.ndjson', {})).toMatchObject({ state: 'completed', counts: { total: 2, done: 2 } });
  expect(await readFile(join(folder, 'kinds.ndjson'), 'utf8')).toBe(
    '{"kind":"drama","n":3,"votes":6,"each":[1,2,3]}\n{"kind":"war","n":1,"votes":4,"each":[4]}\n',
  );
  await write('kinds.csv', { format: 'csv' });
  expect(await readFile(join(folder, 'kinds.csv'), 'utf8')).toBe(
    'kind,n,votes,each\r\ndrama,3,6,"[1,2,3]"\r\nwar,1,4,[4]\r\n',
  );
  await write('kinds.parquet', { format: 'parquet' });
  expect(
    await ask(`SELECT typeof(n) AS type, votes::INTEGER AS votes FROM '${join(folder, 'kinds.parquet')}'`),
  ).toEqual([
    { type: 'BIGINT', votes: 6 },
    { type: 'BIGINT', votes: 4 },
  ]);
  await expect(write('kinds', { format: 'files' })).rejects.toMatchObject({ error: { code: 'invalid-arguments' } });
});
