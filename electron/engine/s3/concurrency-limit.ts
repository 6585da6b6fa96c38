const START = 64;
const FEWEST = 4;
/** So much above its lowest, latency says that more requests would only wait at the server. */
const TOLERANCE = 1.5;
/** The lowest latency rises by so much a second: the way to a server may have become a longer one. */
const BASE_GROWTH = 1.05;

/**
 * How many requests are under way at once. Begins at 64 and doubles with every round trip while latency holds (the slow
 * start of TCP), after a cut by an eighth; a server whose latency rises is full (TCP Vegas, Netflix's concurrency-limits).
 */
export class ConcurrencyLimit {
  readonly #most: number;
  #limit: number;
  /** Below it the limit doubles. */
  #threshold: number;
  #answers = 0;
  #latencies = 0;
  /** Lowest mean latency of a round trip, in milliseconds, and when it was last made to rise. */
  #base = Infinity;
  #baseAt = 0;
  /** Mean latency of the last round trip. */
  latency = 0;

  constructor(most: number) {
    this.#most = most;
    this.#limit = Math.min(START, most);
    this.#threshold = most;
  }

  get value(): number {
    return Math.floor(this.#limit);
  }

  /** Whether a round trip has ended with this answer. */
  answered(latency: number): boolean {
    this.#answers += 1;
    this.#latencies += latency;
    return this.#answers >= this.#limit;
  }

  /** @param crowded whether requests had to wait for a place: a limit that nobody meets is not raised */
  endRoundTrip(crowded: boolean, now: number): void {
    this.latency = this.#latencies / this.#answers;
    this.#answers = 0;
    this.#latencies = 0;
    this.#base = Math.min(this.latency, this.#base * BASE_GROWTH ** ((now - this.#baseAt) / 1000));
    this.#baseAt = now;
    if (this.latency > this.#base * TOLERANCE) this.#threshold = Math.min(this.#threshold, this.#limit);
    else if (crowded) this.#grow();
  }

  halve(): void {
    this.#limit = Math.max(Math.min(FEWEST, this.#most), this.#limit / 2);
    this.#answers = 0;
    this.#latencies = 0;
  }

  #grow(): void {
    const grown = this.#limit < this.#threshold ? Math.min(this.#limit * 2, this.#threshold) : this.#limit * 1.125;
    this.#limit = Math.min(grown, this.#most);
  }
}
