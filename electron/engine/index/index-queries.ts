import type { OpenedQuery, RecordCount } from '../../../shared/page.ts';
import { AppFailure } from '../../../shared/result.ts';
import type { KnownBefore } from '../cost/plan-query.ts';
import type { IndexSource, QueryRun } from './collection-index.ts';
import type { CollectionSyncs } from './collection-syncs.ts';
import type { IndexChannel } from './index-channel.ts';
import type { IndexEntry } from './index-entry.ts';
import { indexDamaged } from './index-failures.ts';
import type { OpenIndexes } from './open-indexes.ts';
import { closeResult, type OpenResults } from './open-results.ts';
import type { CountAnswer, IndexState, QueryAnswer } from './protocol.ts';
import { keyPrefixes } from './query/key-prefixes.ts';
import { parseQuery } from './query/parse-query.ts';
import { asksTags } from './query/tag-places.ts';
import { statisticsOf } from './query-run.ts';
import type { RunningSync } from './running-sync.ts';
import { waitFor } from './waiting.ts';

export interface IndexQueriesOptions {
  readonly channel: IndexChannel;
  readonly indexes: OpenIndexes;
  readonly syncs: CollectionSyncs;
  readonly results: OpenResults;
}

/** Answers queries from indexes that are as fresh as was asked. */
export class IndexQueries {
  readonly #options: IndexQueriesOptions;

  constructor(options: IndexQueriesOptions) {
    this.#options = options;
  }

  async open(source: IndexSource, query: string, run: QueryRun, signal: AbortSignal): Promise<OpenedQuery> {
    const { channel, results } = this.#options;
    const ask = (): Promise<QueryAnswer> =>
      channel.call(
        'query',
        { collection: source.collection, query },
        { signal, late: ({ result }) => void closeResult(channel, result) },
      );
    const { entry, sync, found, tagsReadAt, listedAt } = await this.#answer(source, query, run, signal, ask);
    results.add(found, source.collection);
    const { state } = found;
    const syncedAt = listedAt === null ? state.syncedAt : Math.max(listedAt, state.syncedAt ?? 0);
    return {
      result: found.result,
      total: found.total,
      records: state.records,
      unreadable: state.unreadable,
      complete: syncedAt !== null,
      syncing: entry.isSyncing,
      syncedAt,
      ...entry.costOf(syncedAt),
      ...(tagsReadAt === null ? {} : { tagsReadAt }),
      version: state.version,
      columns: found.columns,
      statistics: { ...statisticsOf(run, sync), scanned: state.records, milliseconds: found.milliseconds },
      notes: notesOn(entry, state),
    };
  }

  async count(source: IndexSource, query: string, run: QueryRun, signal: AbortSignal): Promise<RecordCount> {
    const ask = (): Promise<CountAnswer> =>
      this.#options.channel.call('count', { collection: source.collection, query }, { signal });
    const { entry, sync, found } = await this.#answer(source, query, run, signal, ask);
    const { total, state, milliseconds } = found;
    return {
      total,
      unreadable: state.unreadable,
      statistics: { ...statisticsOf(run, sync), scanned: state.records, milliseconds },
      notes: notesOn(entry, state),
    };
  }

  /** Asks an index that is as fresh as the run wants it; it is made again from S3 where it turns out to be damaged. */
  async #answer<Found extends { readonly state: IndexState }>(
    source: IndexSource,
    query: string,
    run: QueryRun,
    signal: AbortSignal,
    ask: () => Promise<Found>,
  ): Promise<Answered<Found>> {
    const { indexes, syncs } = this.#options;
    const parsed = parseQuery(query);
    const needsTags = asksTags(parsed);
    // What is read of one part of the keys serves no other query, so that who waits for nothing reads all of them.
    const below = run.freshness === 'complete' ? keyPrefixes(parsed, source.prefix) : null;
    for (let tried = 1; ; tried += 1) {
      const entry = await waitFor(indexes.ensureOpen(source), signal);
      try {
        const sync = await syncs.bringUpToDate(entry, source, run, { tags: needsTags, below }, signal);
        const tagsReadAt =
          needsTags && run.freshness !== 'held' ? await entry.tags.read(source, query, run, signal) : null;
        const wasSynced = entry.syncedAt !== null;
        const found = await ask();
        // The damage was met by a page or a write, which left an empty index behind.
        if (wasSynced && found.state.syncedAt === null) throw indexDamaged();
        return { entry, sync, found, tagsReadAt, listedAt: below === null ? null : entry.partial.listedAt(below) };
      } catch (error) {
        if (!(error instanceof AppFailure) || error.error.code !== 'index-damaged') throw error;
        // What was known of it is not true of the new one.
        entry.isRemade = true;
        entry.close();
        if (tried > 1) throw error;
      }
    }
  }

  /** What a plan of a query is made from; sends no request. */
  async knownBefore(
    source: IndexSource,
    query: string,
    { freshness, tagsReadBefore }: Pick<QueryRun, 'freshness' | 'tagsReadBefore'>,
    signal: AbortSignal,
  ): Promise<KnownBefore> {
    const { channel, indexes } = this.#options;
    const prefixes = freshness === 'complete' ? keyPrefixes(parseQuery(query), source.prefix) : null;
    const entry = await waitFor(indexes.ensureOpen(source), signal);
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
      isFresh: entry.isFresh(source) || (prefixes !== null && entry.isFreshBelow(source, prefixes)),
      isWhole: entry.syncedAt !== null,
      classes: facts.classes,
      below: prefixes === null ? null : { prefixes, objects: facts.below },
      leftToRead: left === 0 ? null : { storageClass: 'STANDARD', objects: left, bytes: 0 },
      tags: facts.tags,
    };
  }
}

interface Answered<Found> {
  readonly entry: IndexEntry;
  readonly sync: RunningSync | null;
  readonly found: Found;
  readonly tagsReadAt: number | null;
  /** Of the keys that the query can find, where only those were listed. */
  readonly listedAt: number | null;
}

/** What is said until the index is whole again. */
function notesOn(entry: IndexEntry, state: IndexState): readonly string[] {
  const notes = entry.isRemade ? ['The index was damaged and is made again from S3.'] : [];
  if (state.syncedAt !== null) entry.isRemade = false;
  return notes;
}
