import type { PreviewedRecord } from '../../../shared/job-preview.ts';
import type { PromotedRecords } from '../../../shared/comparison.ts';
import type { Job, JobReport, JobRequest, Undoable } from '../../../shared/job.ts';
import type { UndoneObjects } from './journal/undone-objects.ts';

/** `promoted`: what copying them takes, where they were compared; of all pages so far. */
export type Permit = (found: { readonly records: number; readonly promoted: PromotedRecords | null }) => void;

/** All jobs of a data folder: started, journalled, gone on with after a crash. Every failure is an `AppFailure`. */
export interface Jobs {
  /**
   * Reads what is on disk; comes before everything else. With `goOn` what was interrupted goes on at once, without it as
   * soon as a job is started or resumed: for a process that ends in a moment.
   */
  open(options: { readonly goOn: boolean }): Promise<void>;
  list(): readonly Job[];
  /**
   * Resolves once the job is on disk. `permit` is told of the records that were found so far, before they are kept; where it
   * throws, there is no job.
   */
  start(request: JobRequest, permit?: Permit): Promise<Job>;
  /** Its first records as they are and as it would leave them; writes nothing. */
  preview(request: JobRequest, signal: AbortSignal): Promise<readonly PreviewedRecord[]>;
  /** Requests under way end first: resolves when the job stands still. `job-not-found`, `invalid-arguments` where it has ended. */
  pause(job: string): Promise<Job>;
  resume(job: string): Promise<Job>;
  /** Requests under way are broken off. */
  cancel(job: string): Promise<Job>;
  /** A new job of the records that failed, with the ETags that they have now. */
  retry(job: string): Promise<Job>;
  /** A new job that brings back what was before. `invalid-arguments` where the job cannot be undone. */
  undo(job: string, how?: Undoable): Promise<Job>;
  /** What taking it back is about. `job-not-found`. */
  undone(job: string): Promise<UndoneObjects>;
  report(job: string, from: string | null, onlyFailed: boolean): Promise<JobReport>;
  /** A piece of the file of rows that failed, from this byte on. */
  badRows(job: string, from: number): Promise<{ readonly bytes: string; readonly next: number | null }>;
  /** Paths that imports read which have not ended, or whose failed rows can be tried again. */
  sourcePaths(): readonly string[];
  /** Deletes the journal of a job that has ended. */
  remove(job: string): Promise<void>;
  /** Jobs of the collection that have not ended fail: its records are others now. Reports stay. */
  abandon(collection: string): Promise<void>;
  /** Cancels the jobs of a collection and deletes their journals. */
  forget(collection: string): Promise<void>;
  /** Stops what runs as `interrupted`, with its journal on disk. */
  dispose(): Promise<void>;
}
