import type { ExportTask } from './export.ts';
import type { ImportTask } from './import.ts';
import type { BulkChange, TagChange } from './record.ts';
import type { AppError } from './result.ts';
import type { StorageRule } from './storage-rules.ts';

/**
 * What each kind of long work is asked for, besides its collection. A kind is a line here, its words in job-words.ts, its
 * schema in handlers/job-schemas.ts, and a file of engine/jobs/kinds.
 */
export interface JobTasks {
  /** `rebuild` forgets the index first. */
  readonly sync: { readonly rebuild: boolean };
  /** `undoable`: reads each record into the journal before, unless the bucket keeps it as a version. */
  readonly delete: { readonly records: JobRecords; readonly undoable?: boolean };
  readonly update: { readonly records: JobRecords } & BulkChange & Undoable;
  readonly export: ExportTask;
  readonly import: ImportTask;
  readonly tag: { readonly records: JobRecords; readonly change: TagChange };
  /**
   * Copies each object onto itself in another class: that of the first rule that is true of it, as the index knows it when the
   * job is started, or else this one; one that neither gives a class stays. Rules take records of a result.
   */
  readonly 'set-class': {
    readonly records: JobRecords;
    readonly storageClass?: string;
    readonly storageRules?: readonly StorageRule[];
  };
  /** Objects as they are, to the collection `to`; their keys below its prefix are the same. */
  readonly copy: CopyTask;
  /** The same; the source goes once the copy was looked at. */
  readonly move: CopyTask;
  /**
   * Copies what the collection `to` lacks (`new`) or has otherwise (`changed`), compared by JSON value when the job is started;
   * each over what was there then. `names`: only these, below the prefix.
   */
  readonly promote: {
    readonly to: string;
    readonly states: readonly ('new' | 'changed')[];
    readonly names?: readonly string[];
  } & Undoable;
  /** Asks for copies of archived objects that can be read, for so many days; that takes minutes to days. */
  readonly restore: { readonly records: JobRecords; readonly days: number; readonly tier: RestoreTier };
  /**
   * Brings back what was deleted in a bucket that keeps versions, since then (milliseconds since 1970). `names`: only these,
   * below the prefix.
   */
  readonly undelete: { readonly since: number; readonly names?: readonly string[] };
  /**
   * Brings back what was before another job of the collection, but where somebody else has changed it since (`jobs:undo`).
   * `moves`: that job moved records (or took that back), and these go back to where they were, or forth again.
   */
  readonly undo: { readonly job: string; readonly moves?: 'back' | 'forth' } & Undoable;
}

/** How soon, and at which price. Deep Archive has no `Expedited`. */
export const RESTORE_TIERS = ['Standard', 'Bulk', 'Expedited'] as const;
export type RestoreTier = (typeof RESTORE_TIERS)[number];

/** False: what is written over is not kept in the job's journal. Left out: it is, as long as it is not much. */
export interface Undoable {
  readonly undoable?: boolean;
}

export interface CopyTask extends Undoable {
  readonly records: JobRecords;
  readonly to: string;
  readonly ifExists: IfCopyExists;
  /** Left out: the default of the collection, else that of the source. */
  readonly storageClass?: string;
}

/** What becomes of an object in the place of a copy. `overwrite` keeps it for an undo. */
export type IfCopyExists = 'fail' | 'skip' | 'overwrite';

export type JobKind = keyof JobTasks;

/**
 * `waiting`: for another job on the same collection. `interrupted`: the process ended while the job ran; it goes on with
 * the next one that stays, or that is asked to. The last four are end states, which are never left.
 */
export type JobState =
  | 'queued'
  | 'waiting'
  | 'running'
  | 'pausing'
  | 'paused'
  | 'cancelling'
  | 'interrupted'
  | 'completed'
  | 'completed-with-errors'
  | 'cancelled'
  | 'failed';

/** What a job is to do. An undo is asked for by the job that it takes back. */
export type JobRequest = { readonly [K in Exclude<JobKind, 'undo'>]: RequestOf<K> }[Exclude<JobKind, 'undo'>];

