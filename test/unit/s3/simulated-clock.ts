import type { LaneClock } from '../../../electron/engine/s3/gate.ts';

/** A clock that jumps to the next thing that is waited for, once all that follows from the last one has happened. */
export class SimulatedClock implements LaneClock {
  /** Milliseconds in which the process was at work. */
  busy = 0;
  #now = 0;
  #order = 0;
  readonly #calls: { readonly at: number; readonly order: number; readonly call: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  set(now: number): void {
    this.#now = now;
  }

  idle(): number {
    return Math.max(0, this.#now - this.busy);
  }

  wake(milliseconds: number, call: () => void): () => void {
    this.#order += 1;
    const entry = { at: this.#now + milliseconds, order: this.#order, call };
    let low = 0;
    let high = this.#calls.length;
    // The soonest is last.
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#calls[middle];
      if (other !== undefined && (other.at > entry.at || (other.at === entry.at && other.order > entry.order)))
        low = middle + 1;
      else high = middle;
    }
    this.#calls.splice(low, 0, entry);
    return () => {
      const at = this.#calls.indexOf(entry);
      if (at !== -1) this.#calls.splice(at, 1);
    };
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.wake(milliseconds, resolve));
  }

  /** Runs until nothing is waited for any more, which is when the work is done. */
  async run(work: Promise<unknown>): Promise<void> {
    for (;;) {
      await new Promise(setImmediate);
      const next = this.#calls.pop();
      if (next === undefined) break;
      this.#now = next.at;
      next.call();
    }
    await work;
  }
}
