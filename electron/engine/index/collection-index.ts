import type { SizeCount } from '../../../shared/class-offer.ts';
import type { CodecName, IndexesOnDisk } from '../../../shared/collection.ts';
import type { DraggedRecords } from '../../../shared/dragged-records.ts';
import type { Freshness } from '../../../shared/contract.ts';
import type {
  FieldSummary,
  OpenedQuery,
  RecordCount,
  ResultPage,
  ResultRow,
  SyncProgress,
} from '../../../shared/page.ts';
import type { FieldSortKey } from '../../../shared/query.ts';
import type { ObjectFacts, Tag } from '../../../shared/record.ts';
import type { BudgetMeter } from '../cost/budget-meter.ts';
import type { KnownBefore } from '../cost/plan-query.ts';
import type { ResultProfile } from '../../../shared/profile.ts';
import type { KeyCounts } from './counted-keys.ts';
import type { StorageRule } from '../../../shared/storage-rules.ts';
import type { SqlColumn } from '../../../shared/sql.ts';
import type { BeginExport, DraggedRows, ExportStep, KeyPage, LargeObject, SqlLimits } from './protocol.ts';
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
  /** Left out where they are not known. */
  readonly tags?: readonly Tag[];
}

export interface TaggedObject {
  readonly key: string;
  /** An object that has another one by now is left alone. */
  readonly etag: string;
  readonly tags: readonly Tag[];
}

/** What one query may send, and what is to be known of it. */
export interface QueryRun {
  readonly freshness: Freshness;
  /** Counts the run's own requests; of a sync too, where this run began it. */
  readonly meter: BudgetMeter;
  /** Records whose tags may be read unasked. */
  readonly tagsUnasked: number;
  /** Tags that were read before are read again; null where any are good enough. */
  readonly tagsReadBefore: number | null;
  /** Requests that were sent in so many seconds. */
  readonly measured: (requests: Readonly<Record<string, number>>, seconds: number) => void;
}

/** An export that the index process writes, step by step. */
export interface RunningExport {
  readonly total: number;
  /** Writes for a moment. `large`: what the step before wanted. */
  step(large: LargeObject | null): Promise<ExportStep>;
  /** Gives the files their names, once a step was the last. */
  publish(): Promise<readonly string[]>;
  /** Lets go of the files as they are. */
  close(): Promise<void>;
}

/** Rows of a result, from the first to before the second. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** Which rows are listed, left out for all; `rules` give each its class. */
export interface ListedRows {
  readonly ranges?: readonly RowRange[];
  readonly rules?: readonly StorageRule[];
}

/** All indexes of a data folder: starts the index process, keeps every index true by ETag, answers queries. */
export interface Indexes {
  /** `query` is JSON text; `invalid-query` says where it is wrong. Cancelling stops waiting, not the sync. */
  open(source: IndexSource, query: string, run: QueryRun | Freshness, signal: AbortSignal): Promise<OpenedQuery>;
  /** How many rows it finds: `open` without a result. */
  count(source: IndexSource, query: string, run: QueryRun | Freshness, signal: AbortSignal): Promise<RecordCount>;
  /** What a plan of a query is made from; sends no request. */
  knownBefore(
    source: IndexSource,
    query: string,
    run: Pick<QueryRun, 'freshness' | 'tagsReadBefore'>,
    signal: AbortSignal,
  ): Promise<KnownBefore>;
  /** Refuses what is no statement for the SQL view: `invalid-query`, with line and column. */
  checkSql(source: IndexSource, statement: string, signal: AbortSignal): Promise<void>;
  /**
   * A statement over what the index holds, with a result like that of `open`; sends no request. `timed-out` where it ran too
   * long.
   */
  openSql(source: IndexSource, statement: string, signal: AbortSignal, limits?: SqlLimits): Promise<OpenedQuery>;
  /** Columns that a statement can name. */
  sqlColumns(source: IndexSource): Promise<readonly SqlColumn[]>;
  /** Puts the rows of a result of `openSql` into another order, by names of its columns; none: as the statement has them. */
  sortSql(result: string, sort: readonly FieldSortKey[]): Promise<void>;
  /** `result-closed` for a handle that is not open (any more). */
  page(result: string, from: number, count: number, signal?: AbortSignal): Promise<ResultPage>;
  rows(result: string, from: number, count: number, signal?: AbortSignal): Promise<readonly ResultRow[]>;
  /** Records of a result as one small text; see `DraggedFile`. Sends no request. */
  dragged(records: Omit<DraggedRecords, 'collection'>, signal: AbortSignal): Promise<DraggedRows>;
  /** What the values of these fields are in an open result and in its collection. */
  profile(result: string, fields: readonly (readonly string[])[], signal: AbortSignal): Promise<ResultProfile>;
  close(result: string): Promise<void>;
  /**
   * Objects that the index knows by class and size: all of a collection (`keys` null) or those of these keys, without a
   * request; or of rows of a result.
   */
  objectSizes(source: IndexSource, keys: readonly string[] | null, signal: AbortSignal): Promise<readonly SizeCount[]>;
  sizesOfResult(
    result: string,
    ranges: readonly RowRange[] | null,
    rules: readonly StorageRule[],
    signal: AbortSignal,
  ): Promise<readonly SizeCount[]>;
  /** Rows of an open result. `result-closed`. */
  countOf(result: string): number;
  /**
   * Keys and ETags of all rows of an open result of the collection, in its order, by pages; the result stays open until
   * the last page, whoever closes it. `result-closed`.
   */
  listRecords(result: string, collection: string, which?: ListedRows): AsyncGenerator<KeyPage, void, undefined>;
  /** Whether the collection was ever read whole. */
  isRead(source: IndexSource): Promise<boolean>;
  /** Begins to write the answer of a query into files, from what the index holds; sends no request. */
  beginExport(source: IndexSource, begin: Omit<BeginExport, 'collection'>, signal: AbortSignal): Promise<RunningExport>;
  fields(source: IndexSource): Promise<readonly FieldSummary[]>;
  /** Count and time of the last complete sync, from the index file; null before the first. */
  known(collection: string): Promise<{ records: number; syncedAt: number } | null>;
  /** Counts of keys of collections that were never read. */
  readonly keyCounts: Pick<KeyCounts, 'young' | 'keep'>;
  /** Lists whatever the TTL says, and waits for the end. The signal stops the sync with its reason. */
  sync(source: IndexSource, onProgress: (progress: SyncProgress) => void, signal: AbortSignal): Promise<void>;
  stopSync(collection: string): Promise<void>;
  /** A sync that began before this call never undoes it. */
  applyWrites(source: IndexSource, written: readonly WrittenObject[]): Promise<void>;
  applyDeletes(source: IndexSource, keys: readonly string[]): Promise<void>;
  /** Tags that were written while the bodies stayed. */
  applyTags(source: IndexSource, tagged: readonly TaggedObject[]): Promise<void>;
  /** A write came to nothing that is known, or met something newer: the next query lists whatever the TTL says. */
  distrust(collection: string): void;
  /** Bytes that the index takes on disk. */
  size(collection: string): Promise<number>;
  /** What all of them take. */
  sizes(): Promise<IndexesOnDisk>;
  /** Brings them below their cap, which may be another one now. */
  trim(): Promise<void>;
  /** Deletes the index's files. */
  forget(collection: string): Promise<void>;
  /** Ends the process; open results are gone. */
  dispose(): Promise<void>;
}

export interface IndexEvents {
  progress(progress: SyncProgress): void;
  changed(collection: string, version: number): void;
}
