import { ConcurrencyLimit } from './concurrency-limit.ts';
import { Gate, REAL_CLOCK, type EndedTry, type LaneClock, type Pace } from './gate.ts';
import { RateLimit } from './rate-limit.ts';
import { BULK_PATIENCE } from './retry.ts';

/** Requests of a connection's bulk lane that are under way at once. */
export const MOST_AT_ONCE = 512;

const LONGEST_PAUSE = 5_000;

/**
 * Lets requests leave as a server can take them, and finds that out from its answers: how many at once
 * (ConcurrencyLimit) and, where it asks for fewer, how many a second (RateLimit). Both, because concurrency alone cannot
 * hold a limit of requests a second: at 0.3 ms one request after the other is 3,000 a second.
 *
 * "Slow down" and time-outs halve what is under way, once a round trip, since what left together is refused together;
 * the lane then pauses for a random part of a quarter of the time since the last success. Once the rate is known, a
 * single refusal is what probing for a higher one costs, and halves nothing.
 */
export class Pacer implements Pace {
  readonly gate: Gate;
  readonly #concurrency: ConcurrencyLimit;
  readonly #rate = new RateLimit();
  readonly #random: () => number;
  readonly #clock: LaneClock;
  #cutAt = -Infinity;
  #openAt = -Infinity;
  answeredAt: number;

  constructor(most: number, random: () => number = Math.random, clock: LaneClock = REAL_CLOCK) {
    this.#concurrency = new ConcurrencyLimit(Math.min(most, MOST_AT_ONCE), clock);
    this.#random = random;
    this.#clock = clock;
    this.answeredAt = clock.now();
    this.gate = new Gate(this.#concurrency.value, this, clock);
  }

  wait(): number {
    const now = this.#clock.now();
    return now < this.#openAt ? this.#openAt - now : this.#rate.wait(now);
  }

  entered(): void {
    this.#rate.take();
  }

  learn({ outcome, sentAt, answeredAt, waitMilliseconds }: EndedTry): void {
    const now = this.#clock.now();
    if (outcome === 'answered') {
      this.answeredAt = now;
      this.#rate.answered(now);
      if (sentAt === null || answeredAt === null || !this.#concurrency.answered(sentAt, answeredAt - sentAt)) return;
      this.#concurrency.endRoundTrip(this.gate.takeCrowded());
      this.gate.resize(this.#concurrency.value);
    } else if (outcome === 'throttled') {
      // Nobody waits for longer than that: who asked hears of it, and the lane does not stand still for those who come then.
      if (waitMilliseconds !== null && waitMilliseconds < BULK_PATIENCE) {
        this.#openAt = Math.max(this.#openAt, now + waitMilliseconds);
      }
      this.#throttled(sentAt ?? now, now);
    } else if (outcome === 'timed-out') {
      this.#cut(sentAt ?? now, now);
    }
  }

  #throttled(sentAt: number, now: number): void {
    const isKnown = this.#rate.value !== Infinity;
    const roundTrip = Math.max(1, this.#concurrency.latency || now - sentAt);
    this.#rate.refused(sentAt, (this.#concurrency.value / roundTrip) * 1000, now);
    if (isKnown && !this.#rate.isRefused) return;
    if (!this.#cut(sentAt, now)) return;
    const longest = Math.min(LONGEST_PAUSE, Math.max(roundTrip, (now - this.answeredAt) / 4));
    this.#openAt = Math.max(this.#openAt, now + this.#random() * longest);
  }

  #cut(sentAt: number, now: number): boolean {
    if (sentAt < this.#cutAt) return false;
    this.#cutAt = now;
    this.#concurrency.halve(now);
    this.gate.resize(this.#concurrency.value);
    return true;
  }
}
