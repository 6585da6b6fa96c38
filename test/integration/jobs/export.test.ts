import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
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

test('gzip, zstd', async () => {
  await fill('gz/', { 'a.json': { n: 1 } });
  expect((await runExport('all.ndjson.gz', { compression: 'gzip' })).state).toBe('completed');
  expect(gunzipSync(await readFile(join(folder, 'all.ndjson.gz'))).toString()).toBe('{"id":"a","n":1}\n');
});
