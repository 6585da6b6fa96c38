import { setMaxListeners } from 'node:events';
import { AppFailure } from '../../../../shared/result.ts';
import { markCollection, markedCollection } from '../../s3/request-purpose.ts';
import { takeTurn } from '../../turns.ts';
import { Waiter } from '../../waiter.ts';
import type { Source } from '../record-batches.ts';
import { ByteBudget } from './byte-budget.ts';

export interface ConcurrentMapOptions<T, R> {
  readonly signal: AbortSignal;
  /** Tasks under way at once; asked for again and again. */
  readonly tasks: () => number;
  /** In the order of the source; otherwise as they end. */
  readonly ordered: boolean;
  /** Bytes of memory that an item takes while it is worked on; null where only its result will tell. */
  readonly sizeOf: (item: T) => number | null;
  /** Bytes that its result takes until it is taken. */
  readonly sizeOfResult: (result: R) => number;
}

type Work<T, R> = (item: T, index: number, signal: AbortSignal) => Promise<R>;

/** Bytes of items and results in memory at once. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Items begun at once: hundreds of bodies encoded and signed in one go would hold up all else. */
const BEGUN_IN_A_TURN = 8;

/**
 * Works on the items of a source, many at once, and yields the results. Items and results in memory are bounded by number
 * and by bytes: who takes results slowly slows down the source. `work` rejects for what stops everything; a source that
 * fails does so too, behind the results of what it gave before. `signal`, or a consumer that leaves, stops at once: the
 * signal that `work` got fires, and no work is under way any more when the generator has ended. Results that are there by
 * then are still yielded, before the failure is thrown.
 */
export function concurrentMap<T, R extends object>(
  source: Source<T>,
  work: Work<T, R>,
  options: ConcurrentMapOptions<T, R>,
): AsyncGenerator<R, void, undefined> {
  return new ConcurrentMap(source, work, options).results();
}

class ConcurrentMap<T, R extends object> {
  readonly #items: AsyncIterator<T> | Iterator<T>;
  readonly #work: Work<T, R>;
  readonly #options: ConcurrentMapOptions<T, R>;
  readonly #budget = new ByteBudget(MOST_BYTES);
  readonly #stop = new AbortController();
  /** Results that were not taken yet, by position, in the order in which they came. */
  readonly #results = new Map<number, { readonly result: R; readonly bytes: number }>();
  #source: 'waiting' | 'asked' | 'ended' = 'waiting';
  #started = 0;
  #running = 0;
  #taken = 0;
  #failure: Error | null = null;
  readonly #consumer = new Waiter();
  readonly #reader = new Waiter();

  constructor(source: Source<T>, work: Work<T, R>, options: ConcurrentMapOptions<T, R>) {
    this.#items = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    this.#work = work;
    this.#options = options;
    // Every request under way listens to it; Node warns of more than ten.
    setMaxListeners(0, this.#stop.signal);
    const collection = markedCollection(options.signal);
    if (collection !== null) markCollection(this.#stop.signal, collection);
  }

  async *results(): AsyncGenerator<R, void, undefined> {
    const { signal } = this.#options;
    const onAbort = (): void => this.#halt(stoppedBy(signal));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    const reader = this.#read();
    try {
      while (!this.#isOver()) {
        const index = this.#next();
        const entry = this.#results.get(index);
        if (entry === undefined) {
          await this.#consumer.wait();
          continue;
        }
        this.#results.delete(index);
        yield entry.result;
        this.#taken += 1;
        this.#budget.give(entry.bytes);
        this.#reader.wake();
      }
      if (this.#failure !== null) throw this.#failure;
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#stop.abort();
      this.#reader.wake();
      while (this.#running > 0) await this.#consumer.wait();
      await this.#leaveSource(reader);
    }
  }

  async #read(): Promise<void> {
    try {
      while (!this.#stop.signal.aborted) {
        if (!this.#hasRoom()) {
          await this.#reader.wait();
          continue;
        }
        this.#source = 'asked';
        const asked = this.#items.next();
        const next = 'then' in asked ? await asked : asked;
        this.#source = next.done === true ? 'ended' : 'waiting';
        if (next.done === true || this.#stop.signal.aborted) break;
        void this.#run(next.value, this.#started);
        this.#started += 1;
        if (this.#started % BEGUN_IN_A_TURN === 0) await takeTurn();
      }
    } catch (error) {
      this.#source = 'ended';
      this.#failure ??= asError(error);
    }
    this.#consumer.wake();
  }

  async #run(item: T, index: number): Promise<void> {
    this.#running += 1;
    const bytes = this.#budget.take(this.#options.sizeOf(item));
    try {
      const result = await this.#work(item, index, this.#stop.signal);
      const held = this.#options.sizeOfResult(result);
      this.#budget.replace(bytes, held);
      this.#results.set(index, { result, bytes: held });
    } catch (error) {
      this.#budget.give(bytes);
      this.#halt(error);
    }
    this.#running -= 1;
    this.#reader.wake();
    this.#consumer.wake();
  }

  #hasRoom(): boolean {
    const tasks = this.#options.tasks();
    return this.#running < tasks && this.#started - this.#taken < 2 * tasks && !this.#budget.isFull;
  }

  /** Position of the result that is to be taken next; -1 for none. */
  #next(): number {
    if (!this.#options.ordered) return this.#results.keys().next().value ?? -1;
    if (!this.#stop.signal.aborted) return this.#taken;
    // What is missing before them will not come any more.
    return this.#running === 0 ? Math.min(...this.#results.keys()) : -1;
  }

  #isOver(): boolean {
    const noMoreItems = this.#source === 'ended' || this.#stop.signal.aborted;
    return noMoreItems && this.#running === 0 && this.#results.size === 0;
  }

  #halt(error: unknown): void {
    this.#failure ??= asError(error);
    this.#stop.abort(error);
    this.#reader.wake();
    this.#consumer.wake();
  }

  async #leaveSource(reader: Promise<void>): Promise<void> {
    if (this.#source === 'asked') {
      // It may never answer, so it is not waited for; what it fails with then comes after the end.
      Promise.resolve(this.#items.return?.()).catch(() => {});
      return;
    }
    await reader;
    if (this.#source === 'waiting') await this.#items.return?.();
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function stoppedBy({ reason }: AbortSignal): AppFailure {
  return reason instanceof AppFailure
    ? reason
    : new AppFailure('aborted', 'Stopped before all records were dealt with.');
}
