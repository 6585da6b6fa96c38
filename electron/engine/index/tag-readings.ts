import type { SyncProgress } from '../../../shared/page.ts';
import { AppFailure } from '../../../shared/result.ts';
import { markCollection } from '../s3/request-purpose.ts';
import type { IndexSource, QueryRun } from './collection-index.ts';
import type { IndexChannel } from './index-channel.ts';
import type { KeyPage } from './protocol.ts';
import { readTags } from './read-tags.ts';
import { waitFor } from './waiting.ts';

export interface TagReadingsOptions {
  readonly channel: IndexChannel;
  readonly onProgress: (progress: SyncProgress) => void;
  /** Keys and ETags of a result, by pages. */
  readonly listRecords: (result: string) => AsyncIterable<KeyPage>;
  readonly closeResult: (result: string) => Promise<void>;
}

/** The readings of tags of one collection: one at a time, because the next finds that they are known. */
export class TagReadings {
  readonly #options: TagReadingsOptions;
  #last: Promise<unknown> = Promise.resolve();
  #stop: AbortController | null = null;
  readonly #ownWrites = new Set<string>();

  constructor(options: TagReadingsOptions) {
    this.#options = options;
  }

  /** What was read of these keys before now is older than what the index has. */
  wrote(keys: Iterable<string>): void {
    if (this.#stop === null) return;
    for (const key of keys) this.#ownWrites.add(key);
  }

  /** Ends the reading that is under way; what was read stays. */
  stop(): void {
    this.#stop?.abort(new AppFailure('aborted', 'The reading of tags was stopped. What has been read stays.'));
  }

  /** Reads what nobody knows of the tags that a query asks of; answers when the oldest of them were read. */
  async read(source: IndexSource, query: string, run: QueryRun, signal: AbortSignal): Promise<number | null> {
    const reading = waitFor(this.#last, signal).then(() => this.#readNow(source, query, run, signal));
    this.#last = reading.catch(() => undefined);
    return reading;
  }

  async #readNow(source: IndexSource, query: string, run: QueryRun, signal: AbortSignal): Promise<number | null> {
    const { channel, listRecords, closeResult, onProgress } = this.#options;
    const { collection } = source;
    const question = { collection, query, readBefore: run.tagsReadBefore };
    const { result, total, oldestReadAt } = await channel.call('unreadTags', question, {
      signal,
      late: (answer) => void closeResult(answer.result),
    });
    const stop = new AbortController();
    const onAbort = (): void => stop.abort(new AppFailure('aborted', 'The call was cancelled.'));
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      if (total === 0) return oldestReadAt;
      if (total > run.tagsUnasked) throw askForTags(total);
      run.meter.need('GetObjectTagging', total);
      this.#ownWrites.clear();
      this.#stop = stop;
      markCollection(stop.signal, collection);
      const startedAt = Date.now();
      const begun = performance.now();
      await readTags({
        source,
        total,
        pages: listRecords(result),
        meter: run.meter,
        signal: stop.signal,
        ownWrites: this.#ownWrites,
        append: async (tags) => {
          await channel.call('appendTags', { collection, tags });
        },
        onProgress,
      });
      run.measured({ GetObjectTagging: total }, (performance.now() - begun) / 1_000);
      return Math.min(oldestReadAt ?? startedAt, startedAt);
    } finally {
      this.#stop = null;
      signal.removeEventListener('abort', onAbort);
      await closeResult(result);
    }
  }
}

function askForTags(records: number): AppFailure {
  return new AppFailure(
    'ask-first',
    `The tags of ${records === 1 ? '1 record' : `${records.toLocaleString('en-US')} records`} are not known, and reading them takes a request each.`,
  );
}
