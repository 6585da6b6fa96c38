import type { LaneClock } from './gate.ts';

const START = 64;
const FEWEST = 4;
/** The first steps double the limit; once one did not pay, later ones are smaller. */
const LARGE_STEP = 2;
const SMALL_STEP = 1.25;
/** A smaller one could not be told from noise. */
const SMALLEST_STEP = 1.05;
/** Milliseconds until the next step after one that did not pay. */
const HOLD = 100;
/** Latency of a server that is far from full differs by so much from one round trip to the next. */
const NOISE = 0.15;

/**
 * How many requests are under way at once. Begins at 64 and doubles with every round trip while latency holds (the slow
 * start of TCP), or rises by what this process can still work on, where that is less. Latency that rises by more than a
 * quarter of a step says that the server or the way there is full, and that more requests only wait (TCP Vegas, Netflix's
 * concurrency-limits): the step is taken back. It is compared with the round trip before, not with the lowest ever, which a
 * cold start or another way would spoil.
 */
export class ConcurrencyLimit {
  readonly #most: number;
  readonly #clock: Pick<LaneClock, 'now' | 'idle'>;
  #limit: number;
  #step = LARGE_STEP;
  /** Before the last step; null where it has been judged. */
  #before: { readonly limit: number; readonly latency: number } | null = null;
  /** What was sent before says nothing of this limit. */
  #changedAt = -Infinity;
  #holdUntil = -Infinity;
  /** Since the first answer of the round trip; how long the event loop had been idle by then. */
  #begunAt = 0;
  #idleBefore = 0;
  #roomBefore = Infinity;
  #answers = 0;
  #latencies = 0;
  /** Mean of the last round trip, in milliseconds. */
  latency = 0;

  constructor(most: number, clock: Pick<LaneClock, 'now' | 'idle'>) {
    this.#most = most;
    this.#clock = clock;
    this.#limit = Math.min(START, most);
  }

  get value(): number {
    return Math.floor(this.#limit);
  }

  /** Whether a round trip under this limit has ended with this answer: one after as many as there are under way. */
  answered(sentAt: number, latency: number): boolean {
    if (sentAt < this.#changedAt) return false;
    if (this.#answers === 0) {
      this.#begunAt = this.#clock.now();
      this.#idleBefore = this.#clock.idle();
    }
    this.#answers += 1;
    this.#latencies += latency;
    return this.#answers > this.#limit;
  }

  /** @param isWanted whether more could be under way: a limit that nobody meets is not raised */
  endRoundTrip(isWanted: boolean): void {
    const now = this.#clock.now();
    this.latency = this.#latencies / this.#answers;
    const before = this.#before;
    this.#before = null;
    const room = this.#room(now);
    // That of a single round trip may be the rest that another process gave by holding up its answers.
    const step = Math.min(this.#step, room, this.#roomBefore);
    this.#roomBefore = room;
    if (
      before !== null &&
      this.latency > before.latency * (1 + Math.max(NOISE, (this.#limit / before.limit - 1) / 4))
    ) {
      this.#step = SMALL_STEP;
      this.#holdUntil = now + HOLD;
      this.#change(before.limit, now);
    } else if (isWanted && step >= SMALLEST_STEP && now >= this.#holdUntil && this.#limit < this.#most) {
      this.#before = { limit: this.#limit, latency: this.latency };
      this.#change(Math.min(this.#limit * step, this.#most), now);
    } else {
      this.#answers = 0;
      this.#latencies = 0;
    }
  }

  /**
   * How many times as many this process could have worked on in the round trip. Once it has its hands full it is what
   * everybody waits for: more sockets would only be read in one go, at the cost of a longer turn of the event loop and of
   * more memory.
   */
  #room(now: number): number {
    const elapsed = now - this.#begunAt;
    const busy = elapsed - (this.#clock.idle() - this.#idleBefore);
    return busy > 0 ? elapsed / busy : Infinity;
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
