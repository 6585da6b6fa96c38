const START = 64;
const FEWEST = 4;
/** The first steps double the limit; once one did not pay, later ones are smaller. */
const LARGE_STEP = 2;
const SMALL_STEP = 1.25;
/** Milliseconds until the next step after one that did not pay. */
const HOLD = 1_000;

/**
 * How many requests are under way at once. Begins at 64 and doubles with every round trip while latency holds (the slow
 * start of TCP). Latency that rises by more than a quarter of a step says that the server, the way there or this process
 * is full, and that more requests only wait (TCP Vegas, Netflix's concurrency-limits): the step is taken back. It is
 * compared with the round trip before, not with the lowest ever, which a cold start or another way would spoil.
 */
export class ConcurrencyLimit {
  readonly #most: number;
  #limit: number;
  #step = LARGE_STEP;
  /** Before the last step; null where it has been judged. */
  #before: { readonly limit: number; readonly latency: number } | null = null;
  /** What was sent before says nothing of this limit. */
  #changedAt = -Infinity;
  #holdUntil = -Infinity;
  #answers = 0;
  #latencies = 0;
  /** Mean of the last round trip, in milliseconds. */
  latency = 0;

  constructor(most: number) {
    this.#most = most;
    this.#limit = Math.min(START, most);
  }

  get value(): number {
    return Math.floor(this.#limit);
  }

  /** Whether a round trip under this limit has ended with this answer. */
  answered(sentAt: number, latency: number): boolean {
    if (sentAt < this.#changedAt) return false;
    this.#answers += 1;
    this.#latencies += latency;
    return this.#answers >= this.#limit;
  }

  /** @param isWanted whether more could be under way: a limit that nobody meets is not raised */
  endRoundTrip(isWanted: boolean, now: number): void {
    this.latency = this.#latencies / this.#answers;
    const before = this.#before;
    this.#before = null;
    if (before !== null && this.latency > before.latency * (1 + (this.#step - 1) / 4)) {
      this.#step = SMALL_STEP;
      this.#holdUntil = now + HOLD;
      this.#change(before.limit, now);
    } else if (isWanted && now >= this.#holdUntil && this.#limit < this.#most) {
      this.#before = { limit: this.#limit, latency: this.latency };
      this.#change(Math.min(this.#limit * this.#step, this.#most), now);
    } else {
      this.#answers = 0;
      this.#latencies = 0;
    }
  }

  halve(now: number): void {
    this.#before = null;
    this.#change(Math.max(Math.min(FEWEST, this.#most), this.#limit / 2), now);
  }

  #change(limit: number, now: number): void {
    this.#limit = limit;
    this.#changedAt = now;
    this.#answers = 0;
    this.#latencies = 0;
  }
}
