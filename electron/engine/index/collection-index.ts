import type { CodecName } from '../../../shared/collection.ts';
import type { Freshness } from '../../../shared/contract.ts';
import type { FieldSummary, OpenedQuery, ResultPage, ResultRow, SyncProgress } from '../../../shared/page.ts';
import type { ObjectFacts } from '../../../shared/record.ts';
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
  fields(source: IndexSource): Promise<readonly FieldSummary[]>;
  /** Count and time of the last complete sync, from the index file; null before the first. */
  known(collection: string): Promise<{ records: number; syncedAt: number } | null>;
  stopSync(collection: string): Promise<void>;
  /** A sync that began before this call never undoes it. */
  applyWrite(source: IndexSource, written: WrittenObject): Promise<void>;
  applyDelete(source: IndexSource, key: string): Promise<void>;
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
