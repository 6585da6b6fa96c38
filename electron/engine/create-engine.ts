import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from '../../shared/connection.ts';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import type { TransferProgress } from '../../shared/upload.ts';
import { isBilled, observeFor } from './cost/ledger.ts';
import { pricesOf } from './cost/price-table.ts';
import { US_EAST_1 } from './cost/prices/us-east-1.ts';
import { createComparisons } from './create-comparisons.ts';
import { createRateKeeper } from './cost/request-rates.ts';
import type { CollectionTarget, Engine, EngineOptions } from './engine.ts';
import { createQueryRuns, type QueryRunsOptions } from './query-runs.ts';
import { createSqlRuns } from './sql-runs.ts';
import { createStorageOffers } from './storage-offers.ts';
import { createJobRuns } from './job-runs.ts';
import { createJobs } from './jobs/create-jobs.ts';
import type { IndexSource } from './index/collection-index.ts';
import { draggedFile } from './transfer/export/dragged-file.ts';
import { createImports } from './transfer/import/create-imports.ts';
import { createImportReaders } from './transfer/import/import-readers.ts';
import { createIndexes } from './index/create-indexes.ts';
import { findDeletedRecords } from './records/delete-markers.ts';
import { detectCodec } from './records/detect-codec.ts';
import { createRecordBatches } from './records/create-record-batches.ts';
import { createBodyCache } from './records/body-cache.ts';
import { downloadRecord, uploadRecord } from './records/record-files.ts';
import { createRecordStore, type RecordStore } from './records/record-store.ts';
import { settleTries } from './records/settle-write.ts';
import { hasCode } from './records/write-failures.ts';
import { createClients } from './s3/clients.ts';
import { createS3Client, type S3ClientOptions } from './s3/create-s3-client.ts';
import { countObjects, listPrefixes } from './s3/listing/prefixes.ts';
import { abortUploads, listUnfinishedUploads } from './s3/multipart/unfinished-uploads.ts';
import { createUploadJournal } from './s3/multipart/upload-journal.ts';
import { markCollection } from './s3/request-purpose.ts';
import type { S3Client, S3Target } from './s3/s3-client.ts';
import { createBucket } from './s3/create-bucket.ts';
import { answerTime } from './s3/answer-time.ts';
import { checkConnection, type CheckOptions } from './s3/check-connection.ts';
import { weakerWrites } from './s3/unchecked-conditions.ts';
import { WriteInDoubt } from './s3/write-in-doubt.ts';
import { aheadOfBulk } from './turns.ts';

/** Failures of a write after which S3 may hold what the index does not know. */
const TELLS_OF_NEWS = ['aborted', 'record-changed', 'record-exists', 'record-not-found'] as const;

/** Milliseconds between two reports of a file's way. */
const TOLD_EVERY = 200;

