/** Taken for the size of what is not known yet: the first wave of a source is small, until results have told more. */
const FIRST_GUESS = 1024 * 1024;
/** Results that the guess is a mean of, roughly. */
const MEMORY = 16;

/** Counts bytes in memory; at most one item more than `limit`, where the sizes are known. */
export class ByteBudget {
  readonly #limit: number;
  #used = 0;
  #guess = FIRST_GUESS;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isFull(): boolean {
    return this.#used >= this.#limit;
  }

  /** Answers the bytes that were taken; null takes what results came to so far. */
  take(bytes: number | null): number {
    const taken = bytes ?? this.#guess;
    this.#used += taken;
    return taken;
  }

  /** What was taken turned out to be so large. */
  replace(taken: number, bytes: number): void {
    this.#used += bytes - taken;
    this.#guess += (bytes - this.#guess) / MEMORY;
  }

  give(bytes: number): void {
    this.#used -= bytes;
  }
}
