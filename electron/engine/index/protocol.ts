/**
 * What main and the index process say to each other: calls with a number and their answers, nothing else. Everything
 * survives structured clone; bodies travel as one array of bytes a batch, because a view would drag its whole pool along.
 */
import type { ClassCount } from '../cost/plan-query.ts';
import type { SizeCount } from '../../../shared/class-offer.ts';
import type { CodecName } from '../../../shared/collection.ts';
import type { ExportTask } from '../../../shared/export.ts';
import type { GivenReading, ImportInspection, ImportReading, PreviewedRow } from '../../../shared/import.ts';
import type { FieldSummary, ResultColumn, ResultPage, ResultRow } from '../../../shared/page.ts';
import type { Tag } from '../../../shared/record.ts';
import type { ResultProfile } from '../../../shared/profile.ts';
import type { AppError, ErrorCode } from '../../../shared/result.ts';
import type { FieldSortKey } from '../../../shared/query.ts';
import type { StorageRule } from '../../../shared/storage-rules.ts';
import type { SqlColumn } from '../../../shared/sql.ts';
import type { SinkState } from '../transfer/export/export-sink.ts';
import type { BadRowsFile } from '../transfer/import/reading/bad-rows.ts';
import type { ImportedRows, OpenImport } from '../transfer/import/reading/import-reader.ts';
import type { SourcePaths } from '../transfer/import/reading/open-rows.ts';

/** Method → `{ args; value }`. */
export interface IndexCalls {
  /** Opens a collection's index, or finds it open. A file that is broken, older or of something else is made anew. */
  open: { args: OpenIndex; value: OpenedIndex };
  beginSync: { args: BeginSync; value: IndexState };
  /** Compares some of what was listed with the index and answers what is to be read. */
  compareListing: { args: CompareListing; value: ComparedListing };
  appendObjects: { args: { collection: string; objects: ObjectBatch }; value: IndexState };
  endSync: { args: EndSync; value: IndexState };
  applyWrite: { args: { collection: string; objects: ObjectBatch }; value: IndexState };
  applyDelete: { args: { collection: string; keys: readonly string[] }; value: IndexState };
  query: { args: { collection: string; query: string }; value: QueryAnswer };
  /** How many rows a query finds, its limit and offset taken into account. */
  count: { args: { collection: string; query: string }; value: CountAnswer };
  /** What a plan is made from. */
  planFacts: { args: PlanQuestion; value: PlanFacts };
  /** Objects by class and size: of all (`keys` null) or some keys, or of rows of a result. */
  sizes: {
    args:
      | { collection: string; keys: readonly string[] | null }
      | { result: string; ranges: readonly { from: number; to: number }[] | null; rules?: readonly StorageRule[] };
    value: readonly SizeCount[];
  };
  /** A result of the records whose tags a query asks of and nobody knows, for `keys`. */
  unreadTags: { args: TagQuestion; value: UnreadTags };
  appendTags: { args: { collection: string; tags: TagBatch }; value: null };
  /** Refuses a statement that is none for the SQL view; whether its columns are there only `sql` knows. */
  checkSql: { args: { collection: string; statement: string }; value: null };
  sql: { args: { collection: string; statement: string; limits: SqlLimits }; value: SqlAnswer };
  sqlColumns: { args: { collection: string }; value: readonly SqlColumn[] };
  /** Of a result of `sql`. */
  sortSql: { args: { result: string; sort: readonly FieldSortKey[] }; value: null };
  page: { args: { result: string; from: number; count: number }; value: ResultPage };
  rows: { args: { result: string; from: number; count: number }; value: readonly ResultRow[] };
  dragged: { args: { result: string; ranges: readonly { from: number; to: number }[] }; value: DraggedRows };
  profile: { args: { result: string; fields: readonly (readonly string[])[] }; value: ResultProfile };
  /** Keeps a result open, also where it is closed meanwhile, until it is released as often as it was held. */
  holdResult: { args: { result: string }; value: { total: number } };
  releaseResult: { args: { result: string }; value: null };
  /** `rules`: with the class that the first true one gives each. */
  keys: { args: { result: string; from: number; count: number; rules?: readonly StorageRule[] }; value: KeyPage };
  closeResult: { args: { result: string }; value: null };
  /** Begins to write the answer of a query into files, or goes on with what an earlier run has written. */
  beginExport: { args: BeginExport; value: { total: number; position: number } };
  /** Writes for a moment; `large`: what the step before wanted. */
  exportStep: { args: { job: string; large: LargeObject | null }; value: ExportStep };
  /** Gives the files their names, after the last step. */
  publishExport: { args: { job: string }; value: { files: readonly string[] } };
  /** Lets go of the files, whatever was done. */
  closeExport: { args: { job: string }; value: null };
  fields: { args: { collection: string }; value: readonly FieldSummary[] };
  /** Files for imports; answered by a process that does nothing else (transfer/import/import-readers.ts). */
  inspectImport: {
    args: SourcePaths & { name: string; given: GivenReading; codec: CodecName };
    value: ImportInspection;
  };
  previewImport: { args: { settings: Omit<OpenImport, 'from'>; count: number }; value: readonly PreviewedRow[] };
  countImport: { args: SourcePaths & { reading: ImportReading }; value: number };
  openImport: { args: OpenImport; value: { reader: string } };
  readImport: { args: { reader: string }; value: ImportedRows };
  closeImport: { args: { reader: string }; value: null };
  /** Answers how many rows there are in it. */
  writeBadRows: { args: BadRowsFile; value: number };
  /** Checkpoints and closes; open results of the collection are gone. */
  closeIndex: { args: { collection: string }; value: null };
  closeAll: { args: Record<string, never>; value: null };
}

