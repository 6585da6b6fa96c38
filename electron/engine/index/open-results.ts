import type { SizeCount } from '../../../shared/class-offer.ts';
import type { DraggedRecords } from '../../../shared/dragged-records.ts';
import type { ResultPage, ResultRow } from '../../../shared/page.ts';
import type { ResultProfile } from '../../../shared/profile.ts';
import type { FieldSortKey } from '../../../shared/query.ts';
import type { StorageRule } from '../../../shared/storage-rules.ts';
import type { ListedRows, RowRange } from './collection-index.ts';
import type { IndexChannel } from './index-channel.ts';
import { resultClosed } from './index-failures.ts';
import type { DraggedRows, KeyPage, QueryAnswer } from './protocol.ts';
import { settled } from './waiting.ts';

/** Keys of a result that are listed at once: 5,000 kept the index from rows that somebody waits for 35 ms long. */
const KEYS_AT_ONCE = 1_000;

/** The results that the index process holds open for main, by their handles. */
export class OpenResults {
  readonly #channel: IndexChannel;
  readonly #open = new Map<string, { readonly collection: string; readonly total: number }>();

  constructor(channel: IndexChannel) {
    this.#channel = channel;
    channel.onEnd(() => this.#open.clear());
  }

  add({ result, total }: Pick<QueryAnswer, 'result' | 'total'>, collection: string): void {
    this.#open.set(result, { collection, total });
  }

  countOf(result: string): number {
    return this.#require(result).total;
  }

  async page(result: string, from: number, count: number, signal?: AbortSignal): Promise<ResultPage> {
    this.#require(result);
    return this.#channel.call('page', { result, from, count }, { signal });
  }

  async rows(result: string, from: number, count: number, signal?: AbortSignal): Promise<readonly ResultRow[]> {
    this.#require(result);
    return this.#channel.call('rows', { result, from, count }, { signal });
  }

  async dragged({ result, ranges }: Omit<DraggedRecords, 'collection'>, signal: AbortSignal): Promise<DraggedRows> {
    this.#require(result);
    return this.#channel.call('dragged', { result, ranges: [...ranges] }, { signal });
  }

  async profile(result: string, fields: readonly (readonly string[])[], signal: AbortSignal): Promise<ResultProfile> {
    this.#require(result);
    return this.#channel.call('profile', { result, fields }, { signal });
  }

  async sizes(
    result: string,
    ranges: readonly RowRange[] | null,
    rules: readonly StorageRule[],
    signal: AbortSignal,
  ): Promise<readonly SizeCount[]> {
    this.#require(result);
    return this.#channel.call('sizes', { result, ranges: ranges === null ? null : [...ranges], rules }, { signal });
  }

  async sortSql(result: string, sort: readonly FieldSortKey[]): Promise<void> {
    this.#require(result);
    await this.#channel.call('sortSql', { result, sort });
  }

  async close(result: string): Promise<void> {
    if (this.#open.delete(result)) await this.#channel.call('closeResult', { result });
  }

  /** Keys and ETags of a result of this collection; see `Indexes`. */
  async *listRecords(result: string, collection: string, which?: ListedRows): AsyncGenerator<KeyPage, void, undefined> {
    if (this.#require(result).collection !== collection) throw resultClosed();
    yield* listRecords(this.#channel, result, which);
  }

  #require(result: string): { readonly collection: string; readonly total: number } {
    const open = this.#open.get(result);
    if (open === undefined) throw resultClosed();
    return open;
  }
}

/** The result stays open until the last page, whoever closes it. */
export async function* listRecords(
  channel: IndexChannel,
  result: string,
  { ranges, rules = [] }: ListedRows = {},
): AsyncGenerator<KeyPage, void, undefined> {
  const { total } = await channel.call('holdResult', { result });
  try {
    for (const { from: first, to } of ranges ?? [{ from: 0, to: total }]) {
      const end = Math.min(to, total);
      for (let from = first; from < end; from += KEYS_AT_ONCE) {
        yield await channel.call('keys', { result, from, count: Math.min(KEYS_AT_ONCE, end - from), rules });
      }
    }
  } finally {
    // A process that ended holds nothing any more.
    await settled(channel.running ? channel.call('releaseResult', { result }) : Promise.resolve());
  }
}

/** Closes a result that nobody was told of, or that may be gone: of a process that ended nothing is open any more. */
export async function closeResult(channel: IndexChannel, result: string): Promise<void> {
  await settled(channel.running ? channel.call('closeResult', { result }) : Promise.resolve());
}
