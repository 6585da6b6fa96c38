/** Milliseconds over which answers are counted, how many of those are a second, and how many are kept. */
const STEP = 100;
const SECOND = 10;
const KEPT = 30;
/** Shares by which a quiet step raises the rate: until it was once too high, after that at first, and at most. */
const SEARCH = 0.25;
const PROBE = 0.005;
const LARGEST_PROBE = 0.5;
/** So many milliseconds of the rate may leave at once, where the event loop comes late. */
const BURST = 50;

/** Requests a millisecond: ten a second harm no server, and one that is back after a minute of refusals is soon found to be. */
const LOWEST = 0.01;

interface Step {
  answered: number;
  refused: number;
}

/**
 * How many requests a second leave: unlimited until a server asks for fewer, then what it was seen to take. Every quiet
 * step raises the rate by 1, 2, 4, 8 … %; a refusal takes it back to the most that was answered in a second of the last
 * three (as BBR finds the rate of a bottleneck), but by half at most. What was answered in a second can be more than the
 * server allows only where it had saved up for a burst, and that is forgotten after three.
 */
export class RateLimit {
  /** Requests a millisecond. */
  #rate = Infinity;
  #credit = 0;
  #creditAt = 0;
  /** Somebody had to wait for the rate in this step. */
  #isWanted = false;
  /** Steps since the last refusal. */
  #quiet = 0;
  #tooHigh = false;
  /** Refusals of what was sent before tell nothing new. */
  #cutAt = -Infinity;
  #steps: Step[] = [];
  #current: Step = { answered: 0, refused: 0 };
  #stepAt = -Infinity;

  /** Requests a second. */
  get value(): number {
    return this.#rate * 1000;
  }

  /** Milliseconds until the next request may leave. */
  wait(now: number): number {
    if (this.#rate === Infinity) return 0;
    this.#credit = Math.min(this.#credit + (now - this.#creditAt) * this.#rate, Math.max(1, BURST * this.#rate));
    this.#creditAt = now;
    if (this.#credit >= 1) return 0;
    this.#isWanted = true;
    return (1 - this.#credit) / this.#rate;
  }

  take(): void {
    if (this.#rate !== Infinity) this.#credit -= 1;
  }

  answered(now: number): void {
    if (now - this.#stepAt >= STEP) this.#endSteps(now);
    this.#current.answered += 1;
  }

  /** @param attempted requests a second that were sent, for where no rate is known yet */
  refused(sentAt: number, attempted: number, now: number): void {
    if (now - this.#stepAt >= STEP) this.#endSteps(now);
    this.#current.refused += 1;
    this.#quiet = 0;
    if (sentAt < this.#cutAt) return;
    this.#cutAt = now;
    const isFirst = this.#rate === Infinity;
    if (!isFirst) this.#tooHigh = true;
    const before = isFirst ? attempted / 1000 : this.#rate;
    this.#rate = Math.min(before, Math.max(this.#mostAnswered(now), before / 2, LOWEST));
    if (isFirst) {
      this.#credit = 0;
      this.#creditAt = now;
    }
  }

  /** Whether most requests of this step and the one before were refused. */
  get isRefused(): boolean {
    const before = this.#steps.at(-1);
    return this.#current.refused + (before?.refused ?? 0) > this.#current.answered + (before?.answered ?? 0);
  }

  #endSteps(now: number): void {
    const passed = Math.floor((now - this.#stepAt) / STEP);
    if (passed > SECOND) {
      this.#steps = [];
      this.#stepAt = now;
    } else {
      this.#endStep(this.#current);
      for (let empty = 1; empty < passed; empty += 1) this.#endStep({ answered: 0, refused: 0 });
      this.#stepAt += passed * STEP;
    }
    this.#current = { answered: 0, refused: 0 };
  }

  #endStep(step: Step): void {
    this.#steps.push(step);
    if (this.#steps.length > KEPT) this.#steps.shift();
    const isWanted = this.#isWanted;
    this.#isWanted = false;
    // A rate that nobody had to wait for says nothing.
    if (step.refused > 0 || step.answered === 0 || !isWanted) return;
    this.#rate *=
      1 + (this.#tooHigh ? Math.min(PROBE * 2 ** Math.floor((2 * this.#quiet) / SECOND), LARGEST_PROBE) : SEARCH);
    this.#quiet += 1;
  }

  /** A millisecond: in the last second, and where few were refused in the best of the last three. */
  #mostAnswered(now: number): number {
    const counts = this.#steps.map(({ answered }) => answered);
    if (counts.length < SECOND) {
      const answered = sum(counts) + this.#current.answered;
      return answered / Math.max(1, counts.length * STEP + now - this.#stepAt);
    }
    const seconds = counts.slice(SECOND - 1).map((_, start) => sum(counts.slice(start, start + SECOND)));
    if (this.isRefused) return (seconds.at(-1) ?? 0) / (SECOND * STEP);
    return Math.max(Math.max(...seconds) / SECOND, sum(counts.slice(-2)) / 2) / STEP;
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
