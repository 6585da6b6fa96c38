import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { hasEnded, type Job } from '../../../shared/job.ts';
import { AppFailure } from '../../../shared/result.ts';
import { buildIndexProcess, type TestSpawner } from '../index/support/index-process.ts';
import { BUCKET, COLLECTION, collectionOf, CONNECTION, startJobsWorld, type JobsWorld } from './support/jobs-world.ts';

const collection = COLLECTION;
const SEEN = [{ part: 'fields', path: ['seen'], text: 'true' }] as const;
const { signal } = new AbortController();

let spawner: TestSpawner;
let world: JobsWorld;

beforeAll(async () => {
  spawner = await buildIndexProcess();
});

afterAll(() => spawner.remove());

beforeEach(async () => {
  world = await startJobsWorld({ spawner });
});

afterEach(() => world.stop());

const ended = (job: Job): Promise<Job> => world.wait(job.id, ({ state }) => hasEnded(state));

function codeOf(error: unknown): unknown {
  return error instanceof AppFailure ? error.error.code : error;
}

async function keysInBucket(): Promise<readonly string[]> {
  return (await world.client.listObjectsV2(BUCKET, { prefix: 'movies/' })).objects.map(({ key }) => key);
}

async function bodyOf(key: string): Promise<string> {
  return Buffer.from((await world.client.getObject(BUCKET, key, {})).body).toString();
}

async function openAll(freshness: 'complete' | 'held' = 'complete'): Promise<string> {
  const target = { collection: world.collections.get(COLLECTION) ?? collectionOf(), connection: CONNECTION };
  return (await world.engine.openQuery(target, '{}', freshness, signal)).result;
}

test('records that were picked are deleted; one that changed since is a failure with its reason, and is retried', async () => {
  const records = await world.putMany(30);
  const [first, second] = records;
  await world.put(first?.key ?? '', { n: 'changed' });
  await world.client.deleteObject(BUCKET, second?.key ?? '', {});
  const started = await world.start({ kind: 'delete', collection, records: { records } });
  expect(started).toMatchObject({ kind: 'delete', collectionName: 'Movies', kept: true, counts: { total: 30 } });

  const job = await ended(started);
  expect(job).toMatchObject({
    state: 'completed-with-errors',
    counts: { total: 30, done: 28, unchanged: 1, failed: 1 },
    error: null,
  });
  expect(job.requests).toBeGreaterThan(0);
  expect(await keysInBucket()).toEqual([first?.key]);
  const outcomes = await world.report(job.id);
  expect(outcomes.map(({ index }) => index)).toEqual(records.map((_, index) => index));
  expect(outcomes[1]).toMatchObject({ outcome: 'unchanged', key: second?.key, etagBefore: second?.etag });
  expect(await world.report(job.id, true)).toMatchObject([
    { key: first?.key, outcome: 'failed', etagBefore: first?.etag, error: { code: 'record-changed' } },
  ]);

  const again = await ended(await world.engine.jobs.retry(job.id));
  expect(again).toMatchObject({ state: 'completed', counts: { total: 1, done: 1 } });
  expect(await keysInBucket()).toEqual([]);
  expect(world.engine.jobs.list().map(({ id }) => id)).toEqual([again.id, job.id]);
});

test('a field is set in every record of an answer, also where its tab is closed meanwhile; the index shows it at once', async () => {
  await world.putMany(80);
  await world.put('movies/broken.json', 'no record');
  await world.put('movies/seen.json', { seen: true });
  const result = await openAll();
  const started = await world.start({ kind: 'update', collection, records: { result }, edits: SEEN });
  // Said from the start, so that nothing on screen grows when it comes to be known.
  expect(started.counts.total).toBe(82);
  await world.engine.closeQuery(result);
  const job = await ended(started);
  expect(job.counts).toEqual({ total: 82, done: 80, unchanged: 1, failed: 1 });
  expect(await world.report(job.id, true)).toMatchObject([
    { key: 'movies/broken.json', error: { code: 'record-unreadable' } },
  ]);
  expect(await bodyOf('movies/0007.json')).toBe('{"n":7,"seen":true}');
  const [outcome] = await world.report(job.id);
  expect(outcome?.etagAfter).toBe((await world.client.headObject(BUCKET, outcome?.key ?? '', {})).etag);

  const target = { collection: collectionOf(), connection: CONNECTION };
  const seen = JSON.stringify({ where: { field: 'seen', operator: '=', value: true } });
  expect((await world.engine.openQuery(target, seen, 'held', signal)).total).toBe(81);
  expect(codeOf(await world.start({ kind: 'delete', collection, records: { result } }).catch((e: unknown) => e))).toBe(
    'result-closed',
  );
});

test('a job is paused between two records and goes on; another one of the collection waits for it', async () => {
  const records = await world.putMany(60);
  world.sandbox.faults.set([{ operation: 'PutObject', skip: 20, fault: { kind: 'delay', milliseconds: 50 } }]);
  world.collections.set(COLLECTION, collectionOf({ maxWorkers: 4 }));
  const update = await world.start({ kind: 'update', collection, records: { records }, edits: SEEN });
  await world.wait(update.id, ({ counts }) => counts.done >= 10);
  const sync = await world.start({ kind: 'sync', collection, rebuild: true });
  expect(sync).toMatchObject({ state: 'waiting', waitsFor: update.id });

  const paused = await world.engine.jobs.pause(update.id);
  expect(paused.state).toBe('paused');
  expect(paused.counts.done).toBeLessThan(60);
  expect(await ended(sync)).toMatchObject({ state: 'completed', counts: { total: 60, done: 60 } });
  world.sandbox.faults.set([]);
  // The sync may still be writing its last state.
  expect(['waiting', 'running']).toContain((await world.engine.jobs.resume(update.id)).state);
  const job = await ended(update);
  expect(job).toMatchObject({ state: 'completed', counts: { total: 60, done: 60, unchanged: 0, failed: 0 } });
  expect(codeOf(await world.engine.jobs.pause(job.id).catch((error: unknown) => error))).toBe('invalid-arguments');
});