/** The engine whole: clients, records and indexes joined. */
export function createEngine(options: EngineOptions): Engine {
  const clientOptions = (connection: Connection, target: S3Target): S3ClientOptions => ({
    ...options.network,
    log: options.requestLog,
    onRequest: observeFor(options.ledger, connection, target),
  });
  const uploads = createUploadJournal(options.uploadsFolder);
  const clients = createClients(options.resolveTarget, uploads, clientOptions);
  const bodies = createBodyCache(options.bodiesFolder);
  const indexes = createIndexes({
    folder: options.indexFolder,
    spawn: options.spawnIndexProcess,
    isKept: options.isKept,
    mostBytes: options.mostIndexBytes,
    events: { progress: options.onSyncProgress, changed: options.onCollectionChanged },
  });

  const connected = (target: CollectionTarget, signal: AbortSignal): Promise<S3Client> => {
    markCollection(signal, target.collection.id);
    return clients.of(target.connection, target.collection.maxWorkers);
  };

  const records = async (
    target: CollectionTarget,
    signal: AbortSignal,
  ): Promise<{ store: RecordStore; source: IndexSource }> => {
    const client = await connected(target, signal);
    const kept = target.collection.memoryOnly ? null : bodies.of(target.collection);
    return { store: createRecordStore(client, target.collection, { bodies: kept }), source: sourceOf(target, client) };
  };

  const tellTransfer = (
    { collection }: CollectionTarget,
    transfer: Pick<TransferProgress, 'record' | 'path' | 'direction'>,
  ) => {
    let toldAt = -Infinity;
    return ({ done, total }: Pick<TransferProgress, 'done' | 'total'>): void => {
      const now = performance.now();
      if (done < total && now - toldAt < TOLD_EVERY) return;
      toldAt = now;
      options.onTransferProgress({ collection: collection.id, ...transfer, done, total });
    };
  };

  /** A write that was broken off may have been done, and a conflict shows that the index is behind. */
  const writing = async <T>({ collection }: CollectionTarget, write: () => Promise<T>): Promise<T> => {
    try {
      return await write();
    } catch (error) {
      if (error instanceof WriteInDoubt || hasCode(error, ...TELLS_OF_NEWS)) indexes.distrust(collection.id);
      throw error;
    }
  };

  const readers = createImportReaders(options.spawnIndexProcess);
  const sourceFolder = join(options.journalFolder, 'sources');

  const jobs = createJobs({
    folder: options.journalFolder,
    limits:
      options.journalLimits ??
      (() => ({ days: DEFAULT_SETTINGS.journalDays, bytes: DEFAULT_SETTINGS.mostJournalBytes })),
    indexes,
    findTarget: options.findTarget,
    connect: async (target) => {
      const workers = target.collection.maxWorkers ?? target.connection.maxWorkers;
      const client = await clients.of(target.connection, target.collection.maxWorkers);
      return {
        target,
        client,
        source: sourceOf(target, client),
        batches: createRecordBatches(client, target.collection),
        readers,
        sourceFolder,
        // One in line for each at work: a pause waits for both.
        tasks: workers === null ? null : 2 * workers,
        settle: (tries, call) => settleTries(client, tries, call),
      };
    },
    onChanged: options.onJobChanged,
    onRemoved: options.onJobRemoved,
    onNote: options.onNote,
  });

  const connect: QueryRunsOptions['connect'] = async (target) => {
    const client = await clients.of(target.connection, target.collection.maxWorkers);
    return { client, source: sourceOf(target, client) };
  };
  const rates = options.rates ?? createRateKeeper({ rates: {}, onChanged: () => undefined });
  const prices = options.prices ?? [];
  const queries = createQueryRuns({ indexes, connect, rates, prices });
  const imports = createImports({
    readers,
    connect: connected,
    pricesOf: ({ connection }) => (isBilled(connection) ? pricesOf(connection.region, prices, US_EAST_1).table : null),
    sourceFolder,
  });

  const { findTarget } = options;
  const jobRuns = createJobRuns({ jobs, indexes, imports, queries, findTarget, connect, rates, prices });

  return {
    jobs,
    planJob: jobRuns.plan,
    startJob: jobRuns.start,
    undoJob: jobRuns.undo,
    retryJob: jobRuns.retry,
    imports,
    classOffers: createStorageOffers({ indexes, connect, prices: options.prices ?? [] }),
    openQuery: queries.open,
    planQuery: queries.plan,
    countRecords: queries.count,
    sql: createSqlRuns({ indexes, connect, queries }),
    countKeys: queries.countKeys,
    readPage: (result, from, count, signal) => aheadOfBulk(() => indexes.page(result, from, count, signal)),
    readRows: (result, from, count, signal) => indexes.rows(result, from, count, signal),
    readDragged: async ({ collection }, dragged, signal) =>
      draggedFile(collection.name, await indexes.dragged(dragged, signal)),
    profileResult: (result, fields, signal) => indexes.profile(result, fields, signal),
    closeQuery: (result) => indexes.close(result),
    stopSync: (collection) => indexes.stopSync(collection),
    fields: async (target) => {
      const client = await clients.of(target.connection, target.collection.maxWorkers);
      return indexes.fields(sourceOf(target, client));
    },
    knownRecords: (collection) => indexes.known(collection),

    readRecord: async (target, address, signal) => {
      const { store } = await records(target, signal);
      return store.read(address, signal);
    },
    createRecord: async (target, record, signal) => {
      const { store, source } = await records(target, signal);
      const { answer, written } = await writing(target, () => store.create(record, signal));
      await indexes.applyWrites(source, [written]);
      return answer;
    },
    updateRecord: async (target, update, signal) => {
      const { store, source } = await records(target, signal);
      const { answer, written } = await writing(target, () => store.update(update, signal));
      await indexes.applyWrites(source, [written]);
      return answer;
    },
    deleteRecord: async (target, key, etag, signal) => {
      const { store, source } = await records(target, signal);
      const answer = await writing(target, () => store.delete(key, etag, signal));
      await indexes.applyDeletes(source, [key]);
      return answer;
    },

    ...createComparisons({ indexes, connected, rates, prices }),

    findDeleted: async (target, signal) =>
      findDeletedRecords(await connected(target, signal), target.collection, { signal, lane: 'bulk' }),

    weakerWrites: async (target, held, signal) => {
      const client = await connected(target, signal);
      const { bucket, prefix } = target.collection;
      return weakerWrites(await client.capabilities(bucket, prefix, { signal, held }));
    },

    uploadRecord: async (target, file, signal) => {
      const client = await connected(target, signal);
      try {
        return await writing(target, () =>
          uploadRecord(client, uploads, target, file, {
            signal,
            onProgress: tellTransfer(target, { record: { id: file.id }, path: file.path, direction: 'up' }),
          }),
        );
      } finally {
        // What the index is to hold of it, it reads from the object.
        indexes.distrust(target.collection.id);
      }
    },
    downloadRecord: async (target, address, path, signal) =>
      downloadRecord(await connected(target, signal), target.collection, address, path, {
        signal,
        onProgress: tellTransfer(target, { record: address, path, direction: 'down' }),
      }),
    forgetUploads: (connection) => uploads.forget(connection),
    unfinishedUploads: async (target, signal) => {
      const { bucket, prefix, connectionId } = target.collection;
      const client = await connected(target, signal);
      return listUnfinishedUploads(client, uploads, { connection: connectionId, bucket, prefix }, { signal });
    },
    removeUploads: async (target, chosen, signal) =>
      abortUploads(await connected(target, signal), target.collection.bucket, chosen, { signal }),

    testConnection: async (connection, test) =>
      checkConnection(await clients.of(connection), { ...test, ...whoTests(connection) }),
    testTarget: async (connection, target, test) => {
      // Who tests what was typed in is told of a wrong region, which works all the same, so that it is not saved.
      const client = createS3Client(target, { ...clientOptions(connection, target), followsRegion: false });
      try {
        return await checkConnection(client, { ...test, ...whoTests(connection) });
      } finally {
        await client.close();
      }
    },
    answerTime: async (connection, signal) => answerTime(await clients.of(connection), signal),
    createBucket: async (connection, bucket, signal) => createBucket(await clients.of(connection), bucket, signal),
    listBuckets: async (connection, signal) => (await clients.of(connection)).listBuckets({ signal }),
    listPrefixes: async (connection, bucket, prefix, from, signal) =>
      listPrefixes(await clients.of(connection), bucket, prefix, from, { signal }),
    countObjects: async (connection, bucket, prefix, signal) =>
      countObjects(await clients.of(connection), bucket, prefix, { signal, lane: 'bulk' }),
    detectCodec: async (connection, bucket, prefix, signal) =>
      detectCodec(await clients.of(connection), bucket, prefix, signal),

    forgetConnection: (connection) => clients.forget(connection),
    leaveServer: (connection) => clients.leave(connection),
    indexSize: (collection) => indexes.size(collection),
    indexSizes: () => indexes.sizes(),
    trimIndexes: () => indexes.trim(),
    bodiesSize: (collection) => bodies.size(collection),
    forgetIndex: (collection) => indexes.forget(collection),
    leavePlace: async (collection) => {
      await jobs.abandon(collection);
      await bodies.forget(collection);
      await indexes.forget(collection);
    },
    forgetCollection: async (collection) => {
      await jobs.forget(collection);
      await bodies.forget(collection);
      await indexes.forget(collection);
    },
    dispose: async () => {
      await jobs.dispose();
      await readers.dispose();
      // Jobs that go on get them again.
      await rm(sourceFolder, { recursive: true, force: true });
      await indexes.dispose();
      await clients.close();
    },
  };
}

function sourceOf({ collection }: CollectionTarget, client: S3Client): IndexSource {
  const { id, bucket, prefix, codec, cacheTtlSeconds, indexSizeCap, memoryOnly } = collection;
  return { collection: id, bucket, prefix, codec, cacheTtlSeconds, indexSizeCap, memoryOnly, client };
}

function whoTests({ readOnly, credentials }: Connection): Pick<CheckOptions, 'readOnly' | 'anonymous'> {
  return { readOnly, anonymous: credentials.source === 'anonymous' };
}
