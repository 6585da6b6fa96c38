import { hasEnded, type Job, type JobCounts, type JobState } from '../../../shared/job.ts';
import type { AppError } from '../../../shared/result.ts';
import { JobRate, timeLeft } from './job-rate.ts';
import { isAtWork, mayFollow } from './job-states.ts';
import type { JobStanding, JobWork, JournalHeader } from './journal/journal.ts';
import { kindOf } from './kinds/all-kinds.ts';

/** Milliseconds between two snapshots of one job. */
const TELL_EVERY = 200;

export interface JobProgress {
  readonly counts: JobCounts;
  readonly requests: number;
  readonly bytes: number;
}

/** One job in memory: how it stands, what is under way for it, and who hears of it. */
export class JobEntry {
  readonly header: JournalHeader;
  readonly kept: boolean;
  /** Of the work or the listing under way; aborted to break it off. */
  stop = new AbortController();
  /** Resolves when nothing is under way; never rejects. */
  work: Promise<void> = Promise.resolve();
  /** True while its last state is being written: who wants something of it waits for `work`. */
  isEnding = false;
  #waitsFor: string | null = null;
  #standing: JobStanding;
  #rate: JobRate | null = null;
  #toldAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  readonly #tell: (job: Job) => void;

  constructor(header: JournalHeader, standing: JobStanding, kept: boolean, tell: (job: Job) => void) {
    this.header = header;
    this.#standing = standing;
    this.kept = kept;
    this.#tell = tell;
  }

  get state(): JobState {
    return this.#standing.state;
  }

  get standing(): JobStanding {
    return this.#standing;
  }

  get waitsFor(): string | null {
    return this.#waitsFor;
  }

  get isListed(): boolean {
    return kindOf(this.header.work.kind).recordsOf === null || this.#standing.recordsEnd !== null;
  }

  get hasEnded(): boolean {
    return hasEnded(this.state);
  }

  /** Told at once. */
  move(state: JobState, error: AppError | null = null): void {
    if (state === this.state) return;
    if (!mayFollow(this.state, state)) throw new Error(`A job that is ${this.state} cannot become ${state}.`);
    const now = Date.now();
    const { startedAt } = this.#standing;
    this.#standing = {
      ...this.#standing,
      state,
      error,
      startedAt: state === 'running' ? (startedAt ?? now) : startedAt,
      endedAt: hasEnded(state) ? now : null,
    };
    if (state !== 'waiting') this.#waitsFor = null;
    if (state === 'running') this.#rate = new JobRate(performance.now(), this.#finished);
    if (!isAtWork(state)) this.#rate = null;
    this.tell();
  }

  /** For another job, or for a free place only. */
  wait(other: string | null): void {
    this.#waitsFor = other;
    if (other === null) this.move('queued');
    else if (this.state === 'waiting') this.tell();
    else this.move('waiting');
  }

  /** After what is under way: one thing at a time has the journal open for writing. */
  occupy(work: () => Promise<void>): Promise<void> {
    const turn = this.work.then(work);
    // Told by `turn`.
    this.work = turn.catch(() => undefined);
    return turn;
  }

  /** Told at most five times a second. */
  progress(progress: JobProgress): void {
    this.#standing = { ...this.#standing, ...progress };
    this.#rate?.note(performance.now(), this.#finished);
    if (this.#timer !== null) return;
    const wait = this.#toldAt + TELL_EVERY - performance.now();
    if (wait <= 0) {
      this.tell();
      return;
    }
    this.#timer = setTimeout(() => this.tell(), wait);
    this.#timer.unref();
  }

  /** Where the records end in the journal, and how many there are. */
  listed(total: number, recordsEnd: number): void {
    this.#standing = { ...this.#standing, recordsEnd, counts: { ...this.#standing.counts, total } };
    this.tell();
  }

  tell(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#toldAt = performance.now();
    this.#tell(this.job());
  }

  /** Nothing is told any more. */
  silence(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  job(): Job {
    const { header, kept, waitsFor } = this;
    const { recordsEnd: _, ...standing } = this.#standing;
    const rate = this.#rate?.perSecond(performance.now(), this.#finished) ?? null;
    return {
      id: header.id,
      kind: header.work.kind,
      collection: header.collection,
      collectionName: header.collectionName,
      createdAt: header.createdAt,
      ...(header.work.kind === 'undo' ? { undoes: header.work.job } : {}),
      ...badRowsOf(header.work, standing),
      ...(header.to === undefined ? {} : { to: { collection: header.to.collection, name: header.to.name } }),
      ...(header.work.kind === 'export' ? { path: header.work.target.path } : {}),
      kept,
      waitsFor,
      ...standing,
      rate,
      timeLeft: timeLeft(standing.counts.total, this.#finished, rate),
    };
  }

  get #finished(): number {
    const { done, unchanged, failed } = this.#standing.counts;
    return done + unchanged + failed;
  }
}

/** They are written before the job ends, unless it was cancelled. */
function badRowsOf(work: JobWork, { state }: Pick<JobStanding, 'state'>): Pick<Job, 'badRows'> {
  if (work.kind !== 'import' || work.badRows !== 'with-job' || state !== 'completed-with-errors') return {};
  return { badRows: work.settings.reading.format === 'csv' ? 'csv' : 'ndjson' };
}
