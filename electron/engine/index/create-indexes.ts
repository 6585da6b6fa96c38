import type { Freshness } from '../../../shared/contract.ts';
import { fileFailure } from '../../../shared/file-failure.ts';
import { AppFailure } from '../../../shared/result.ts';
import type { IndexEvents, Indexes, QueryRun } from './collection-index.ts';
import { CollectionSyncs } from './collection-syncs.ts';
import { KeyCounts } from './counted-keys.ts';
import { beginExport } from './begin-export.ts';
import { createIndexChannel } from './index-channel.ts';
import { createIndexFiles, knownOf } from './index-files.ts';
import type { SpawnIndexProcess } from './index-process.ts';
import { IndexQueries } from './index-queries.ts';
import { IndexWrites } from './index-writes.ts';
import { MissedWrites } from './missed-writes.ts';
import { OpenIndexes } from './open-indexes.ts';
import { closeResult, listRecords, OpenResults } from './open-results.ts';
import { unlimitedRun } from './query-run.ts';
import { SqlQueries } from './sql-queries.ts';
import { TagReadings } from './tag-readings.ts';
import { waitFor } from './waiting.ts';

export interface IndexesOptions {
  /** Folder of the index files; made with mode 0700. */
  readonly folder: string;
  readonly spawn: SpawnIndexProcess;
  readonly events: IndexEvents;
  /** Whether a collection is still there: of one that was removed no call that is under way makes the files again. */
  readonly isKept: (collection: string) => boolean;
  /** Bytes of all index files together; those that are open stay all the same. */
  readonly mostBytes: () => number;
}

/** All indexes of a data folder, in main: the parts that start syncs, share them, and ask the index process. */
export function createIndexes({ folder, spawn, events, isKept, mostBytes }: IndexesOptions): Indexes {
  const files = createIndexFiles(folder);
  const channel = createIndexChannel(spawn);
  const keyCounts = new KeyCounts(files);
  const results = new OpenResults(channel);
  const tagReadings = (): TagReadings =>
    new TagReadings({
      channel,
      listRecords: (result) => listRecords(channel, result),
      closeResult: (result) => closeResult(channel, result),
      onProgress: (progress) => events.progress(progress),
    });
  const missed = new MissedWrites(files);
  const indexes = new OpenIndexes({ folder, files, channel, keyCounts, missed, tagReadings, isKept, mostBytes });
  const syncs = new CollectionSyncs({ channel, files, indexes, missed, events });
  const queries = new IndexQueries({ channel, indexes, syncs, results });
  const sql = new SqlQueries({ channel, indexes, results });
  const writes = new IndexWrites({ channel, indexes, missed, keyCounts, events });

  return {
    open: (source, query, run, signal) => queries.open(source, query, asRun(run), signal),
    count: (source, query, run, signal) => queries.count(source, query, asRun(run), signal),
    knownBefore: (source, query, run, signal) => queries.knownBefore(source, query, run, signal),
    checkSql: (source, statement, signal) => sql.check(source, statement, signal),
    openSql: (source, statement, signal, limits) => sql.open(source, statement, signal, limits),
    sqlColumns: (source) => sql.columns(source),
    sortSql: (result, sort) => results.sortSql(result, sort),
    page: (result, from, count, signal) => results.page(result, from, count, signal),
    rows: (result, from, count, signal) => results.rows(result, from, count, signal),
    dragged: (records, signal) => results.dragged(records, signal),
    profile: (result, fields, signal) => results.profile(result, fields, signal),
    close: (result) => results.close(result),
    objectSizes: async (source, keys, signal) => {
      const { collection } = await waitFor(indexes.ensureOpen(source), signal);
      return channel.call('sizes', { collection, keys }, { signal });
    },
    sizesOfResult: (result, ranges, rules, signal) => results.sizes(result, ranges, rules, signal),
    countOf: (result) => results.countOf(result),
    listRecords: (result, collection, which) => results.listRecords(result, collection, which),
    isRead: async (source) => ((await indexes.ensureOpen(source)).state?.syncedAt ?? null) !== null,
    beginExport: (source, begin, signal) => beginExport({ channel, indexes }, source, begin, signal),
    fields: async (source) => {
      await indexes.ensureOpen(source);
      return channel.call('fields', { collection: source.collection });
    },
    known: async (collection) => {
      const state = indexes.find(collection)?.state ?? null;
      return state === null ? files.readKnown(collection) : knownOf(state);
    },
    keyCounts,
    sync: (source, onProgress, signal) => syncs.run(source, onProgress, signal),
    stopSync: (collection) => syncs.stop(collection),
    applyWrites: (source, written) => writes.applyWrites(source, written),
    applyDeletes: (source, keys) => writes.applyDeletes(source, keys),
    applyTags: (source, tagged) => writes.applyTags(source, tagged),
    distrust: (collection) => writes.distrust(collection),
    size: (collection) => files.size(collection),
    sizes: () => files.sizes(),
    trim: async () => {
      await indexes.trim().catch((error: unknown) => {
        throw fileFailure(folder, error);
      });
    },
    forget: (collection) => indexes.forget(collection),
    dispose: async () => {
      await indexes.stopSyncs(new AppFailure('aborted', 'Dipper is closing.'));
      await channel.stop();
      await missed.noted();
    },
  };
}

function asRun(run: QueryRun | Freshness): QueryRun {
  return typeof run === 'string' ? unlimitedRun(run) : run;
}
