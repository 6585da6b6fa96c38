import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CreateBucketCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { md5Of } from '../../../electron/engine/s3/etag.ts';
import { nodeSandboxProcess, startSandbox, type RunningSandbox } from '../../../electron/sandbox/sandbox-process.ts';
import { hasEnded, type Job } from '../../../shared/job.ts';
import {
  BUCKET,
  COLLECTION,
  collectionOf,
  CONNECTION,
  startJobsWorld,
  type JobsWorld,
} from '../jobs/support/jobs-world.ts';
import { buildSandboxScript } from '../support/sandbox-script.ts';
import { targetOf } from '../support/sandbox.ts';
import { otherClient, type History } from './support/fault-world.ts';

const RECORDS = 200;
const KILLS = process.env['DIPPER_TEST_LONG'] === '1' ? 40 : 1;

let script: string;
let directory: string;
let server: RunningSandbox;
let pid: number | null = null;
let world: JobsWorld;
let history: History;
let closeOther: () => void;

/** The sandbox as a process of its own, on the port that it had. */
async function start(): Promise<void> {
  server = await startSandbox({
    directory,
    sampleData: null,
    waitMilliseconds: 10_000,
    spawn: () => {
      const child = nodeSandboxProcess(script);
      ({ pid } = child);
      return child;
    },
    // A record that was cut off is no loss: it was not answered.
    onNote: () => undefined,
  });
}

async function kill(): Promise<void> {
  const gone = new Promise<string>((resolve) => server.onExit(resolve));
  if (pid !== null) process.kill(pid, 'SIGKILL');
  expect(await gone).toBe('SIGKILL');
}

beforeAll(async () => {
  script = await buildSandboxScript();
  directory = await mkdtemp(join(tmpdir(), 'dipper-faults-'));
  await start();
  const { sdk, history: read } = otherClient(server);
  history = read;
  closeOther = () => sdk.destroy();
  await sdk.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await sdk.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration }));
  world = await startJobsWorld({ target: { ...targetOf(server), maxWorkers: 4 } });
});

afterAll(async () => {
  closeOther();
  await world.stop();
  await server.stop();
  await rm(directory, { recursive: true, force: true });
  await rm(dirname(script), { recursive: true, force: true });
});

const key = (n: number): string => `movies/${String(n).padStart(4, '0')}.json`;
const body = (n: number, seen: number): string => JSON.stringify({ n, seen });
const etag = (n: number, seen: number): string => `"${md5Of(Buffer.from(body(n, seen)))}"`;

/** Kills the server once so much of a job is done, and has it back; answers how the job ended. */
async function killedIn(job: Job, done: number): Promise<Job> {
  const reached = await world.wait(job.id, ({ state, counts }) => counts.done >= done || state !== 'running');
  await kill();
  const stopped = hasEnded(reached.state)
    ? reached
    : await world.wait(job.id, ({ state }) => state === 'paused' || hasEnded(state));
  await start();
  if (stopped.state === 'paused') await world.engine.jobs.resume(job.id);
  return await world.wait(job.id, ({ state }) => hasEnded(state));
}

test('a server that is killed in jobs and comes back: nothing is lost, nothing is done twice', async () => {
  const records = await Promise.all(Array.from({ length: RECORDS }, (_, n) => world.put(key(n), { n, seen: 0 })));
  let current: readonly { readonly key: string; readonly etag: string }[] = records;
  let paused = 0;
  for (let round = 1; round <= KILLS; round += 1) {
    const update = await world.start({
      kind: 'update',
      collection: COLLECTION,
      records: { records: current },
      edits: [{ part: 'fields', path: ['seen'], text: String(round) }],
    });
    let job = await killedIn(update, (round * 37) % RECORDS);
    paused += world.told.some(({ id, state }) => id === update.id && state === 'paused') ? 1 : 0;
    // What met the server while it died may be tried again, and is.
    if (job.counts.failed > 0) {
      const failures = await world.report(update.id, true);
      expect(failures.filter(({ error }) => error?.retryable !== true)).toEqual([]);
      const again = await world.start({
        kind: 'update',
        collection: COLLECTION,
        records: { records: failures.map((failure) => ({ key: failure.key, etag: failure.etagBefore ?? '' })) },
        edits: [{ part: 'fields', path: ['seen'], text: String(round) }],
      });
      job = await world.wait(again.id, ({ state }) => hasEnded(state));
      expect(job).toMatchObject({ state: 'completed', counts: { failed: 0 } });
    } else {
      expect(job).toMatchObject({ state: 'completed', counts: { total: RECORDS, done: RECORDS } });
    }
    current = records.map((_, n) => ({ key: key(n), etag: etag(n, round) }));
  }
  expect(paused).toBeGreaterThan(0);

  const sync = await world.start({ kind: 'sync', collection: COLLECTION, rebuild: true });
  expect(await killedIn(sync, RECORDS / 4)).toMatchObject({ state: 'completed', counts: { total: RECORDS } });
  const target = { collection: collectionOf(), connection: CONNECTION };
  const { signal } = new AbortController();
  const where = { combinator: 'and', rules: [{ field: 'seen', operator: '=', value: KILLS }] };
  const opened = await world.engine.openQuery(target, JSON.stringify({ where }), 'complete', signal);
  expect(opened.total).toBe(RECORDS);

  const remove = await world.start({ kind: 'delete', collection: COLLECTION, records: { records: current.slice(1) } });
  expect((await killedIn(remove, 1)).counts).toMatchObject({ total: RECORDS - 1, failed: 0 });

  const written = Array.from({ length: KILLS + 1 }, (_, seen) => seen);
  expect(await history('movies/')).toEqual(
    Object.fromEntries(
      records.map((_, n) => [key(n), [...written.map((seen) => etag(n, seen)), ...(n === 0 ? [] : ['gone'])]]),
    ),
  );
});
