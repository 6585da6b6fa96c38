import type { JobEntry } from './job-entry.ts';
import { takeTurns } from './job-line.ts';
import { isInLine } from './job-states.ts';

/** Who is in line, who is at work, and who begins when one ends. */
export class JobTurns {
  readonly #run: (entry: JobEntry) => Promise<void>;
  readonly #line = new Set<JobEntry>();
  readonly #atWork = new Set<JobEntry>();
  #isClosed = false;

  constructor(run: (entry: JobEntry) => Promise<void>) {
    this.#run = run;
  }

  /** The job waits for its turn; one whose records are still being listed has none yet. */
  join(entry: JobEntry): void {
    this.#line.add(entry);
    this.next();
  }

  next(): void {
    if (this.#isClosed) return;
    for (const entry of this.#line) if (!isInLine(entry.state)) this.#line.delete(entry);
    const line = [...this.#line].filter(({ isListed }) => isListed);
    const { start, waiting } = takeTurns(line, [...this.#atWork]);
    for (const entry of line) {
      const other = waiting.get(entry)?.header.id ?? null;
      if (other !== entry.waitsFor) entry.wait(other);
    }
    for (const entry of start) this.begin(entry, 'running');
  }

  /** At once: a job that is cancelled waits for nobody. */
  begin(entry: JobEntry, state: 'running' | 'cancelling'): void {
    this.#line.delete(entry);
    this.#atWork.add(entry);
    entry.stop = new AbortController();
    entry.move(state);
    // It never rejects; whoever waits for the job waits for `entry.work`.
    entry
      .occupy(() => this.#run(entry))
      .finally(() => {
        this.#atWork.delete(entry);
        this.next();
      })
      .catch(() => undefined);
  }

  leave(entry: JobEntry): void {
    this.#line.delete(entry);
  }

  /** Nobody begins any more. */
  close(): void {
    this.#isClosed = true;
    this.#line.clear();
  }
}
