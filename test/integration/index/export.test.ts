import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIndexChannel, type IndexChannel } from '../../../electron/engine/index/index-channel.ts';
import type { IndexProcess } from '../../../electron/engine/index/index-process.ts';
import { packObjects } from '../../../electron/engine/index/object-batch.ts';
import type { ExportCheckpoint } from '../../../electron/engine/index/protocol.ts';
import { EXPORT_DEFAULTS, type ExportForm } from '../../../shared/export.ts';
import { buildIndexProcess, type TestSpawner } from './support/index-process.ts';

/** More than a step writes. */
const RECORDS = 5_000;
const COLLECTION = 'letters';

let spawner: TestSpawner;
let folder: string;
let channel: IndexChannel;
let running: IndexProcess | null = null;

beforeAll(async () => {
  spawner = await buildIndexProcess();
  folder = await mkdtemp(join(tmpdir(), 'dipper-export-'));
  channel = createIndexChannel(() => {
    running = spawner.spawn();
    return running;
  });
  await open();
  await write(0, RECORDS);
});

afterAll(async () => {
  await channel.stop();
  await rm(folder, { recursive: true, force: true });
  await spawner.remove();
});

async function open(): Promise<void> {
  const file = join(folder, 'index.duckdb');
  await channel.call('open', { collection: COLLECTION, file, bucket: 'b', prefix: '', codec: 'plain' });
}

async function write(from: number, to: number): Promise<void> {
  const objects = Array.from({ length: to - from }, (_, place) => {
    const n = from + place;
    const body = Buffer.from(JSON.stringify({ n, group: n % 7, text: `${String(n)} `.repeat(700) }));
    const key = `${String(n % 10)}/${String(n)}.json`;
    const facts = { key, etag: `"${String(n)}"`, size: body.length, lastModified: 0, storageClass: 'STANDARD' };
    return { facts: { ...facts, contentEncoding: null }, body, problem: null };
  });
  const batch = packObjects(objects);
  await channel.call('applyWrite', { collection: COLLECTION, objects: batch });
}

/** Steps until the end, or until `most` of them; answers the last checkpoint. */
async function runSteps(
  name: string,
  form: Partial<ExportForm>,
  checkpoint: ExportCheckpoint | null,
  most = Infinity,
  query = '{}',
  collection = COLLECTION,
): Promise<{ readonly checkpoint: ExportCheckpoint | null; readonly from: number }> {
  const { position: from } = await channel.call('beginExport', {
    collection,
    job: 'b3c1f0de-job',
    query,
    form: { ...EXPORT_DEFAULTS, format: 'ndjson', ...form },
    target: { path: join(folder, name), overwrite: true },
    checkpoint,
  });
  let last = checkpoint;
  for (let steps = 1; ; steps += 1) {
    const step = await channel.call('exportStep', { job: 'b3c1f0de-job', large: null });
    last = step.checkpoint ?? last;
    if (steps === most) return { checkpoint: last, from };
    if (!step.isWhole) continue;
    await channel.call('publishExport', { job: 'b3c1f0de-job' });
    await channel.call('closeExport', { job: 'b3c1f0de-job' });
    return { checkpoint: last, from };
  }
}

async function killAndOpen(): Promise<void> {
  const ended = new Promise<void>((resolve) => channel.onEnd(resolve));
  running?.kill();
  await ended;
  await open();
}

/** What the export has left, by the names of the files below the folder. */
async function contents(name: string): Promise<readonly (readonly [string, string])[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const ours = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = ours
    .filter((path) => path.startsWith(join(folder, name)) && !path.endsWith('.manifest.json'))
    .toSorted();
  return Promise.all(
    files.map(
      async (path) => [path.slice(join(folder, name).length), (await unpacked(path)).toString('latin1')] as const,
    ),
  );
}

/** Where a step ends is a matter of time, and with it where a piece that is compressed ends. */
async function unpacked(path: string): Promise<Buffer> {
  const bytes = await readFile(path);
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}

