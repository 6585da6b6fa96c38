import type { Job } from '../../../shared/job.ts';
import { AppFailure } from '../../../shared/result.ts';
import type { JournalLimits } from './job-context.ts';
import type { JobEntry } from './job-entry.ts';

/** Jobs that have ended and are kept, however short their journals are. */
const MOST_ENDED = 1_000;
const DAY = 24 * 60 * 60 * 1_000;

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

  /**
   * Those that have ended and are too old, too large or too many to be kept, by the bytes of their journals; but none that is
   * being undone.
   */
  async surplus(
    { days, bytes }: JournalLimits,
    now: number,
    sizeOf: (job: string) => Promise<number>,
  ): Promise<readonly JobEntry[]> {
    const going: JobEntry[] = [];
    let count = 0;
    let left = bytes;
    for (const entry of this.all().toReversed()) {
      if (!entry.hasEnded || entry.isEnding || this.isBeingUndone(entry.header.id)) continue;
      count += 1;
      left -= await sizeOf(entry.header.id);
      const isOld = now - (entry.standing.endedAt ?? now) > days * DAY;
      if (isOld || left < 0 || count > MOST_ENDED) going.push(entry);
    }
    return going;
  }

  /** By a job that has not ended: it needs the journal. */
  isBeingUndone(job: string): boolean {
    return this.all().some(({ header: { work }, hasEnded }) => !hasEnded && work.kind === 'undo' && work.job === job);
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
