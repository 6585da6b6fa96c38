import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { open } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { FaultRule } from '../../../electron/sandbox/faults/fault-rules.ts';
import { hasEnded, type Job } from '../../../shared/job.ts';
import { buildIndexProcess, type TestSpawner } from '../index/support/index-process.ts';
import { BUCKET, COLLECTION, collectionOf, startJobsWorld, type JobsWorld } from './support/jobs-world.ts';

const collection = COLLECTION;
const SEEN = [{ part: 'fields', path: ['seen'], text: 'true' }] as const;

/** Nobody hears of what is done, and nobody can look. */
const unheard = (at: 'before-answer' | 'request-head'): readonly FaultRule[] => [
  { operation: 'PutObject', fault: { kind: 'reset', at } },
  { operation: 'DeleteObjects', fault: { kind: 'reset', at } },
  { operation: 'HeadObject', fault: { kind: 'delay', milliseconds: 600_000 } },
];
const DONE = unheard('before-answer');
const LOST = unheard('request-head');

let spawner: TestSpawner;
let world: JobsWorld;

beforeAll(async () => {
  spawner = await buildIndexProcess();
});

afterAll(() => spawner.remove());

beforeEach(async () => {
  world = await startJobsWorld({ spawner });
  await world.sandbox.storage.bucket(BUCKET)?.setVersioning('enabled');
});

afterEach(() => world.stop());

const ended = (job: Job): Promise<Job> => world.wait(job.id, ({ state }) => hasEnded(state));

/** Resolves when `count` more looks at objects have left. */
function looks(count: number): Promise<void> {
  const channel = 'dipper:request:sent';
  return new Promise((resolve) => {
    let left = count;
    const onSent = (message: unknown): void => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the engine says so
      if ((message as { method: string }).method !== 'HEAD') return;
      left -= 1;
      if (left > 0) return;
      unsubscribe(channel, onSent);
      resolve();
    };
    subscribe(channel, onSent);
  });
}

/** Starts Dipper anew under faults and closes it in the middle of its looks. */
async function breakOff(faults: readonly FaultRule[], begin: () => Promise<unknown>, after: number): Promise<void> {
  world.sandbox.faults.set(faults);
  const begun = looks(after);
  await begin();
  await begun;
  await world.engine.dispose();
  world.sandbox.faults.set([]);
}

async function versionsOf(key: string): Promise<number> {
  return [...(world.sandbox.storage.bucket(BUCKET)?.versions.from((other) => other < key) ?? [])][0]?.length ?? 0;
}

/** Writes to a disk that takes its time; answers how to have the fast one back. */
async function slowDisk(): Promise<() => void> {
  const handle = await open(import.meta.filename, 'r');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all handles share it
  const prototype = Object.getPrototypeOf(handle) as { writev: (...args: unknown[]) => Promise<unknown> };
  await handle.close();
  const { writev } = prototype;
  prototype.writev = async function slow(this: unknown, ...args: unknown[]) {
    await wait(100);
    return await writev.apply(this, args);
  };
  return () => {
    prototype.writev = writev;
  };
}

test.for(['update', 'delete'] as const)(
  'a job (%s) that is broken off with all of its writes under way, and again while it looks at them, tells each record once',
  async (kind) => {
    const records = await world.putMany(16);
    const request = { collection, records: { records } };
    const start = (): Promise<Job> =>
      world.start(kind === 'delete' ? { kind, ...request } : { kind, ...request, edits: SEEN });
    await breakOff(DONE, start, 16);
    const middle = [{ operation: 'HeadObject', skip: 4, fault: { kind: 'delay', milliseconds: 600_000 } }] as const;
    await breakOff(middle, () => world.restart(), 10);

    const fastDisk = await slowDisk();
    try {
      await world.restart();
      const [job] = world.engine.jobs.list();
      expect(await ended(job!)).toMatchObject({
        state: 'completed',
        counts: { total: 16, done: 16, unchanged: 0, failed: 0 },
      });
      const report = await world.report(job!.id);
      expect(report.map(({ index, outcome }) => [index, outcome])).toEqual(records.map((_, n) => [n, 'done']));
      for (const { key } of records) expect([key, await versionsOf(key)]).toEqual([key, 2]);
    } finally {
      fastDisk();
    }
  },
);

