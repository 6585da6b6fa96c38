import { isDeepStrictEqual } from 'node:util';
import type { SyncProgress } from '../../../shared/page.ts';
import { AppFailure } from '../../../shared/result.ts';
import type { IndexEvents, IndexSource, QueryRun } from './collection-index.ts';
import type { IndexChannel } from './index-channel.ts';
import type { IndexEntry } from './index-entry.ts';
import { collectionRemoved, processEnded } from './index-failures.ts';
import { type IndexFiles, knownOf } from './index-files.ts';
import type { MissedWrites } from './missed-writes.ts';
import type { OpenIndexes } from './open-indexes.ts';
import type { IndexCalls, IndexMethod, IndexState } from './protocol.ts';
import { joined, unlimitedRun } from './query-run.ts';
import { type RunningSync, startSync } from './running-sync.ts';
import { settled, waitFor } from './waiting.ts';

export interface CollectionSyncsOptions {
  readonly channel: IndexChannel;
  readonly files: IndexFiles;
  readonly indexes: OpenIndexes;
  readonly missed: MissedWrites;
  readonly events: IndexEvents;
}

/** What a query needs of its index. */
export interface QueryNeeds {
  readonly tags: boolean;
  /** Only what is below these prefixes; null: the whole collection. */
  readonly below: readonly string[] | null;
}

/** Keeps indexes true: of each collection one sync runs at a time, shared by all whose question it answers. */
export class CollectionSyncs {
  readonly #options: CollectionSyncsOptions;

  constructor(options: CollectionSyncsOptions) {
    this.#options = options;
  }

  /** Waits for as much of a sync as the run's freshness asks for; answers with the sync that it waited for. */
  async bringUpToDate(
    entry: IndexEntry,
    source: IndexSource,
    run: QueryRun,
    { tags, below }: QueryNeeds,
    signal: AbortSignal,
  ): Promise<RunningSync | null> {
    const { freshness } = run;
    if (freshness === 'held' || (freshness !== 'forced' && entry.isFresh(source))) return null;
    if (below !== null && entry.isFreshBelow(source, below)) return null;
    if (freshness === 'forced') {
      const sync = await waitFor(this.#fresh(entry, source, true, run), signal);
      await waitFor(sync.done, signal);
      return sync;
    }
    // A sync behind the answer is no part of what the answer cost.
    const isBehind = freshness === 'first-rows' && entry.syncedAt !== null;
    const syncRun = isBehind ? { ...run, meter: run.meter.apart() } : run;
    const sync = await waitFor(this.#shared(entry, source, syncRun, below), signal);
    // Which records there are is known before their tags are read.
    if (freshness === 'complete' || (tags && entry.syncedAt === null)) {
      await waitFor(sync.done, signal);
      return sync;
    }
    if (entry.syncedAt !== null) return null;
    try {
      await waitFor(sync.firstRows, signal);
    } catch (error) {
      // A sync that a person stopped has an answer too: what had been read by then.
      if (signal.aborted || !(error instanceof AppFailure) || error.error.code !== 'aborted') throw error;
    }
    return sync;
  }

  /** Lists whatever the TTL says, and waits for the end. The signal stops the sync with its reason. */
  async run(source: IndexSource, onProgress: (progress: SyncProgress) => void, signal: AbortSignal): Promise<void> {
    const entry = await waitFor(this.#options.indexes.ensureOpen(source), signal);
    const sync = await waitFor(this.#fresh(entry, source, true, unlimitedRun('forced')), signal);
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
  }

  /** Stops what reads for a collection: its sync, and the reading of tags. */
  async stop(collection: string): Promise<void> {
    const entry = this.#options.indexes.find(collection);
    const sync = entry?.sync ?? null;
    entry?.tags.stop();
    if (sync === null || sync.ended) return;
    sync.stop(new AppFailure('aborted', 'The sync was stopped. What has been read stays.'));
    await settled(sync.done);
  }

  /** A sync of the whole collection that lists after this call: one that has not begun to list, or a new one. */
  async #fresh(entry: IndexEntry, source: IndexSource, retryProblems: boolean, run: QueryRun): Promise<RunningSync> {
    const { sync } = entry;
    if (sync === null || sync.ended) return this.#begin(entry, source, retryProblems, run, null);
    if (!sync.hasListed && sync.below === null) return joined(sync, run);
    // How it ended is told to those who waited for it.
    entry.following ??= settled(sync.done).then(async () => {
      entry.following = null;
      if (entry.forgotten) throw collectionRemoved();
      await this.#options.indexes.ensureOpen(source);
      return this.#begin(entry, source, retryProblems, run, null);
    });
    return entry.following;
  }

  /** The sync that runs, if it lists what this one would, or a new one once there is none. */
  async #shared(
    entry: IndexEntry,
    source: IndexSource,
    run: QueryRun,
    below: readonly string[] | null,
  ): Promise<RunningSync> {
    const { sync } = entry;
    if (sync === null || sync.ended || sync.below === null) return this.#begin(entry, source, false, run, below);
    return isDeepStrictEqual(sync.below, below) ? joined(sync, run) : this.#fresh(entry, source, false, run);
  }

  #begin(
    entry: IndexEntry,
    source: IndexSource,
    retryProblems: boolean,
    run: QueryRun,
    below: readonly string[] | null,
  ): RunningSync {
    if (entry.sync !== null && !entry.sync.ended) return joined(entry.sync, run);
    const { channel, events, missed } = this.#options;
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
        if (progress.state === 'done') {
          entry.leftToRead = 0;
          if (below === null) entry.lastSync = progress;
        } else entry.leftToRead = Math.max(progress.toRead - progress.read, 0);
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
        if (missedWrite && !entry.missedWrite) missed.found(entry);
        return this.#keepKnown(source, state);
      },
      () => {
        entry.missedWrite ||= missedWrite;
      },
    );
    return sync;
  }

  async #keepKnown(source: IndexSource, state: IndexState): Promise<void> {
    const { files, indexes } = this.#options;
    const known = knownOf(state);
    if (known === null || source.memoryOnly) return;
    // The sidecar is a copy of what the index knows: without it the sidebar shows an older count until the next sync.
    await settled(files.writeKnown(source.collection, known));
    // What could not be removed is tried again after the next sync.
    await settled(indexes.trim());
  }
}

function asAborted(reason: unknown): AppFailure {
  return reason instanceof AppFailure ? reason : new AppFailure('aborted', 'The sync was stopped.');
}