export type RequestOf<K extends JobKind> = { readonly kind: K; readonly collection: string } & JobTasks[K];

/**
 * The records of a job, with the ETags that the person saw: a record that has another one by then is a conflict of that
 * record. `result`: all rows of an open query's snapshot (`query:open`), or those of some ranges, each from the first to before
 * the second.
 */
export type JobRecords =
  | { readonly records: readonly { readonly key: string; readonly etag: string }[] }
  | { readonly result: string; readonly ranges?: readonly { readonly from: number; readonly to: number }[] };

/** A job as it stands. */
export interface Job {
  readonly id: string;
  readonly kind: JobKind;
  readonly collection: string;
  /** Of the collection, so that a job can be named after the collection is gone. */
  readonly collectionName: string;
  /** The collection that it writes to; left out where that is its own. */
  readonly to?: { readonly collection: string; readonly name: string };
  readonly state: JobState;
  /** How the file of its bad rows is read (`jobs:bad-rows`); left out where it keeps none, and while there is none. */
  readonly badRows?: 'csv' | 'ndjson';
  /** Where an export writes; left out of other kinds. */
  readonly path?: string;
  /** The job that this one takes back; left out where it is no undo. */
  readonly undoes?: string;
  /** Of the job that a `waiting` one waits for, because both are about the same records. */
  readonly waitsFor: string | null;
  /** False where the collection leaves nothing on the disk: then the job ends with Dipper, and does not go on at its next start. */
  readonly kept: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly counts: JobCounts;
  readonly requests: number;
  /** Of bodies, both ways. */
  readonly bytes: number;
  /** Records a second over the last seconds; null while that is not known. */
  readonly rate: number | null;
  /** Milliseconds still to go at that rate; null while that is not known. */
  readonly timeLeft: number | null;
  /** Why the job as a whole `failed`, or why it was `paused` by itself: a person corrects that and resumes it. */
  readonly error: AppError | null;
}

export interface JobCounts {
  /** Records of the job; null while they are still being listed. */
  readonly total: number | null;
  readonly done: number;
  /** Nothing had to be done: gone already, or the value was there. */
  readonly unchanged: number;
  readonly failed: number;
}

/** What a job did to one record; `kept`: another was there, and stayed. `none`: it failed. */
export type JobAction =
  | 'created'
  | 'overwritten'
  | 'merged'
  | 'changed'
  | 'tagged'
  | 'class changed'
  | 'moved'
  | 'deleted'
  | 'removed'
  | 'brought back'
  | 'restore asked for'
  | 'exported'
  | 'read'
  | 'kept'
  | 'same already'
  | 'gone already'
  | 'none';

/** What became of one record. */
export interface JobOutcome {
  /** Position in the job, from 0. */
  readonly index: number;
  readonly key: string;
  readonly outcome: 'done' | 'unchanged' | 'failed';
  /** Of the object that was written; of a copy where it went. Null where there was none, and where nobody looked. */
  readonly etagBefore: string | null;
  readonly etagAfter: string | null;
  /** Set where there was no object before. */
  readonly created?: true;
  /** The class that a rule says it goes into; left out where none does. */
  readonly into?: string;
  /** Set where the server refused to copy it with the keys of the destination, so that its bytes came through here. */
  readonly throughHere?: true;
  /** Set where `failed`; `error.retryable` says whether trying again can help. */
  readonly error: AppError | null;
}

/** A line of a report. */
export interface ReportedOutcome extends JobOutcome {
  readonly action: JobAction;
}

export interface JobReport {
  readonly outcomes: readonly ReportedOutcome[];
  /** Of the next page; null after the last. */
  readonly next: string | null;
}

const END_STATES: ReadonlySet<JobState> = new Set(['completed', 'completed-with-errors', 'cancelled', 'failed']);

export function hasEnded(state: JobState): boolean {
  return END_STATES.has(state);
}

/** Whether it does something, or will without anybody asking for it. */
export function isUnderWay(state: JobState): boolean {
  return !hasEnded(state) && state !== 'paused';
}
