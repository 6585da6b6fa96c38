import type { CodecDetection, Collection, IndexesOnDisk } from '../../shared/collection.ts';
import type { Comparison } from '../../shared/comparison.ts';
import type { Connection } from '../../shared/connection.ts';
import type { ConnectionTest } from '../../shared/connection-check.ts';
import type { NewRecord, RecordUpdate } from '../../shared/contract.ts';
import type { DeletedRecords } from '../../shared/deleted-records.ts';
import type { DraggedFile, DraggedRecords } from '../../shared/dragged-records.ts';
import type { FieldSummary, ResultPage, ResultRow, SyncProgress } from '../../shared/page.ts';
import type { PrefixPage, ObjectCount } from '../../shared/prefix-page.ts';
import type { Job } from '../../shared/job.ts';
import type { PlannedWork } from '../../shared/plan.ts';
import type { ResultProfile } from '../../shared/profile.ts';
import type { RecordAddress, RecordDetail, WeakerWrites, WrittenRecord } from '../../shared/record.ts';
import type {
  DownloadedFile,
  FileToUpload,
  TransferProgress,
  UnfinishedUpload,
  UnfinishedUploads,
} from '../../shared/upload.ts';
import type { SpawnIndexProcess } from './index/index-process.ts';
import type { JobRuns } from './job-runs.ts';
import type { JournalLimits } from './jobs/job-context.ts';
import type { Jobs } from './jobs/jobs.ts';
import type { NetworkSettings } from './s3/network-settings.ts';
import type { RequestLedger } from './cost/ledger.ts';
import type { PriceTable } from './cost/price-table.ts';
import type { RateKeeper } from './cost/request-rates.ts';
import type { QueryRuns } from './query-runs.ts';
import type { SqlRuns } from './sql-runs.ts';
import type { StorageOffers } from './storage-offers.ts';
import type { RequestLog } from './s3/request-log.ts';
import type { Imports } from './transfer/import/create-imports.ts';
import type { S3Target } from './s3/s3-client.ts';
import type { CheckOptions } from './s3/check-connection.ts';

/** A collection together with the connection it is read through. */
export interface CollectionTarget {
  readonly collection: Collection;
  readonly connection: Connection;
}

export interface EngineOptions {
  readonly spawnIndexProcess: SpawnIndexProcess;
  /** Folder of the index files. */
  readonly indexFolder: string;
  /** Bytes of all index files together. */
  readonly mostIndexBytes: () => number;
  /** Folder of the journal of uploads. */
  readonly uploadsFolder: string;
  /** Folder of the bodies that are too large for the index. */
  readonly bodiesFolder: string;
  /** Folder of the journals of jobs. */
  readonly journalFolder: string;
  /** How long ended jobs are kept; default: as the settings begin. */
  readonly journalLimits?: () => JournalLimits;
  /** Whether a collection has not been removed. */
  readonly isKept: (collection: string) => boolean;
  /**
   * A collection as it is now; throws `collection-not-found`, `connection-not-found`, and `read-only` where it is to be
   * written to and may not.
   */
  readonly findTarget: (collection: string, use: 'read' | 'write') => CollectionTarget;
  /** Resolves endpoint and credentials of a connection; throws `AppFailure` (`credentials-missing`, `sandbox-unavailable`). */
  readonly resolveTarget: (connection: Connection) => Promise<S3Target>;
  readonly network: NetworkSettings;
  /** Hears of every request that is sent. */
  readonly requestLog: RequestLog;
  readonly ledger: RequestLedger;
  /** Default: forgets what it measured when it ends. */
  readonly rates?: RateKeeper;
  /** Of regions besides us-east-1. */
  readonly prices?: readonly PriceTable[];
  readonly onSyncProgress: (progress: SyncProgress) => void;
  readonly onCollectionChanged: (collection: string, version: number) => void;
  readonly onJobChanged: (job: Job) => void;
  readonly onJobRemoved: (job: string) => void;
  /** Sentences about files that cannot be read. */
  readonly onNote: (note: string) => void;
  readonly onTransferProgress: (progress: TransferProgress) => void;
}

export type EngineTest = Pick<CheckOptions, 'place' | 'tell' | 'signal'>;

/** The S3 record engine: everything that handlers can ask for. Every failure is an `AppFailure`. */
export interface Engine {
  readonly jobs: Jobs;
  planJob: JobRuns['plan'];
  /** As `jobs.start`, held to the budget of the connection. */
  startJob: JobRuns['start'];
  /** As `jobs.undo` and `jobs.retry`, held to it too. */
  undoJob: JobRuns['undo'];
  retryJob: JobRuns['retry'];
  readonly imports: Imports;
  /** `storage:offers` */
  readonly classOffers: StorageOffers;
  openQuery: QueryRuns['open'];
  planQuery: QueryRuns['plan'];
  countRecords: QueryRuns['count'];
  readonly sql: SqlRuns;
  countKeys: QueryRuns['countKeys'];
  readPage(result: string, from: number, count: number, signal: AbortSignal): Promise<ResultPage>;
  readRows(result: string, from: number, count: number, signal: AbortSignal): Promise<readonly ResultRow[]>;
  /** `exports:dragged` */
  readDragged(target: CollectionTarget, records: DraggedRecords, signal: AbortSignal): Promise<DraggedFile>;
  profileResult(result: string, fields: readonly (readonly string[])[], signal: AbortSignal): Promise<ResultProfile>;
  closeQuery(result: string): Promise<void>;
  stopSync(collection: string): Promise<void>;
  fields(target: CollectionTarget, signal: AbortSignal): Promise<readonly FieldSummary[]>;
  /** From the index file alone, no request; null before the first complete sync. */
  knownRecords(collection: string): Promise<{ records: number; syncedAt: number } | null>;

