import type { Job, JobReport, JobRequest } from '../../../shared/job.ts';

/** All jobs of a data folder: started, journalled, gone on with after a crash. Every failure is an `AppFailure`. */
export interface Jobs {
  list(): readonly Job[];
  /** Resolves once the job is on disk. */
  start(request: JobRequest): Promise<Job>;
  /** Requests under way end first: resolves when the job stands still. `job-not-found`, `invalid-arguments` where it has ended. */
  pause(job: string): Promise<Job>;
  resume(job: string): Promise<Job>;
  /** Requests under way are broken off. */
  cancel(job: string): Promise<Job>;
  retry(job: string): Promise<Job>;
  report(job: string, from: string | null, onlyFailed: boolean): Promise<JobReport>;
  remove(job: string): Promise<void>;
  /** Stops what runs as `interrupted`, with its journal on disk. */
  dispose(): Promise<void>;
}