test('a cancelled job breaks off at once; each record is told as it is in the bucket', async () => {
  const records = await world.putMany(60);
  world.collections.set(COLLECTION, collectionOf({ maxWorkers: 4 }));
  world.sandbox.faults.set([{ operation: 'PutObject', skip: 12, fault: { kind: 'delay', milliseconds: 60_000 } }]);
  const update = await world.start({ kind: 'update', collection, records: { records }, edits: SEEN });
  await world.wait(update.id, ({ counts }) => counts.done >= 12);
  const job = await world.engine.jobs.cancel(update.id);
  expect(job.state).toBe('cancelled');
  const done = (await world.report(job.id)).filter(({ outcome }) => outcome === 'done').map(({ key }) => key);
  expect(done).toHaveLength(job.counts.done);
  const seen: string[] = [];
  for (const { key } of records) if ((await bodyOf(key)).includes('true')) seen.push(key);
  expect(seen).toEqual(done.toSorted());
});

test('a server that is gone pauses a job with the reason; resumed, it goes on where it stopped', async () => {
  const records = await world.putMany(40);
  world.sandbox.faults.set([
    { operation: 'PutObject', skip: 10, fault: { kind: 'answer', status: 403, code: 'InvalidAccessKeyId' } },
  ]);
  const update = await world.start({ kind: 'update', collection, records: { records }, edits: SEEN });
  const paused = await world.wait(update.id, ({ state }) => state === 'paused');
  expect(paused.error?.code).toBe('unknown-access-key');
  expect(paused.counts.failed).toBe(0);
  world.sandbox.faults.set([]);
  await world.restart();
  expect(world.engine.jobs.list()).toMatchObject([{ id: update.id, state: 'paused', counts: paused.counts }]);
  await world.engine.jobs.resume(update.id);
  expect(await ended(update)).toMatchObject({ state: 'completed', counts: { total: 40, done: 40 }, error: null });
});

test('jobs that run when Dipper closes go on at the next start', async () => {
  const records = await world.putMany(40);
  world.sandbox.faults.set([{ operation: 'PutObject', skip: 10, fault: { kind: 'delay', milliseconds: 60_000 } }]);
  const update = await world.start({ kind: 'update', collection, records: { records }, edits: SEEN });
  const sync = await world.start({ kind: 'sync', collection, rebuild: false });
  await world.wait(update.id, ({ counts }) => counts.done >= 10);
  await world.engine.dispose();
  expect(world.told.at(-1)).toMatchObject({ id: update.id, state: 'interrupted' });
  world.sandbox.faults.set([]);
  await world.restart();
  expect(await ended(update)).toMatchObject({ state: 'completed', counts: { total: 40, done: 40, failed: 0 } });
  expect(await ended(sync)).toMatchObject({ state: 'completed', counts: { total: 40 } });
});

test('journals are closed to others, and go with their job, with the collection, or never reach the disk', async () => {
  const journals = (): Promise<readonly string[]> => readdir(join(world.folder, 'jobs'));
  const [one, two] = await world.putMany(2);
  const start = (record: typeof one): Promise<Job> =>
    world.start({
      kind: 'update',
      collection,
      records: { records: record === undefined ? [] : [record] },
      edits: SEEN,
    });
  const first = await ended(await start(one));
  const [name = ''] = await journals();
  expect((await stat(join(world.folder, 'jobs'))).mode & 0o777).toBe(0o700);
  expect((await stat(join(world.folder, 'jobs', name))).mode & 0o777).toBe(0o600);
  await world.engine.jobs.remove(first.id);
  expect(await journals()).toEqual([]);
  expect(codeOf(await world.engine.jobs.report(first.id, null, false).catch((error: unknown) => error))).toBe(
    'job-not-found',
  );

  await ended(await start(two));
  expect(await journals()).toHaveLength(1);
  await world.engine.forgetCollection(COLLECTION);
  expect([await journals(), world.engine.jobs.list()]).toEqual([[], []]);

  world.collections.set(COLLECTION, collectionOf({ memoryOnly: true }));
  const records = await world.putMany(3);
  const unkept = await ended(await world.start({ kind: 'delete', collection, records: { records } }));
  expect(unkept).toMatchObject({ kept: false, state: 'completed', counts: { done: 3 } });
  expect(await world.report(unkept.id)).toHaveLength(3);
  expect(await journals()).toEqual([]);
});

test('a job whose collection becomes another one fails, and so does one that is gone at the next start', async () => {
  const records = await world.putMany(20);
  world.sandbox.faults.set([{ operation: 'PutObject', skip: 5, fault: { kind: 'delay', milliseconds: 60_000 } }]);
  const update = await world.start({ kind: 'update', collection, records: { records }, edits: SEEN });
  await world.wait(update.id, ({ counts }) => counts.done >= 5);
  await world.engine.leavePlace(COLLECTION);
  expect(await ended(update)).toMatchObject({ state: 'failed', error: { code: 'collection-not-found' } });
  expect(await world.report(update.id)).not.toEqual([]);

  const waiting = await world.start({ kind: 'update', collection, records: { records }, edits: SEEN });
  await world.engine.jobs.pause(waiting.id);
  world.collections.set(COLLECTION, collectionOf({ prefix: 'others/' }));
  await world.restart();
  await world.engine.jobs.resume(waiting.id);
  expect(await ended(waiting)).toMatchObject({ state: 'failed', error: { code: 'collection-not-found' } });
});