test.each<[string, Partial<ExportForm>]>([
  ['NDJSON', { format: 'ndjson' }],
  ['JSON with gzip', { format: 'json', compression: 'gzip' }],
  ['CSV with gzip, split by size', { format: 'csv', compression: 'gzip', split: { bytes: 3_000_000 } }],
  ['Parquet', { format: 'parquet' }],
  ['files', { format: 'files' }],
])('an export as %s that was killed half way goes on, and is as one that was not', async (title, form) => {
  const name = title.replaceAll(/\W+/g, '');
  const whole = await runSteps(`${name}-whole`, form, null);
  const half = await runSteps(`${name}-again`, form, null, 1);
  await killAndOpen();
  const rest = await runSteps(`${name}-again`, form, half.checkpoint);
  expect(await contents(`${name}-again`)).toEqual(await contents(`${name}-whole`));
  expect((await readdir(folder)).filter((other) => other.endsWith('.part'))).toEqual([]);
  // A Parquet file that has no end yet is written anew.
  expect(rest.from).toBe(form.format === 'parquet' ? 0 : half.checkpoint?.position);
  expect([whole.from, half.checkpoint?.position !== 0]).toEqual([0, true]);
});

test('an export that is gone on with after the records have changed is written anew: it is of one moment', async () => {
  const half = await runSteps('changed', {}, null, 1);
  await killAndOpen();
  await write(RECORDS, RECORDS + 1);
  await runSteps('changed', {}, half.checkpoint);
  const [[, text] = ['', '']] = await contents('changed');
  expect(text.trimEnd().split('\n')).toHaveLength(RECORDS + 1);
});

/** Rows of an export as lines of a table, in the order of the query. */
async function ordered(collection: string, query: string): Promise<readonly string[]> {
  const name = `${collection}-in-order`;
  await runSteps(name, { format: 'csv' }, null, Infinity, query, collection);
  const [[, text] = ['', '']] = await contents(name);
  return text.trimEnd().split('\r\n').slice(1);
}

/** By the field `group`, the greatest first, and of one group by key. */
function inOrder(records: number, groupOf: (n: number) => number, keyOf: (n: number) => string): readonly string[] {
  return Array.from({ length: records }, (_, n) => ({ line: `${keyOf(n)},${String(n)},${String(groupOf(n))}`, n }))
    .toSorted((one, other) => groupOf(other.n) - groupOf(one.n) || (keyOf(one.n) < keyOf(other.n) ? -1 : 1))
    .map(({ line }) => line);
}

const BY_GROUP = JSON.stringify({ select: ['n', 'group'], sort: [{ field: 'group', direction: 'desc' }] });

test('an export of several chunks stands in the order of a field, and where its values are equal in that of the keys', async () => {
  const found = await ordered(COLLECTION, BY_GROUP);
  const records = found.length;
  const expected = inOrder(
    records,
    (n) => n % 7,
    (n) => `${String(n % 10)}/${String(n)}`,
  );
  expect(records).toBeGreaterThanOrEqual(RECORDS);
  expect(found.findIndex((line, place) => line !== expected[place])).toBe(-1);
});

const groupOf = (n: number): number => (n * 7_919) % 1_000;
const keyOf = (n: number): string => String(n).padStart(6, '0');

/** So many that finding the rows of each chunk where they stand would read all of them time and again. */
const SCATTERED = 5 * 32_768;

test('an export of so many records that they are put in order first stands in the order of a field too', async () => {
  const collection = 'scattered';
  const file = join(folder, 'scattered.duckdb');
  await channel.call('open', { collection, file, bucket: 'b', prefix: '', codec: 'plain' });
  await channel.call('beginSync', { collection, sizeCap: 1_000, retryProblems: false });
  for (let from = 0; from < SCATTERED; from += 8_192) {
    const objects = Array.from({ length: 8_192 }, (_, place) => {
      const n = from + place;
      const body = Buffer.from(JSON.stringify({ n, group: groupOf(n) }));
      const facts = { key: `${keyOf(n)}.json`, etag: '"e"', size: body.length, lastModified: 0 };
      return { facts: { ...facts, storageClass: 'STANDARD', contentEncoding: null }, body, problem: null };
    });
    await channel.call('appendObjects', { collection, objects: packObjects(objects) });
  }
  await channel.call('endSync', { collection, listedAt: null, below: null });
  const expected = inOrder(SCATTERED, groupOf, keyOf);
  const found = await ordered(collection, BY_GROUP);
  expect(found).toHaveLength(SCATTERED);
  expect(found.findIndex((line, place) => line !== expected[place])).toBe(-1);
});
