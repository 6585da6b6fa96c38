import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { OpenedQuery, SyncProgress } from '../../../shared/page.ts';
import { fileFailure } from '../../../shared/file-failure.ts';
import { AppFailure } from '../../../shared/result.ts';
import { MOST_SQL_ROWS, SQL_SECONDS } from '../../../shared/sql.ts';
import type { IndexEvents, Indexes, IndexSource, QueryRun } from './collection-index.ts';
import { KeyCounts } from './counted-keys.ts';
import { isYoung, PartialListings } from './partial-listings.ts';
import { joined, statisticsOf, unlimitedRun } from './query-run.ts';
import { TagReadings } from './tag-readings.ts';
import { type RunningSync, startSync, waitFor } from './collection-syncs.ts';
import { createIndexChannel } from './index-channel.ts';
import { createIndexFiles, type KnownRecords } from './index-files.ts';
import type { SpawnIndexProcess } from './index-process.ts';
import { type IndexedObject, packObjects } from './object-batch.ts';
import type { IndexCalls, IndexMethod, IndexState, KeyPage, QueryAnswer, SqlLimits } from './protocol.ts';
import { keyPrefixes } from './query/key-prefixes.ts';
import { parseQuery } from './query/parse-query.ts';
import { asksTags } from './query/tag-places.ts';
import { tooLarge } from './too-large.ts';

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

/** Keys of a result that are listed at once. */
const KEYS_AT_ONCE = 5_000;

const SQL_LIMITS: SqlLimits = { milliseconds: SQL_SECONDS * 1_000, rows: MOST_SQL_ROWS };

/** What main knows of one collection's index. */
interface Entry {
  readonly collection: string;
  /** What the index was opened as; another codec or prefix is another index. */
  openedAs: string | null;
  opening: Promise<IndexState> | null;
  state: IndexState | null;
  sync: RunningSync | null;
  /** Starts when `sync` has ended, for those who asked after its listing began. */
  following: Promise<RunningSync> | null;
  /** Of jobs that wait for a sync. */
  readonly listeners: Set<(progress: SyncProgress) => void>;
  /** The collection was removed or changed: what waits in this entry must not make its files again. */
  forgotten: boolean;
  /** A write did not reach the index, or met what the index does not know: the next query lists whatever the TTL says. */
  missedWrite: boolean;
  readonly partial: PartialListings;
  /** Objects that a sync that was broken off had listed and not read. */
  leftToRead: number;
  readonly tags: TagReadings;
  /** The index was damaged: said with the answers until it is whole again. */
  isRemade: boolean;
}

