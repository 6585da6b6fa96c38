import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Indexes, IndexSource } from '../../../../electron/engine/index/collection-index.ts';
import { createIndexes } from '../../../../electron/engine/index/create-indexes.ts';
import { createS3Client } from '../../../../electron/engine/s3/create-s3-client.ts';
import type { S3Client } from '../../../../electron/engine/s3/s3-client.ts';
import type { Freshness } from '../../../../shared/contract.ts';
import type { OpenedQuery, SyncProgress } from '../../../../shared/page.ts';
import { startTestSandbox, targetOf, type TestSandbox } from '../../support/sandbox.ts';
import { buildIndexProcess, type TestSpawner } from './index-process.ts';

export const BUCKET = 'records';

/** A sandbox, a client, a folder and the indexes in it: everything real. */
export interface IndexWorld {
  readonly sandbox: TestSandbox;
  readonly client: S3Client;
  readonly folder: string;
  readonly spawner: TestSpawner;
  readonly progress: SyncProgress[];
  readonly changes: { readonly collection: string; readonly version: number }[];
  /** Collections that are not there any more. */
  readonly removed: Set<string>;
  indexes: Indexes;
  /** Another start of Dipper on the same folder. */
  restart(): Promise<void>;
  put(key: string, body: string | Uint8Array): Promise<string>;
  source(collection: string, changes?: Partial<IndexSource>): IndexSource;
  open(source: IndexSource, query: unknown, freshness?: Freshness): Promise<OpenedQuery>;
  stop(): Promise<void>;
}

export async function startIndexWorld(): Promise<IndexWorld> {
  const spawner = await buildIndexProcess();
  const sandbox = await startTestSandbox({ buckets: [BUCKET] });
  const folder = await mkdtemp(join(tmpdir(), 'dipper-index-'));
  const client = createS3Client(targetOf(sandbox));
  const progress: SyncProgress[] = [];
  const changes: { readonly collection: string; readonly version: number }[] = [];
  const removed = new Set<string>();
  const start = (): Indexes =>
    createIndexes({
      folder,
      spawn: spawner.spawn,
      isKept: (collection) => !removed.has(collection),
      mostBytes: () => Infinity,
      events: {
        progress: (report) => progress.push(report),
        changed: (collection, version) => changes.push({ collection, version }),
      },
    });
  const world: IndexWorld = {
    sandbox,
    client,
    folder,
    spawner,
    progress,
    changes,
    removed,
    indexes: start(),
    restart: async () => {
      await world.indexes.dispose();
      world.indexes = start();
    },
    put: async (key, body) => {
      const bytes = typeof body === 'string' ? Buffer.from(body) : body;
      return (await client.putObject(BUCKET, key, bytes, {})).etag;
    },
    source: (collection, options = {}) => ({
      collection,
      bucket: BUCKET,
      prefix: `${collection}/`,
      codec: 'plain',
      cacheTtlSeconds: 60,
      indexSizeCap: 4 * 1024 * 1024,
      memoryOnly: false,
      client,
      ...options,
    }),
    open: (source, query, freshness = 'complete') =>
      world.indexes.open(source, JSON.stringify(query), freshness, new AbortController().signal),
    stop: async () => {
      await world.indexes.dispose();
      await client.close();
      await sandbox.stop();
      await rm(folder, { recursive: true, force: true });
      await spawner.remove();
    },
  };
  return world;
}
