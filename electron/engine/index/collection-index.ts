import type { CodecName } from '../../../shared/collection.ts';
import type { Freshness } from '../../../shared/contract.ts';
import type { FieldSummary, OpenedQuery, ResultPage, ResultRow, SyncProgress } from '../../../shared/page.ts';
import type { ObjectFacts } from '../../../shared/record.ts';
import type { KeyPage } from './protocol.ts';
import type { S3Client } from '../s3/s3-client.ts';

/** What an index is made of: one collection, read through one client. */
export interface IndexSource {
  readonly collection: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly codec: CodecName;
  readonly cacheTtlSeconds: number;
  readonly indexSizeCap: number;
  readonly memoryOnly: boolean;
  readonly client: S3Client;
}

/** A record's object after a write of our own, so that the index shows it at once. */
export interface WrittenObject {
  readonly facts: ObjectFacts;
  /** As stored (content encoding not undone). */
  readonly body: Uint8Array;
}

/** All indexes of a data folder: starts the index process, keeps every index true by ETag, answers queries. */
export interface Indexes {
  /** `query` is JSON text; `invalid-query` says where it is wrong. Cancelling stops waiting, not the sync. */
  open(source: IndexSource, query: string, freshness: Freshness, signal: AbortSignal): Promise<OpenedQuery>;
  /** `result-closed` for a handle that is not open (any more). */
  page(result: string, from: number, count: number): Promise<ResultPage>;
  rows(result: string, from: number, count: number): Promise<readonly ResultRow[]>;
  close(result: string): Promise<void>;
  /**
   * Keys and ETags of all rows of an open result of the collection, in its order, by pages; the result stays open until
   * the last page, whoever closes it. `result-closed`.
   */
  listRecords(result: string, collection: string): AsyncGenerator<KeyPage, void, undefined>;
  fields(source: IndexSource): Promise<readonly FieldSummary[]>;
  /** Count and time of the last complete sync, from the index file; null before the first. */
  known(collection: string): Promise<{ records: number; syncedAt: number } | null>;
  /** Lists whatever the TTL says, and waits for the end. The signal stops the sync with its reason. */
  sync(source: IndexSource, onProgress: (progress: SyncProgress) => void, signal: AbortSignal): Promise<void>;
  stopSync(collection: string): Promise<void>;
  /** A sync that began before this call never undoes it. */
  applyWrites(source: IndexSource, written: readonly WrittenObject[]): Promise<void>;
  applyDeletes(source: IndexSource, keys: readonly string[]): Promise<void>;
  /** A write came to nothing that is known, or met something newer: the next query lists whatever the TTL says. */
  distrust(collection: string): void;
  /** Bytes that the index takes on disk. */
  size(collection: string): Promise<number>;
  /** Deletes the index's files. */
  forget(collection: string): Promise<void>;
  /** Ends the process; open results are gone. */
  dispose(): Promise<void>;
}

export interface IndexEvents {
  progress(progress: SyncProgress): void;
  changed(collection: string, version: number): void;
}