test('a write of a run that was broken off arrives after the next run has looked and begun it anew; it is no conflict', async () => {
  world.collections.set(COLLECTION, collectionOf({ codec: 'dataknobs' }));
  const key = 'movies/late.json';
  const record = await world.put(key, { id: 'late', fields: { n: 1 }, metadata: {} });
  const start = (): Promise<Job> =>
    world.start({ kind: 'update', collection, records: { records: [record] }, edits: SEEN });
  await breakOff(DONE, start, 1);
  // What it wrote is on its way still: taken out of the bucket, and put there later.
  const late = await world.client.getObject(BUCKET, key, {});
  await world.client.deleteObject(BUCKET, key, { versionId: late.head.versionId ?? '' });
  expect((await world.client.headObject(BUCKET, key, {})).etag).toBe(record.etag);

  await breakOff(LOST, () => world.restart(), 1);
  await breakOff(
    [...LOST.slice(0, 2), { operation: 'HeadObject', skip: 1, fault: { kind: 'delay', milliseconds: 600_000 } }],
    () => world.restart(),
    2,
  );
  const arrived = await world.client.putObject(BUCKET, key, late.body, {});
  await world.restart();
  const [job] = world.engine.jobs.list();
  expect(await ended(job!)).toMatchObject({ state: 'completed', counts: { total: 1, done: 1, failed: 0 } });
  expect(await world.report(job!.id)).toMatchObject([{ outcome: 'done', etagAfter: arrived.etag }]);
  expect(await versionsOf(key)).toBe(2);
});

test('a write that is sent anew meets the first one, which arrived meanwhile; it is no conflict', async () => {
  const records = await world.putMany(5);
  const start = (): Promise<Job> => world.start({ kind: 'update', collection, records: { records }, edits: SEEN });
  await breakOff(LOST, start, 5);
  const meets = { kind: 'answer', status: 412, code: 'PreconditionFailed', done: true } as const;
  world.sandbox.faults.set([{ operation: 'PutObject', fault: meets }]);
  await world.restart();
  const [job] = world.engine.jobs.list();
  expect(await ended(job!)).toMatchObject({ state: 'completed', counts: { total: 5, done: 5, failed: 0 } });
});

test('a server in trouble pauses a job before records count as failed; resumed, the job does them all', async () => {
  const records = await world.putMany(12);
  world.sandbox.faults.set([
    { operation: 'PutObject', skip: 4, fault: { kind: 'answer', status: 500, code: 'InternalError' } },
  ]);
  const job = await world.start({ kind: 'update', collection, records: { records }, edits: SEEN });
  const paused = await world.wait(job.id, ({ state }) => state === 'paused');
  expect(paused).toMatchObject({ counts: { total: 12, done: 4, failed: 0 }, error: { code: 'server-error' } });
  expect(await world.report(job.id)).toHaveLength(4);
  world.sandbox.faults.set([]);
  await world.engine.jobs.resume(job.id);
  expect(await ended(job)).toMatchObject({
    state: 'completed',
    counts: { total: 12, done: 12, failed: 0 },
    error: null,
  });
});

test.for(['update', 'delete'] as const)(
  'a job (%s) that cannot find out what became of a record says so, and finds out when it is resumed',
  async (kind) => {
    const records = await world.putMany(12);
    const { key } = records[0]!;
    const unseen = { operation: 'HeadObject', key, fault: { kind: 'reset', at: 'request-head' } } as const;
    const lost = { kind: 'reset', at: 'before-answer' } as const;
    world.sandbox.faults.set([
      { operation: 'PutObject', key, fault: lost },
      { operation: 'DeleteObjects', fault: lost },
      unseen,
    ]);
    const request = { collection, records: { records } };
    const job = await world.start(kind === 'delete' ? { kind, ...request } : { kind, ...request, edits: SEEN });
    const paused = await world.wait(job.id, ({ state }) => state === 'paused');
    expect(paused).toMatchObject({
      counts: { total: 12, done: 11, failed: 0 },
      error: {
        code: 'connection-lost',
        message: expect.stringMatching(/"movies\/0000.json" is not known.* Resume the job/),
      },
    });
    expect((await world.report(job.id)).map(({ index }) => index)).toEqual(records.slice(1).map((_, n) => n + 1));

    // Also where Dipper was closed meanwhile.
    world.sandbox.faults.set([]);
    await world.restart();
    await world.engine.jobs.resume(job.id);
    expect(await ended(job)).toMatchObject({
      state: 'completed',
      counts: { total: 12, done: 12, failed: 0 },
      error: null,
    });
    for (const record of records) expect([record.key, await versionsOf(record.key)]).toEqual([record.key, 2]);
  },
);
