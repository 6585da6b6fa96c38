import type { SizeCount } from '../../../../shared/class-offer.ts';
import type { PromotedRecords } from '../../../../shared/comparison.ts';
import type { JobKind, JobRecords, JobRequest, RequestOf } from '../../../../shared/job.ts';
import type { PlannedTask } from '../../../../shared/planned-job.ts';
import type { SentRequests } from '../../cost/plan-job.ts';
import type { Indexes } from '../../index/collection-index.ts';
import type { KeyPage } from '../../index/protocol.ts';
import type { JobWork, WorkOf } from '../journal/journal.ts';
import { pickedRecords } from '../list-records.ts';
import type { JobRun } from './job-run.ts';

/** Records by pages. */
export type Pages = AsyncGenerator<RecordPage, void, undefined>;

/** `promoted`: what copying them takes, where they are compared. */
export type RecordPage = KeyPage & { readonly promoted?: PromotedRecords };

/** What one kind of long work is; all of them are in all-kinds.ts. */
export interface KindOfJob<K extends JobKind> {
  /** What is done to the collection: who writes must be allowed to, and no two write to the same records. */
  readonly use: 'read' | 'write';
  /**
   * `at-once`: breaks off its requests, where there is no record to stop after. `behind-records`: those under way come to
   * their end first.
   */
  readonly pauses: 'at-once' | 'behind-records';
  /**
   * `failed-records`: a new job of those that failed; `failed-rows`: the same, by their positions; `anew`: the same once more;
   * `never`: nothing is left to be tried.
   */
  readonly retries: 'failed-records' | 'failed-rows' | 'anew' | 'never';
  /**
   * How it is taken back. `writes`: each by what was there before; `writes-there`: the same, of the collection that it wrote
   * to; `moves`: each record to where it was; null: not at all.
   */
  readonly undo: 'writes' | 'writes-there' | 'moves' | null;
  /**
   * The records of a new job, which are in its journal before it begins; null for a kind that finds out by itself what there is
   * to do.
   */
  readonly recordsOf: RecordsOf<K> | null;
  /** The requests that it sends; left out where only the job finds that out. */
  sends?(task: SentTask): readonly SentRequests[];
  /** Those that are sent to take it back, for each record: priced by the class that it is in now, and that it goes back into. */
  readonly undoSends?: readonly UndoRequest[];
  /** Whether such objects are written, where not all are. */
  writes?(size: SizeCount, task: PlannedTask): boolean;
  /** Objects that are written are others afterwards, or gone: what leaves its class early is billed to its end. */
  readonly endsObjects?: boolean;
  /** Whose bodies its journal keeps where the bucket does not: its records as they were, or what they are written over. */
  keeps?(task: PlannedTask): 'records' | 'replaced' | null;
  /** Refuses what cannot be done as it is asked for, before there is a job. */
  check?(task: WorkOf<K>): Promise<void>;
  /** Does the work, or the rest of it. False where a pause left some of it undone; throws what stopped it. */
  run(run: JobRun, work: WorkOf<K>): Promise<boolean>;
  /** After a job was cancelled: takes away what is of no use without the rest. */
  discard?(run: Pick<JobRun, 'entry'>, work: WorkOf<K>): Promise<void>;
}

export type RecordsOf<K extends JobKind> = (
  request: RequestOf<K>,
  context: ListingContext,
  signal: AbortSignal,
) => Pages;

/** Where the records of a job are found. */
export interface ListingContext extends Pick<JobRun, 'connectTo'> {
  readonly indexes: Indexes;
}

/** Any of the kinds, for who has a request or a journal of it. */
export interface AnyKind extends Omit<KindOfJob<JobKind>, 'recordsOf' | 'check' | 'run' | 'discard'> {
  readonly recordsOf: ((request: JobRequest, context: ListingContext, signal: AbortSignal) => Pages) | null;
  check?(task: JobWork): Promise<void>;
  run(run: JobRun, work: JobWork): Promise<boolean>;
  discard?(run: Pick<JobRun, 'entry'>, work: JobWork): Promise<void>;
}

/** A job whose requests are asked for. */
export interface SentTask extends PlannedTask {
  /** Records that are written: where `writes` says of some classes that they are not, fewer than all. */
  readonly written: number;
  /** One server has both ends of a copy. */
  readonly byServer: boolean;
}

/** `of`: sent only for what was written over or deleted, or only for what was not there before; left out: for each. */
export interface UndoRequest extends Omit<SentRequests, 'count' | 'exact'> {
  readonly of?: 'replaced' | 'created';
}

export const SENT_TO_UNDO = {
  look: { operation: 'HeadObject' },
  read: { operation: 'GetObject', bodies: 'read' },
  write: { operation: 'PutObject', into: null, of: 'replaced' },
  copy: { operation: 'CopyObject', bodies: 'copied', into: null },
  delete: { operation: 'DeleteObject' },
  deleteCreated: { operation: 'DeleteObject', of: 'created' },
  readTags: { operation: 'GetObjectTagging' },
  writeTags: { operation: 'PutObjectTagging' },
} as const satisfies Readonly<Record<string, UndoRequest>>;

export function keepsReplaced({ replaces, undoable = true }: PlannedTask): 'replaced' | null {
  return undoable && replaces !== undefined ? 'replaced' : null;
}

/** Those that a request names. */
export function namedRecords(
  { records, collection }: { readonly records: JobRecords; readonly collection: string },
  { indexes }: ListingContext,
): Pages {
  if (!('result' in records)) return pickedRecords(records.records);
  const { result, ranges } = records;
  return indexes.listRecords(result, collection, ranges === undefined ? {} : { ranges });
}
