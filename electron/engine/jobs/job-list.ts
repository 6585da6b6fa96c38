import type { Job } from '../../../shared/job.ts';
import { AppFailure } from '../../../shared/result.ts';
import type { JobEntry } from './job-entry.ts';

/** Jobs that have ended and are kept; the oldest go. */
const MOST_ENDED = 100;

/** The jobs of a data folder in memory. */
export class JobList {
  /** The newest last. */
  readonly #entries = new Map<string, JobEntry>();

  /** The newest first. */
  jobs(): readonly Job[] {
    return this.all()
      .toReversed()
      .map((entry) => entry.job());
  }

  all(): readonly JobEntry[] {
    return [...this.#entries.values()];
  }

  ofCollection(collection: string): readonly JobEntry[] {
    return this.all().filter(({ header }) => header.collection === collection);
  }

  /** Those that have ended and are too many to be kept. */
  surplus(): readonly JobEntry[] {
    return this.all()
      .filter(({ hasEnded, isEnding }) => hasEnded && !isEnding)
      .slice(0, -MOST_ENDED);
  }

  add(entry: JobEntry): void {
    this.#entries.set(entry.header.id, entry);
  }

  remove(entry: JobEntry): void {
    this.#entries.delete(entry.header.id);
  }

  /** Waits where its last state is being written. Throws `job-not-found`. */
  async find(job: string): Promise<JobEntry> {
    const entry = this.#entries.get(job);
    if (entry === undefined) throw new AppFailure('job-not-found', 'This job is not kept any more. Start it again.');
    if (entry.isEnding) await entry.work;
    return entry;
  }

  /** Throws `invalid-arguments` where it has ended. */
  async findUnended(job: string): Promise<JobEntry> {
    const entry = await this.find(job);
    if (entry.hasEnded) throw refused('This job has ended: nothing of it is under way any more.');
    return entry;
  }

  /** Throws `invalid-arguments` where it has not ended. */
  async findEnded(job: string): Promise<JobEntry> {
    const entry = await this.find(job);
    if (!entry.hasEnded) throw refused('This job has not ended yet. Wait for its end, or cancel it first.');
    return entry;
  }
}

export function refused(message: string): AppFailure {
  return new AppFailure('invalid-arguments', message);
}
