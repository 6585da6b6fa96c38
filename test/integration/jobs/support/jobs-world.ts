import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '../../../../electron/engine/create-engine.ts';
import type { JournalLimits } from '../../../../electron/engine/jobs/job-context.ts';
import type { CollectionTarget, Engine } from '../../../../electron/engine/engine.ts';
import { createS3Client } from '../../../../electron/engine/s3/create-s3-client.ts';
import { readNetworkSettings } from '../../../../electron/engine/s3/network-settings.ts';
import { createLedger } from '../../../../electron/engine/cost/ledger.ts';
import { createRequestLog } from '../../../../electron/engine/s3/request-log.ts';
import type { S3Client, S3Target } from '../../../../electron/engine/s3/s3-client.ts';
import { COLLECTION_DEFAULTS, type Collection } from '../../../../shared/collection.ts';
import type { Connection } from '../../../../shared/connection.ts';
import type { Job, ReportedOutcome, JobRequest } from '../../../../shared/job.ts';
import { AppFailure } from '../../../../shared/result.ts';
import { buildIndexProcess, type TestSpawner } from '../../index/support/index-process.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../../support/sandbox.ts';

export const BUCKET = 'records';
export const COLLECTION = 'movies';

export const CONNECTION: Connection = {
  id: 'test',
  name: 'Test',
  kind: 'custom',
  endpoint: null,
  region: 'us-east-1',
  pathStyle: true,
  credentials: { source: 'sandbox' },
  environment: 'test',
  readOnly: false,
  maxWorkers: null,
};

export function collectionOf(changes: Partial<Collection> = {}): Collection {
  const place = { id: COLLECTION, connectionId: CONNECTION.id, name: 'Movies', bucket: BUCKET, prefix: 'movies/' };
  return { ...COLLECTION_DEFAULTS, codec: 'plain', ...place, ...changes };
}

/** A sandbox, an engine on a folder, and what it told of its jobs: everything real. */
export interface JobsWorld {
  readonly sandbox: TestSandbox;
  readonly client: S3Client;
  readonly folder: string;
  readonly spawner: TestSpawner;
  readonly told: Job[];
  /** Changed by tests: what the store would know. */
  readonly collections: Map<string, Collection>;
  /** Other connections, by their ids, and where they lead. */
  readonly others: Map<string, { readonly connection: Connection; readonly target: S3Target }>;
  /** How long ended jobs are kept. */
  limits: JournalLimits;
  engine: Engine;
  /** Another start of Dipper on the same folder. */
  restart(): Promise<void>;
  /** Answers key and ETag. */
  put(key: string, value: unknown): Promise<{ key: string; etag: string }>;
  /** `movies/0000.json` and so on, each `{"n": …, "seen": false}`. */
  putMany(count: number): Promise<readonly { key: string; etag: string }[]>;
  start(request: JobRequest): Promise<Job>;
  /** Waits until the job is as `until` says, by what the engine tells. */
  wait(job: string, until: (job: Job) => boolean): Promise<Job>;
  report(job: string, onlyFailed?: boolean): Promise<readonly ReportedOutcome[]>;
  stop(): Promise<void>;
}

export async function startJobsWorld(
  options: {
    readonly spawner?: TestSpawner;
    /** Of a server of the test's own, with the bucket; the sandbox of this world then stands idle. */
    readonly target?: S3Target;
  } = {},
): Promise<JobsWorld> {
  const spawner = options.spawner ?? (await buildIndexProcess());
  const sandbox = await startTestSandbox({ buckets: [BUCKET] });
  const folder = await mkdtemp(join(tmpdir(), 'dipper-jobs-'));
  const target = options.target ?? targetOf(sandbox);
  const client = createS3Client(target);
  const told: Job[] = [];
  const listeners = new Set<(job: Job) => void>();
  const collections = new Map([[COLLECTION, collectionOf()]]);
  const others: JobsWorld['others'] = new Map();
  const limits = { now: { days: 30, bytes: Infinity } };
  const findTarget = (id: string): CollectionTarget => {
    const collection = collections.get(id);
    if (collection === undefined) throw new AppFailure('collection-not-found', 'This collection is gone.');
    return { collection, connection: others.get(collection.connectionId)?.connection ?? CONNECTION };
  };
  const start = async (): Promise<Engine> => {
    const engine = createEngine({
      spawnIndexProcess: spawner.spawn,
      indexFolder: join(folder, 'indexes'),
      mostIndexBytes: () => Infinity,
      journalFolder: join(folder, 'jobs'),
      journalLimits: () => limits.now,
      uploadsFolder: join(folder, 'uploads'),
      bodiesFolder: join(folder, 'bodies'),
      isKept: (id) => collections.has(id),
      findTarget,
      resolveTarget: ({ id }) => Promise.resolve(others.get(id)?.target ?? target),
      network: readNetworkSettings({}),
      requestLog: createRequestLog({ onChanged: () => undefined }),
      ledger: createLedger({ days: [], onChanged: () => undefined }),
      onSyncProgress: () => undefined,
      onCollectionChanged: () => undefined,
      onJobChanged: (job) => {
        told.push(job);
        for (const listener of listeners) listener(job);
      },
      onJobRemoved: () => undefined,
      onTransferProgress: () => undefined,
      onNote: (note) => {
        throw new Error(note);
      },
    });
    await engine.jobs.open({ goOn: true });
    return engine;
  };
  const world: JobsWorld = {
    sandbox,
    client,
    folder,
    spawner,
    told,
    collections,
    others,
    get limits() {
      return limits.now;
    },
    set limits(now) {
      limits.now = now;
    },
    engine: await start(),
    restart: async () => {
      await world.engine.dispose();
      world.engine = await start();
    },
    put: async (key, value) => {
      const { etag } = await client.putObject(BUCKET, key, Buffer.from(JSON.stringify(value)), {});
      return { key, etag };
    },
    putMany: (count) =>
      Promise.all(
        Array.from({ length: count }, (_, n) =>
          world.put(`movies/${String(n).padStart(4, '0')}.json`, { n, seen: false }),
        ),
      ),
    start: (request) => world.engine.jobs.start(request),
    wait: (job, until) =>
      new Promise((resolve) => {
        const look = (now: Job | undefined): void => {
          if (now === undefined || now.id !== job || !until(now)) return;
          listeners.delete(look);
          resolve(now);
        };
        listeners.add(look);
        look(world.engine.jobs.list().find(({ id }) => id === job));
      }),
    report: async (job, onlyFailed = false) => {
      const outcomes: ReportedOutcome[] = [];
      for (let from: string | null = null; ;) {
        const page = await world.engine.jobs.report(job, from, onlyFailed);
        outcomes.push(...page.outcomes);
        if (page.next === null) return outcomes.toSorted((a, b) => a.index - b.index);
        from = page.next;
      }
    },
    stop: async () => {
      await world.engine.dispose();
      await client.close();
      await sandbox.stop();
      await rm(folder, { recursive: true, force: true });
      if (options.spawner === undefined) await spawner.remove();
    },
  };
  return world;
}
