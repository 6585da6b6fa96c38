import type { RecordAddress, Tag } from '../../../shared/record.ts';
import type { AppError } from '../../../shared/result.ts';
import type { WrittenObject } from '../index/collection-index.ts';
import type { RequestMeter } from '../s3/request-meter.ts';
import type { FoundObject } from '../s3/s3-client.ts';
import type { UpdatedRecord } from './update-record.ts';
import type { WriteWitness } from './write-intent.ts';

/**
 * Many records of one collection: an async iterator in, a stream of outcomes out. Never more than a bounded number of
 * records (and bytes) is in memory; a failed record is an outcome, not an exception. What concerns more than one record
 * (credentials, a server that is gone, a signal) ends the stream with an `AppFailure`; requests under way are aborted.
 */
export interface RecordBatches {
  create(records: Source<BatchRecord>, options: BatchOptions): AsyncIterable<BatchOutcome>;
  /**
   * Objects as stored, without their tags: decoding thousands of bodies is not for the process that sends requests
   * (`decodeFound` does it for one). Missing records are outcomes with `record-not-found`.
   */
  read(addresses: Source<BatchAddress>, options: BatchOptions): AsyncIterable<ReadOutcome>;
  update(changes: Source<BatchChange>, options: BatchOptions): AsyncIterable<BatchOutcome>;
  /** Creates or replaces; of the same id given twice the last one stays. */
  upsert(records: Source<BatchRecord>, options: BatchOptions): AsyncIterable<BatchOutcome>;
  delete(targets: Source<BatchTarget>, options: BatchOptions): AsyncIterable<BatchOutcome>;
}

export type Source<T> = AsyncIterable<T> | Iterable<T>;

export interface BatchOptions {
  readonly signal: AbortSignal;
  /** Outcomes in the order of the source; default: as they come. */
  readonly ordered?: boolean;
  /**
   * Records under way at once, which may change; default: as many as the server bears. Who may send few requests at once
   * stops sooner with fewer.
   */
  readonly tasks?: number | (() => number);
  readonly meter?: RequestMeter;
  readonly witness?: WriteWitness;
}

/** `size`: bytes as listed, where that is known; it bounds memory better than a guess. */
export type BatchAddress = RecordAddress & { readonly size?: number };

export interface BatchRecord {
  readonly id: string | null;
  /** JSON text, as `record:create` takes it. */
  readonly record: string;
  readonly tags?: readonly Tag[];
}

export interface BatchChange {
  readonly key: string;
  readonly etag: string;
  readonly change: UpdatedRecord['change'];
}

export interface BatchTarget {
  readonly key: string;
  /** What the person saw; null deletes whatever is there. */
  readonly etag: string | null;
}

export interface BatchOutcome {
  /** Position in the source, from 0. */
  readonly index: number;
  /** Empty where a record is so broken that it has none. */
  readonly key: string;
  /** `in-doubt`: it was sent, and what became of it could not be found out. */
  readonly outcome: 'done' | 'unchanged' | 'failed' | 'in-doubt';
  readonly etagBefore: string | null;
  readonly etagAfter: string | null;
  /** Set where there was no object before. */
  readonly created?: true;
  /** Set where the server refused to copy it with the keys of the destination, so that its bytes came through here. */
  readonly throughHere?: true;
  /** Set where `failed` or `in-doubt`; `retryable` says whether trying again can help. */
  readonly error: AppError | null;
  readonly notes: readonly string[];
  /** For the index; null where nothing was written. */
  readonly written: WrittenObject | null;
  /** For the index: tags that are others now, while the body stays. */
  readonly tagged?: readonly Tag[];
}

export type ReadOutcome =
  | { readonly index: number; readonly found: FoundObject; readonly error: null }
  | { readonly index: number; readonly found: null; readonly error: AppError };
