import type { Job } from '../../../shared/job.ts';
import type { ImportReaders } from '../transfer/import/import-readers.ts';
import type { CollectionTarget } from '../engine.ts';
import type { Indexes, IndexSource } from '../index/collection-index.ts';
import type { RecordBatches } from '../records/record-batches.ts';
import type { SettledIntent } from '../records/settle-write.ts';
import type { CallOptions, S3Client } from '../s3/s3-client.ts';
import type { WriteTries } from './in-flight.ts';

/** What jobs work with; made by the composition root. */
export interface JobsOptions {
  /** Folder of the journals; made with mode 0700. */
  readonly folder: string;
  readonly limits: () => JournalLimits;
  readonly indexes: Indexes;
  /** Throws `collection-not-found`, `connection-not-found`, and `read-only` where it is to be written to. */
  readonly findTarget: (collection: string, use: 'read' | 'write') => CollectionTarget;
  readonly connect: (target: CollectionTarget) => Promise<JobConnection>;
  readonly onChanged: (job: Job) => void;
  readonly onRemoved: (job: string) => void;
  /** Sentences about journals that cannot be read. */
  readonly onNote: (note: string) => void;
}

/** Of ended jobs, which can be undone as long as they are kept. */
export interface JournalLimits {
  readonly days: number;
  /** Of all journals together. */
  readonly bytes: number;
}

/** A collection as a job reaches it. */
export interface JobConnection {
  readonly target: CollectionTarget;
  readonly client: S3Client;
  readonly source: IndexSource;
  readonly batches: RecordBatches;
  readonly readers: ImportReaders;
  /** Where objects are kept that are read as files. */
  readonly sourceFolder: string;
  /** Records that it makes sense to have under way at once; null leaves it to the batches. */
  readonly tasks: number | null;
  /** Finds out what became of the write of a record, each try of which may have taken place. */
  readonly settle: (tries: WriteTries, call: CallOptions) => Promise<SettledIntent>;
}
