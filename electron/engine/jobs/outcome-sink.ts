import type { JobOutcome } from '../../../shared/job.ts';
import type { Journal } from './journal/journal.ts';

/** Outcomes in one frame. */
const FRAME_OUTCOMES = 500;
/** Outcomes that wait to be written; the work pauses beyond. */
const MOST_WAITING = 2_000;

export interface SinkOptions {
  readonly journal: Journal;
  /** Requests and bytes of the job so far. */
  readonly spent: () => { readonly requests: number; readonly bytes: number };
  /** They are in the journal. */
  readonly onWritten: (outcomes: readonly JobOutcome[]) => void;
}

/** Outcomes on their way into the journal: those that come while a write is under way go together with the next. */
export class OutcomeSink {
  readonly #options: SinkOptions;
  #waiting: JobOutcome[] = [];
  #writing: Promise<void> | null = null;
  #failed: { readonly error: unknown } | null = null;

  constructor(options: SinkOptions) {
    this.#options = options;
  }

  /** Waits only where too many are on their way. Rejects with the failure of an earlier write too. */
  async add(outcome: JobOutcome): Promise<void> {
    if (this.#failed !== null) throw this.#failed.error;
    this.#waiting.push(outcome);
    this.#writing ??= this.#write();
    if (this.#waiting.length >= MOST_WAITING) await this.flush();
  }

  async flush(): Promise<void> {
    await this.#writing;
    if (this.#failed !== null) throw this.#failed.error;
  }

  async #write(): Promise<void> {
    const { journal, spent, onWritten } = this.#options;
    try {
      while (this.#waiting.length > 0) {
        const outcomes = this.#waiting.splice(0, FRAME_OUTCOMES);
        await journal.writeOutcomes({ ...spent(), outcomes });
        onWritten(outcomes);
      }
    } catch (error) {
      this.#failed = { error };
    } finally {
      this.#writing = null;
    }
  }
}