/** All indexes of a data folder, in main: starts syncs, shares them, and asks the index process. */
export function createIndexes({ folder, spawn, events, isKept, mostBytes }: IndexesOptions): Indexes {
  const files = createIndexFiles(folder);
  const channel = createIndexChannel(spawn);
  const keyCounts = new KeyCounts(files);
  const entries = new Map<string, Entry>();
  /** Their collections, by their handles. */
  const openResults = new Map<string, string>();
  /** Who asks meanwhile waits, so that nothing is opened that is about to be deleted. */
  const forgetting = new Map<string, Promise<void>>();
  /** Opening these ended the process: their files go before the next try. */
  const poisonous = new Set<string>();
  let folderReady: Promise<void> | null = null;
  /** Nothing is opened while files of those that are not open are removed. */
  let trimming: Promise<void> = Promise.resolve();

  channel.onEnd(() => {
    openResults.clear();
    for (const entry of entries.values()) {
      if (entry.opening !== null && entry.state === null) poisonous.add(entry.collection);
      entry.opening = null;
      entry.openedAs = null;
      entry.state = null;
      entry.sync?.stop(processEnded());
    }
  });

  function entryOf(collection: string): Entry {
    let entry = entries.get(collection);
    if (entry === undefined) {
      entry = {
        collection,
        openedAs: null,
        opening: null,
        state: null,
        sync: null,
        following: null,
        listeners: new Set(),
        forgotten: false,
        missedWrite: false,
        partial: new PartialListings(),
        leftToRead: 0,
        tags: new TagReadings({
          channel,
          listRecords,
          closeResult,
          onProgress: (progress) => events.progress(progress),
        }),
        isRemade: false,
      };
      entries.set(collection, entry);
    }
    return entry;
  }

  async function ensureOpen(source: IndexSource): Promise<Entry> {
    // A deletion that failed was told to whoever asked for it.
    await settled(forgetting.get(source.collection) ?? Promise.resolve());
    if (!isKept(source.collection)) throw removed();
    const entry = entryOf(source.collection);
    const identity = JSON.stringify([source.bucket, source.prefix, source.codec, source.memoryOnly]);
    if (entry.opening === null || entry.openedAs !== identity) {
      const reopened = entry.openedAs !== null;
      if (reopened) entry.sync?.stop(new AppFailure('aborted', 'The collection was changed.'));
      entry.openedAs = identity;
      entry.state = null;
      const opening = openIndex(source, entry, reopened);
      entry.opening = opening;
      opening.catch(() => {
        if (entry.opening === opening) entry.opening = null;
      });
    }
    await entry.opening;
    return entry;
  }

  async function openIndex(source: IndexSource, entry: Entry, reopened: boolean): Promise<IndexState> {
    const { collection, prefix, codec, memoryOnly } = source;
    folderReady ??= files.prepareFolder();
    await folderReady.catch((error: unknown) => {
      folderReady = null;
      throw fileFailure(folder, error);
    });
    await trimming;
    if (reopened) await channel.call('closeIndex', { collection });
    // A collection that is kept in memory only now may have had a file before.
    if (memoryOnly || poisonous.has(collection)) await files.remove(collection);
    poisonous.delete(collection);
    if (entry.forgotten) throw removed();
    entry.partial.clear();
    entry.leftToRead = 0;
    const file = memoryOnly ? null : files.databasePath(collection);
    const opened = await channel.call('open', { collection, file, bucket: source.bucket, prefix, codec });
    // Only the order of those that are not open hangs on it.
    if (!memoryOnly) await settled(files.touch(collection));
    entry.isRemade ||= opened.isRemade;
    entry.state = opened.state;
    return opened.state;
  }

  function isFresh(entry: Entry, source: IndexSource): boolean {
    if (entry.missedWrite) return false;
    return isYoung(entry.state?.syncedAt ?? null, source);
  }

  function isFreshBelow(entry: Entry, source: IndexSource, below: readonly string[]): boolean {
    return !entry.missedWrite && isYoung(entry.partial.listedAt(below), source);
  }

  /** A sync of the whole collection that lists after this call: one that has not begun to list, or a new one. */
  async function freshSync(
    entry: Entry,
    source: IndexSource,
    retryProblems: boolean,
    run: QueryRun,
  ): Promise<RunningSync> {
    const { sync } = entry;
    if (sync === null || sync.ended) return begin(entry, source, retryProblems, run, null);
    if (!sync.hasListed && sync.below === null) return joined(sync, run);
    entry.following ??= sync.done
      .then(
        () => undefined,
        // How it ended is told to those who waited for it.
        () => undefined,
      )
      .then(async () => {
        entry.following = null;
        if (entry.forgotten) throw removed();
        await ensureOpen(source);
        return begin(entry, source, retryProblems, run, null);
      });
    return entry.following;
  }

  /** The sync that runs, if it lists what this one would, or a new one once there is none. */
  async function sharedSync(
    entry: Entry,
    source: IndexSource,
    run: QueryRun,
    below: readonly string[] | null,
  ): Promise<RunningSync> {
    const { sync } = entry;
    if (sync === null || sync.ended || sync.below === null) return begin(entry, source, false, run, below);
    return isDeepStrictEqual(sync.below, below) ? joined(sync, run) : freshSync(entry, source, false, run);
  }

  function begin(
    entry: Entry,
    source: IndexSource,
    retryProblems: boolean,
    run: QueryRun,
    below: readonly string[] | null,
  ): RunningSync {
    if (entry.sync !== null && !entry.sync.ended) return joined(entry.sync, run);
    const { generation } = channel;
    const call = async <M extends IndexMethod>(
      method: M,
      args: IndexCalls[M]['args'],
    ): Promise<IndexCalls[M]['value']> => {
      if (!channel.running || channel.generation !== generation) throw processEnded();
      return channel.call(method, args);
    };
    const missedWrite = entry.missedWrite;
    entry.missedWrite = false;
    const startedAt = Date.now();
    const begun = performance.now();
    const sync = startSync({ source, retryProblems, meter: run.meter, below }, call, {
      progress: (progress) => {
        if (progress.state === 'done') entry.leftToRead = 0;
        else entry.leftToRead = Math.max(progress.toRead - progress.read, 0);
        events.progress(progress);
        for (const listener of entry.listeners) listener(progress);
      },
      changed: (state) => events.changed(entry.collection, state.version),
      state: (state) => {
        if (channel.generation === generation) entry.state = state;
      },
    });
    entry.sync = sync;
    sync.done.then(
      (state) => {
        entry.partial.add(below ?? [], startedAt);
        // What was missed may be in another part.
        entry.missedWrite ||= missedWrite && below !== null;
        run.measured(sync.meter.statistics().requests, (performance.now() - begun) / 1_000);
        return keepKnown(source, state);
      },
      () => {
        entry.missedWrite ||= missedWrite;
      },
    );
    return sync;
  }

  async function keepKnown(source: IndexSource, state: IndexState): Promise<void> {
    const known = knownOf(state);
    if (known === null || source.memoryOnly) return;
    // The sidecar is a copy of what the index knows: without it the sidebar shows an older count until the next sync.
    await settled(files.writeKnown(source.collection, known));
    // What could not be removed is tried again after the next sync.
    await settled(trim());
  }

  function trim(): Promise<void> {
    const done = settled(trimming).then(() => files.trim(mostBytes(), () => new Set(entries.keys())));
    trimming = settled(done);
    return done;
  }

  /** Answers from the index, which is made again from S3 where it turns out to be damaged. */
  async function answer(source: IndexSource, query: string, run: QueryRun, signal: AbortSignal): Promise<Answered> {
    const parsed = parseQuery(query);
    const needsTags = asksTags(parsed);
    // What is read of one part of the keys serves no other query, so that who waits for nothing reads all of them.
    const below = run.freshness === 'complete' ? keyPrefixes(parsed, source.prefix) : null;
    for (let tried = 1; ; tried += 1) {
      const entry = await waitFor(ensureOpen(source), signal);
      try {
        const sync = await bringUpToDate(entry, source, run, needsTags, below, signal);
        const tagsReadAt =
          needsTags && run.freshness !== 'held' ? await entry.tags.read(source, query, run, signal) : null;
        const wasSynced = (entry.state?.syncedAt ?? null) !== null;
        const found = await channel.call(
          'query',
          { collection: source.collection, query },
          {
            signal,
            late: ({ result }) => {
              channel.call('closeResult', { result }).catch(() => undefined);
            },
          },
        );
        // The damage was met by a page or a write, which left an empty index behind.
        if (wasSynced && found.state.syncedAt === null) throw damaged();
        return { entry, sync, found, tagsReadAt, listedAt: below === null ? null : entry.partial.listedAt(below) };
      } catch (error) {
        if (!(error instanceof AppFailure) || error.error.code !== 'index-damaged') throw error;
        // What was known of it is not true of the new one.
        entry.isRemade = true;
        entry.state = null;
        entry.opening = null;
        entry.openedAs = null;
        if (tried > 1) throw error;
      }
    }
  }

  async function bringUpToDate(
    entry: Entry,
    source: IndexSource,
    run: QueryRun,
    needsTags: boolean,
    below: readonly string[] | null,
    signal: AbortSignal,
  ): Promise<RunningSync | null> {
    const { freshness } = run;
    if (freshness === 'held' || (freshness !== 'forced' && isFresh(entry, source))) return null;
    if (below !== null && isFreshBelow(entry, source, below)) return null;
    if (freshness === 'forced') {
      const sync = await waitFor(freshSync(entry, source, true, run), signal);
      await waitFor(sync.done, signal);
      return sync;
    }
    // A sync behind the answer is no part of what the answer cost.
    const isBehind = freshness === 'first-rows' && (entry.state?.syncedAt ?? null) !== null;
    const syncRun = isBehind ? { ...run, meter: run.meter.apart() } : run;
    const sync = await waitFor(sharedSync(entry, source, syncRun, below), signal);
    // Which records there are is known before their tags are read.
    if (freshness === 'complete' || (needsTags && entry.state?.syncedAt === null)) {
      await waitFor(sync.done, signal);
      return sync;
    }
    if ((entry.state?.syncedAt ?? null) !== null) return null;
    try {
      await waitFor(sync.firstRows, signal);
    } catch (error) {
      // A sync that a person stopped has an answer too: what had been read by then.
      if (signal.aborted || !(error instanceof AppFailure) || error.error.code !== 'aborted') throw error;
    }
    return sync;
  }

  /** Of a process that ended nothing is open any more. */
  async function closeResult(result: string): Promise<void> {
    await settled(channel.running ? channel.call('closeResult', { result }) : Promise.resolve());
  }

  async function* listRecords(result: string): AsyncGenerator<KeyPage, void, undefined> {
    const { total } = await channel.call('holdResult', { result });
    try {
      for (let from = 0; from < total; from += KEYS_AT_ONCE) {
        yield await channel.call('keys', { result, from, count: KEYS_AT_ONCE });
      }
    } finally {
      // A process that ended holds nothing any more.
      await settled(channel.running ? channel.call('releaseResult', { result }) : Promise.resolve());
    }
  }

  async function applyToIndex(source: IndexSource, change: () => Promise<IndexState>): Promise<void> {
    await keyCounts.forget(source.collection);
    const known = entries.has(source.collection) || existsSync(files.databasePath(source.collection));
    // An index that was never made reads the record with its first sync.
    if (!known) return;
    try {
      const entry = await ensureOpen(source);
      const state = await change();
      entry.state = state;
      events.changed(source.collection, state.version);
    } catch (error) {
      if (!(error instanceof AppFailure)) throw error;
      // The record is written; that the index does not know must not make a failure of it. The next query lists.
      entryOf(source.collection).missedWrite = true;
    }
  }

  async function forgetNow(collection: string): Promise<void> {
    const entry = entries.get(collection);
    if (entry !== undefined) {
      entry.forgotten = true;
      entry.sync?.stop(removed());
      if (entry.sync !== null) await settled(entry.sync.done);
    }
    if (channel.running) await channel.call('closeIndex', { collection });
    entries.delete(collection);
    await keyCounts.forget(collection);
    await files.remove(collection);
  }

  return {
    open: async (source, query, given, signal) => {
      const run = typeof given === 'string' ? unlimitedRun(given) : given;
      const { entry, sync, found, tagsReadAt, listedAt } = await answer(source, query, run, signal);
      openResults.set(found.result, source.collection);
      const requests = statisticsOf(run, sync);
      const { state } = found;
      const syncedAt = listedAt === null ? state.syncedAt : Math.max(listedAt, state.syncedAt ?? 0);
      const notes = entry.isRemade ? ['The index was damaged and is made again from S3.'] : [];
      if (state.syncedAt !== null) entry.isRemade = false;
      return {
        result: found.result,
        total: found.total,
        records: state.records,
        unreadable: state.unreadable,
        complete: syncedAt !== null,
        syncing: entry.sync !== null && !entry.sync.ended,
        syncedAt,
        ...(tagsReadAt === null ? {} : { tagsReadAt }),
        version: state.version,
        columns: found.columns,
        statistics: { ...requests, scanned: state.records, milliseconds: found.milliseconds },
        notes,
      } satisfies OpenedQuery;
    },
    checkSql: async (source, statement, signal) => {
      const { collection } = await waitFor(ensureOpen(source), signal);
      await channel.call('checkSql', { collection, statement }, { signal });
    },
    openSql: async (source, statement, signal, limits = SQL_LIMITS) => {
      const entry = await waitFor(ensureOpen(source), signal);
      const { collection } = entry;
      const found = await channel.call(
        'sql',
        { collection, statement, limits },
        { signal, late: ({ result }) => void closeResult(result) },
      );
      openResults.set(found.result, collection);
      const { records, unreadable, syncedAt, version } = found.state;
      return {
        result: found.result,
        total: found.total,
        records,
        unreadable,
        complete: syncedAt !== null,
        syncing: entry.sync !== null && !entry.sync.ended,
        syncedAt,
        version,
        columns: found.columns,
        statistics: { requests: {}, bytes: 0, scanned: records, milliseconds: found.milliseconds },
        notes: found.notes,
      };
    },
    sqlColumns: async (source) => {
      const { collection } = await ensureOpen(source);
      return channel.call('sqlColumns', { collection });
    },
    sortSql: async (result, sort) => {
      if (!openResults.has(result)) throw resultClosed();
      await channel.call('sortSql', { result, sort });
    },
    knownBefore: async (source, query, { freshness, tagsReadBefore }, signal) => {
      const prefixes = freshness === 'complete' ? keyPrefixes(parseQuery(query), source.prefix) : null;
      const entry = await waitFor(ensureOpen(source), signal);
      const question = {
        collection: source.collection,
        query,
        readBefore: tagsReadBefore,
        below: prefixes ?? [],
      };
      const facts = await channel.call('planFacts', question, { signal });
      const left = entry.leftToRead;
      return {
        freshness,
        isFresh: isFresh(entry, source) || (prefixes !== null && isFreshBelow(entry, source, prefixes)),
        isWhole: (entry.state?.syncedAt ?? null) !== null,
        classes: facts.classes,
        below: prefixes === null ? null : { prefixes, objects: facts.below },
        leftToRead: left === 0 ? null : { storageClass: 'STANDARD', objects: left, bytes: 0 },
        tags: facts.tags,
      };
    },
    page: async (result, from, count, signal) => {
      if (!openResults.has(result)) throw resultClosed();
      return channel.call('page', { result, from, count }, { signal });
    },
    rows: async (result, from, count, signal) => {
      if (!openResults.has(result)) throw resultClosed();
      return channel.call('rows', { result, from, count }, { signal });
    },
    profile: async (result, fields, signal) => {
      if (!openResults.has(result)) throw resultClosed();
      return channel.call('profile', { result, fields }, { signal });
    },
    close: async (result) => {
      if (openResults.delete(result)) await channel.call('closeResult', { result });
    },
    listRecords: async function* (result, collection) {
      if (openResults.get(result) !== collection) throw resultClosed();
      yield* listRecords(result);
    },
    sync: async (source, onProgress, signal) => {
      const entry = await waitFor(ensureOpen(source), signal);
      const sync = await waitFor(freshSync(entry, source, true, unlimitedRun('forced')), signal);
      const stop = (): void => sync.stop(asAborted(signal.reason));
      signal.addEventListener('abort', stop, { once: true });
      entry.listeners.add(onProgress);
      if (signal.aborted) stop();
      try {
        await sync.done;
      } finally {
        entry.listeners.delete(onProgress);
        signal.removeEventListener('abort', stop);
      }
    },
    beginExport: async (source, settings, signal) => {
      const { collection } = await waitFor(ensureOpen(source), signal);
      const { job } = settings;
      const close = (): Promise<void> =>
        settled(channel.running ? channel.call('closeExport', { job }) : Promise.resolve());
      const { total } = await channel.call(
        'beginExport',
        { ...settings, collection },
        { signal, late: () => void close() },
      );
      return {
        total,
        step: (large) => channel.call('exportStep', { job, large }),
        publish: async () => (await channel.call('publishExport', { job })).files,
        close,
      };
    },
    fields: async (source) => {
      await ensureOpen(source);
      return channel.call('fields', { collection: source.collection });
    },
    keyCounts,
    known: async (collection): Promise<KnownRecords | null> => {
      const state = entries.get(collection)?.state ?? null;
      if (state === null) return files.readKnown(collection);
      return knownOf(state);
    },
    stopSync: async (collection) => {
      const entry = entries.get(collection);
      const sync = entry?.sync ?? null;
      entry?.tags.stop();
      if (sync === null || sync.ended) return;
      sync.stop(new AppFailure('aborted', 'The sync was stopped. What has been read stays.'));
      await settled(sync.done);
    },
    applyWrites: async (source, written) => {
      const objects = packObjects(
        written.map(({ facts, body, tags }): IndexedObject => {
          const isTooLarge = facts.size > source.indexSizeCap;
          const object = isTooLarge
            ? { facts, body: null, problem: tooLarge(facts.size, source.indexSizeCap) }
            : { facts, body, problem: null };
          return tags === undefined ? object : { ...object, tags };
        }),
      );
      entries.get(source.collection)?.tags.wrote(objects.keys);
      await applyToIndex(source, () => channel.call('applyWrite', { collection: source.collection, objects }));
    },
    applyDeletes: async (source, keys) => {
      await applyToIndex(source, () => channel.call('applyDelete', { collection: source.collection, keys }));
    },
    applyTags: async ({ collection }, tagged) => {
      // What no open index holds is read where a query asks for it.
      if (!channel.running || entries.get(collection)?.state == null) return;
      const tags = {
        keys: tagged.map(({ key }) => key),
        etags: tagged.map(({ etag }) => etag),
        tags: tagged.map((object) => object.tags),
        readAt: Date.now(),
      };
      await channel.call('appendTags', { collection, tags }).catch((error: unknown) => {
        if (!(error instanceof AppFailure)) throw error;
        entryOf(collection).missedWrite = true;
      });
    },
    distrust: (collection) => {
      entryOf(collection).missedWrite = true;
      keyCounts.forget(collection).catch(() => undefined);
    },
    size: (collection) => files.size(collection),
    sizes: () => files.sizes(),
    trim: async () => {
      await trim().catch((error: unknown) => {
        throw fileFailure(folder, error);
      });
    },
    forget: async (collection) => {
      const before = forgetting.get(collection);
      const work = settled(before ?? Promise.resolve()).then(() => forgetNow(collection));
      forgetting.set(collection, work);
      try {
        await work;
      } finally {
        if (forgetting.get(collection) === work) forgetting.delete(collection);
      }
    },
    dispose: async () => {
      const running = [...entries.values()].map(({ sync }) => sync).filter((sync) => sync !== null);
      for (const sync of running) sync.stop(new AppFailure('aborted', 'Dipper is closing.'));
      await Promise.all(running.map(({ done }) => settled(done)));
      await channel.stop();
    },
  };
}

