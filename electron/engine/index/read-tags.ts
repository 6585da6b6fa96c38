import type { SyncProgress } from '../../../shared/page.ts';
import type { Tag } from '../../../shared/record.ts';
import { AppFailure } from '../../../shared/result.ts';
import { concurrentMap } from '../records/batch/concurrent-map.ts';
import type { RequestMeter } from '../s3/request-meter.ts';
import type { IndexSource } from './collection-index.ts';
import type { KeyPage, TagBatch } from './protocol.ts';

/** Requests under way at once; the client's bulk lane may allow fewer. */
const READERS = 64;
/** Records whose tags go into the index at once. */
const BATCH = 1_000;
/** Milliseconds after which fewer go too: what was read is kept where the reading is broken off. */
const BATCH_AGE = 500;
/** Milliseconds between two reports. */
const REPORT_EVERY = 200;

export interface TagReading {
  readonly source: IndexSource;
  /** Records whose tags are to be read. */
  readonly total: number;
  readonly pages: AsyncIterable<KeyPage>;
  readonly meter: RequestMeter;
  /** Stops with its reason; what was read is kept. */
  readonly signal: AbortSignal;
  /** Keys that were written by ourselves since the reading began: their tags are known better. */
  readonly ownWrites: ReadonlySet<string>;
  readonly append: (tags: TagBatch) => Promise<void>;
  readonly onProgress: (progress: SyncProgress) => void;
}

interface ReadTags {
  readonly key: string;
  readonly etag: string;
  /** Null where there is no object any more. */
  readonly tags: readonly Tag[] | null;
}

/** Reads the tags of records, one request each. Fails with what stopped it; what has been read until then stays. */
export async function readTags(reading: TagReading): Promise<void> {
  const { source, total, meter, signal, onProgress } = reading;
  const startedAt = Date.now();
  let read = 0;
  let reportedAt = 0;
  const progress = (end?: Pick<SyncProgress, 'state' | 'error'>): SyncProgress => ({
    collection: source.collection,
    state: 'reading',
    subject: 'tags',
    listed: total,
    toRead: total,
    read,
    unreadable: 0,
    requests: meter.total,
    bytes: meter.bytes,
    startedAt,
    ...end,
  });
  let gathered: ReadTags[] = [];
  let sentAt = performance.now();
  const flush = async (): Promise<void> => {
    const known = gathered.filter(({ key }) => !reading.ownWrites.has(key));
    gathered = [];
    sentAt = performance.now();
    if (known.length === 0) return;
    await reading.append({
      keys: known.map(({ key }) => key),
      etags: known.map(({ etag }) => etag),
      tags: known.map(({ tags }) => tags ?? []),
      readAt: startedAt,
    });
  };

  onProgress(progress());
  try {
    const found = concurrentMap(records(reading.pages), (record, _, stop) => readOne(reading, record, stop), {
      signal,
      tasks: () => READERS,
      ordered: false,
      sizeOf: () => 0,
      sizeOfResult: () => 0,
    });
    for await (const one of found) {
      read += 1;
      if (one.tags !== null) gathered.push(one);
      const now = performance.now();
      if (gathered.length >= BATCH || now - sentAt >= BATCH_AGE) await flush();
      if (now - reportedAt >= REPORT_EVERY) {
        reportedAt = now;
        onProgress(progress());
      }
    }
    await flush();
    onProgress(progress({ state: 'done' }));
  } catch (error) {
    await flush();
    const failure = error instanceof AppFailure ? error.error : null;
    if (failure === null || failure.code === 'aborted' || failure.code === 'ask-first') {
      onProgress(progress({ state: 'cancelled' }));
    } else {
      onProgress(progress({ state: 'failed', error: failure }));
    }
    throw error;
  }
}

async function* records(pages: AsyncIterable<KeyPage>): AsyncGenerator<{ key: string; etag: string }, void, undefined> {
  for await (const { keys, etags } of pages) {
    for (const [row, key] of keys.entries()) yield { key, etag: etags[row] ?? '' };
  }
}

async function readOne(
  { source, meter }: TagReading,
  { key, etag }: { readonly key: string; readonly etag: string },
  signal: AbortSignal,
): Promise<ReadTags> {
  try {
    return {
      key,
      etag,
      tags: await source.client.getObjectTagging(source.bucket, key, { lane: 'bulk', meter, signal }),
    };
  } catch (error) {
    // The next sync finds out.
    if (error instanceof AppFailure && error.error.code === 'record-not-found') return { key, etag, tags: null };
    throw error;
  }
}