export type IndexMethod = keyof IndexCalls;

export interface DraggedRows {
  readonly text: string;
  /** Of the one record that it is; null where it is lines. */
  readonly key: string | null;
}

export interface OpenIndex {
  readonly collection: string;
  /** Path of the database file; null keeps everything in memory. */
  readonly file: string | null;
  readonly bucket: string;
  readonly prefix: string;
  readonly codec: CodecName;
}

export interface IndexState {
  /** Grows with every change of rows. */
  readonly version: number;
  readonly records: number;
  readonly unreadable: number;
  /** Start of the last complete listing; milliseconds since 1970; null before the first. */
  readonly syncedAt: number | null;
}

export interface OpenedIndex {
  readonly state: IndexState;
  /** What was there before could not be read any more and is gone. */
  readonly isRemade: boolean;
}

export interface TagQuestion {
  readonly collection: string;
  readonly query: string;
  /** Tags that were read before are read again; milliseconds since 1970; null where any are good enough. */
  readonly readBefore: number | null;
}

export interface UnreadTags {
  readonly result: string;
  readonly total: number;
  /** Of those that are known; null where none are. */
  readonly oldestReadAt: number | null;
}

export interface PlanQuestion extends TagQuestion {
  /** Prefixes of keys whose objects are counted. */
  readonly below: readonly string[];
}

export interface PlanFacts {
  /** All objects, unreadable ones included. */
  readonly classes: readonly ClassCount[];
  /** Objects below each of the prefixes. */
  readonly below: readonly number[];
  /** Of the records that the query's other conditions hold of; null where it asks of no tag. */
  readonly tags: {
    readonly unread: readonly ClassCount[];
    readonly known: number;
    readonly oldestReadAt: number | null;
  } | null;
}

/** Tags as they were read of objects as they were. */
export interface TagBatch {
  readonly keys: readonly string[];
  /** An object that has another one by now is left out. */
  readonly etags: readonly string[];
  readonly tags: readonly (readonly Tag[])[];
  /** Milliseconds since 1970. */
  readonly readAt: number;
}

export interface BeginSync {
  readonly collection: string;
  /** Bytes; larger objects become rows with a reason, without a request. */
  readonly sizeCap: number;
  /** Reads objects again that could not be read for a reason outside of them, such as a missing right. */
  readonly retryProblems: boolean;
}

export interface EndSync {
  readonly collection: string;
  /** When the listing began; null for a sync that did not get to its end: then nothing is removed. */
  readonly listedAt: number | null;
  /** Where only some keys were listed, below these: others stay, and the index is no younger. Null: all were. */
  readonly below: readonly string[] | null;
}