  readRecord(target: CollectionTarget, address: RecordAddress, signal: AbortSignal): Promise<RecordDetail>;
  createRecord(target: CollectionTarget, record: NewRecord, signal: AbortSignal): Promise<WrittenRecord>;
  updateRecord(target: CollectionTarget, update: RecordUpdate, signal: AbortSignal): Promise<WrittenRecord>;
  deleteRecord(
    target: CollectionTarget,
    key: string,
    etag: string | null,
    signal: AbortSignal,
  ): Promise<{ notes: readonly string[] }>;

  /** `undelete:find` */
  findDeleted(target: CollectionTarget, signal: AbortSignal): Promise<DeletedRecords>;
  /** By the JSON values of their records, all of them or the first so many names; writes nothing. */
  compare(here: CollectionTarget, there: CollectionTarget, signal: AbortSignal, first?: number): Promise<Comparison>;
  /** What that sends, as far as it is known before; sends nothing. */
  planComparison(here: CollectionTarget, there: CollectionTarget, first?: number): Promise<PlannedWork>;

  /** Tries the server out, once a bucket. */
  /** `held`: what is known without a trial of the server. */
  weakerWrites(target: CollectionTarget, held: boolean, signal: AbortSignal): Promise<WeakerWrites>;

  /** Goes on with an upload of the same file that was broken off. */
  uploadRecord(target: CollectionTarget, file: FileToUpload, signal: AbortSignal): Promise<WrittenRecord>;
  downloadRecord(
    target: CollectionTarget,
    address: RecordAddress,
    path: string,
    signal: AbortSignal,
  ): Promise<DownloadedFile>;
  /** Forgets which uploads were begun over a connection that is removed. */
  forgetUploads(connection: string): Promise<void>;
  unfinishedUploads(target: CollectionTarget, signal: AbortSignal): Promise<UnfinishedUploads>;
  removeUploads(
    target: CollectionTarget,
    uploads: readonly Pick<UnfinishedUpload, 'key' | 'uploadId'>[],
    signal: AbortSignal,
  ): Promise<void>;

  testConnection(connection: Connection, test: EngineTest): Promise<ConnectionTest>;
  /** The same with a target made by the caller: a connection that is not saved yet. */
  testTarget(connection: Connection, target: S3Target, test: EngineTest): Promise<ConnectionTest>;
  /** Milliseconds of one signed request that needs no rights. Throws what stands in the way. */
  answerTime(connection: Connection, signal: AbortSignal): Promise<number>;
  /** One that is there already and belongs to the same keys is left as it is. */
  createBucket(connection: Connection, bucket: string, signal: AbortSignal): Promise<void>;
  listBuckets(connection: Connection, signal: AbortSignal): Promise<readonly string[]>;
  listPrefixes(
    connection: Connection,
    bucket: string,
    prefix: string,
    from: string | null,
    signal: AbortSignal,
  ): Promise<PrefixPage>;
  countObjects(connection: Connection, bucket: string, prefix: string, signal: AbortSignal): Promise<ObjectCount>;
  detectCodec(connection: Connection, bucket: string, prefix: string, signal: AbortSignal): Promise<CodecDetection>;

  /** Closes the sockets of a connection whose settings or secret changed; the next call makes new ones. */
  forgetConnection(connection: string): Promise<void>;
  /** The server behind a connection is gone and another will take its place: new calls go there. */
  leaveServer(connection: string): void;
  /** Bytes that the index of a collection takes on disk. */
  indexSize(collection: string): Promise<number>;
  /** What all indexes take together. */
  indexSizes(): Promise<IndexesOnDisk>;
  /** Holds the indexes to `mostIndexBytes`, which is lower now. */
  trimIndexes(): Promise<void>;
  /** Bytes of its large bodies that are kept on disk. */
  bodiesSize(collection: string): Promise<number>;
  /** Deletes the index of a collection: what it was made with changed. */
  forgetIndex(collection: string): Promise<void>;
  /** The records of a collection are others now: its jobs end as `failed`, index and bodies go; their reports stay. */
  leavePlace(collection: string): Promise<void>;
  /** Deletes index, bodies, jobs and journals of a collection: nothing of its records stays on the disk. */
  forgetCollection(collection: string): Promise<void>;
  dispose(): Promise<void>;
}
