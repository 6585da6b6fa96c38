import { execFile } from 'node:child_process';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GetOptions, S3Client } from '../../../electron/engine/s3/s3-client.ts';
import { BUCKET, type IndexWorld, startIndexWorld } from './support/index-world.ts';

let world: IndexWorld;
beforeAll(async () => {
  world = await startIndexWorld();
});
afterAll(() => world.stop());

async function fill(collection: string, count: number): Promise<void> {
  const keys = Array.from({ length: count }, (_, row) => `${collection}/${String(row).padStart(4, '0')}.json`);
  await Promise.all(keys.map((key, row) => world.put(key, JSON.stringify({ title: `Movie ${String(row)}`, row }))));
}

/** The client, which calls `act` before its GET number `at`. */
function acting(client: S3Client, at: number, act: () => void): S3Client {
  let reads = 0;
  return {
    ...client,
    getObject: async (bucket: string, key: string, options: GetOptions) => {
      reads += 1;
      if (reads === at) act();
      return client.getObject(bucket, key, options);
    },
  };
}

test('an index process that is killed in the middle of a sync fails the query as retryable; the next one has every record', async () => {
  await fill('killed', 700);
  const source = world.source('killed');
  const client = acting(world.client, 500, () => world.spawner.last().kill());
  await expect(world.open({ ...source, client }, {})).rejects.toMatchObject({
    error: { code: 'index-restarted', retryable: true },
  });
  const opened = await world.open(source, {});
  const fields = await world.indexes.fields(source);
  expect([opened.total, opened.complete, fields.map(({ field, kinds }) => [field, kinds])]).toEqual([
    700,
    true,
    [
      ['title', { string: 700 }],
      ['row', { number: 700 }],
    ],
  ]);
});

test('a killed process loses no row that it had answered, and open results are closed', async () => {
  await fill('answered', 40);
  const source = world.source('answered');
  const before = await world.open(source, {});
  const body = Buffer.from('{"title":"Saved","extra":{"deep":1}}');
  await world.put('answered/0007.json', body);
  const { head } = await world.client.getObject(BUCKET, 'answered/0007.json', {});
  await world.indexes.applyWrites(source, [{ facts: head, body }]);
  const ended = new Promise<void>((resolve) => {
    world.spawner.last().onExit(() => resolve());
  });
  world.spawner.last().kill();
  await ended;
  await expect(world.indexes.page(before.result, 0, 1)).rejects.toMatchObject({ error: { code: 'result-closed' } });
  const after = await world.open(source, {});
  const page = await world.indexes.page(after.result, 7, 1);
  expect([after.statistics.requests, after.total, page.columns[0]?.texts, await world.indexes.fields(source)]).toEqual([
    {},
    40,
    ['Saved'],
    [
      { path: ['title'], field: 'title', kinds: { string: 40 }, kind: 'string', missing: 0 },
      { path: ['extra'], field: 'extra', kinds: { object: 1 }, kind: 'object', missing: 39 },
      { path: ['extra', 'deep'], field: 'extra.deep', kinds: { number: 1 }, kind: 'number', missing: 39 },
      { path: ['row'], field: 'row', kinds: { number: 39 }, kind: 'number', missing: 1 },
    ],
  ]);
});

test.each([
  ['is no database', async (file: string) => writeFile(file, 'nothing of the kind')],
  ['is empty', async (file: string) => writeFile(file, '')],
  [
    'was damaged in the middle',
    async (file: string) => {
      const handle = await open(file, 'r+');
      const { size } = await handle.stat();
      await handle.write(Buffer.alloc(Math.floor(size / 2), 0xa5), 0, undefined, Math.floor(size / 4));
      await handle.close();
    },
  ],
])('an index file that %s is made anew, without a question, and that is said', async (name, damage) => {
  const collection = `damaged-${name.replaceAll(' ', '-')}`;
  await fill(collection, 300);
  const source = world.source(collection);
  await world.open(source, {});
  await world.indexes.dispose();
  await damage(join(world.folder, `collection-${collection}.duckdb`));
  await world.restart();
  const opened = await world.open(source, {});
  const page = await world.indexes.page(opened.result, 299, 1);
  const again = await world.open(source, {});
  expect([opened.total, opened.complete, page.ids]).toEqual([300, true, ['0299']]);
  expect([opened.notes, again.notes]).toEqual([['The index was damaged and is made again from S3.'], []]);
});

test('an index of an older version is made anew without a word, because nothing was damaged', async () => {
  await fill('older', 30);
  const source = world.source('older');
  await world.open(source, {});
  await world.indexes.dispose();
  const instance = await DuckDBInstance.create(join(world.folder, 'collection-older.duckdb'));
  const connection = await instance.connect();
  await connection.run('UPDATE meta SET format = 1');
  await connection.run('DROP TABLE tags');
  connection.closeSync();
  instance.closeSync();
  await world.restart();
  const opened = await world.open(source, {});
  expect([opened.total, opened.complete, opened.notes, opened.statistics.requests]).toMatchObject([
    30,
    true,
    [],
    { GetObject: 30 },
  ]);
});

test('a collection whose codec or prefix was changed is read again, not shown with the rows of before', async () => {
  await fill('changed', 5);
  await world.put('changed/sub/a.json', '{"fields":{"name":{"value":"inside"}}}');
  await world.put('changed/note.txt', '{"title":"no dataknobs key"}');
  const plain = await world.open(world.source('changed'), {});
  const dataknobs = await world.open(world.source('changed', { codec: 'dataknobs', prefix: 'changed/sub/' }), {});
  const page = await world.indexes.page(dataknobs.result, 0, 5);
  expect([plain.total, dataknobs.total, page.ids, page.forms, page.columns[0]?.texts]).toEqual([
    7,
    1,
    ['a'],
    ['dataknobs-2'],
    ['inside'],
  ]);
});

test.skipIf(process.platform === 'win32')('an index process gives way to what draws', async () => {
  await fill('polite', 1);
  await world.open(world.source('polite'), {});
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'ppid=,ni=,args=']);
  const own = stdout.split('\n').filter((line) => line.trim().startsWith(`${String(process.pid)} `));
  const niceness = own
    .filter((line) => line.includes('index-process'))
    .map((line) => Number(line.trim().split(/\s+/)[1]));
  expect(niceness.at(-1)).toBeGreaterThanOrEqual(5);
});