export interface CompareListing {
  readonly collection: string;
  readonly listing: ListedBatch;
  /** The server's listing may name a key twice. */
  readonly mayRepeat: boolean;
}

/** Some of a listing, in any order, by columns. */
export interface ListedBatch {
  readonly keys: readonly string[];
  readonly etags: readonly string[];
  readonly sizes: Float64Array;
  readonly lastModified: Float64Array;
  readonly storageClasses: readonly string[];
}

export interface ComparedListing {
  /** Positions in the batch of the objects to read. */
  readonly read: Uint32Array;
  readonly state: IndexState;
}

/** Objects with their bodies by columns. */
export interface ObjectBatch {
  readonly keys: readonly string[];
  readonly etags: readonly string[];
  readonly sizes: Float64Array;
  /** Milliseconds since 1970; NaN where a server does not say. */
  readonly lastModified: Float64Array;
  readonly storageClasses: readonly string[];
  readonly contentEncodings: readonly (string | null)[];
  /** Set where there is no body. */
  readonly problems: readonly (ObjectProblem | null)[];
  /** Of objects whose tags are known too; left out where none are. */
  readonly tags?: readonly (readonly Tag[] | null)[];
  /** All bodies, one behind the other. */
  readonly bytes: Uint8Array;
  /** Where each body ends in `bytes`. */
  readonly ends: Float64Array;
}

/** Why an object has no body in the index. */
export interface ObjectProblem {
  readonly code: ErrorCode;
  readonly message: string;
}

export interface QueryAnswer {
  readonly result: string;
  readonly total: number;
  readonly columns: readonly ResultColumn[];
  readonly state: IndexState;
  readonly milliseconds: number;
}

export interface CountAnswer {
  readonly total: number;
  readonly state: IndexState;
  readonly milliseconds: number;
}

export interface SqlAnswer extends QueryAnswer {
  readonly notes: readonly string[];
}

export interface SqlLimits {
  /** After that a statement is stopped. */
  readonly milliseconds: number;
  /** Rows that are kept. */
  readonly rows: number;
}

/** Records of a result with their ETags as the index has them now; those that were deleted since are left out. */
export interface KeyPage {
  readonly keys: readonly string[];
  readonly etags: readonly string[];
  /** Where records are compared: of those of the same name elsewhere, null where there is none. */
  readonly etagsThere?: readonly (string | null)[];
  /** Classes that rules give them, null where none is true. */
  readonly into?: readonly (string | null)[];
}

export interface BeginExport extends ExportTask {
  readonly collection: string;
  readonly job: string;
  /** Null in the first run. */
  readonly checkpoint: ExportCheckpoint | null;
}

/** How far an export has got, as JSON. */
export interface ExportCheckpoint {
  /** Of the index: where it is another one by now all is written anew. */
  readonly version: number;
  readonly total: number;
  /** Records that were looked at. */
  readonly position: number;
  /** Of them those that are in the files. */
  readonly done: number;
  readonly sink: SinkState;
}

export interface ExportStep {
  readonly position: number;
  readonly done: number;
  /** Written so far. */
  readonly bytes: number;
  /** Of this step, by their position. */
  readonly failures: readonly {
    readonly index: number;
    readonly key: string;
    readonly etag: string | null;
    readonly error: AppError;
  }[];
  /** An object that is not in the index: the next step brings it. */
  readonly wanted: WantedObject | null;
  /** Null where what is written by now could not be gone on with. */
  readonly checkpoint: ExportCheckpoint | null;
  /** Everything is written; `publishExport` comes next. */
  readonly isWhole: boolean;
}

export interface WantedObject {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
}

export interface LargeObject {
  readonly bytes: Uint8Array;
  readonly contentEncoding: string | null;
  /** Why there are no bytes. */
  readonly error: AppError | null;
}

export interface CallMessage {
  readonly call: number;
  readonly method: IndexMethod;
  readonly args: unknown;
}

/** Stops a query that nobody waits for any more. */
export interface CancelMessage {
  readonly cancel: number;
}

export type AnswerMessage =
  | { readonly call: number; readonly ok: true; readonly value: unknown }
  | { readonly call: number; readonly ok: false; readonly error: AppError };