interface Answered {
  readonly entry: Entry;
  readonly sync: RunningSync | null;
  readonly found: QueryAnswer;
  readonly tagsReadAt: number | null;
  /** Of the keys that the query can find, where only those were listed. */
  readonly listedAt: number | null;
}

/** The unreadable objects are rows of a query without conditions: its count and the sidebar's are one. */
function knownOf({ records, unreadable, syncedAt }: IndexState): KnownRecords | null {
  return syncedAt === null ? null : { records: records + unreadable, syncedAt };
}

function asAborted(reason: unknown): AppFailure {
  return reason instanceof AppFailure ? reason : new AppFailure('aborted', 'The sync was stopped.');
}

async function settled(promise: Promise<unknown>): Promise<void> {
  await Promise.allSettled([promise]);
}

function removed(): AppFailure {
  return new AppFailure('aborted', 'The collection was removed.');
}

function processEnded(): AppFailure {
  return new AppFailure('index-restarted', 'The index process ended. The next query starts it again.', {
    retryable: true,
  });
}

function damaged(): AppFailure {
  return new AppFailure('index-damaged', 'The index of this collection is damaged. Run the query again.', {
    retryable: true,
  });
}

function resultClosed(): AppFailure {
  return new AppFailure('result-closed', 'This result is not open any more. Run the query again.');
}
