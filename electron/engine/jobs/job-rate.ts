/** Milliseconds that the rate looks back. */
const WINDOW = 5_000;
/** Milliseconds between two samples that are kept. */
const SAMPLE_EVERY = 200;
/** Milliseconds before which a rate would say nothing. */
const SHORTEST = 500;

/** Records a second over the last seconds. Times are milliseconds of a clock that never goes back. */
export class JobRate {
  readonly #samples: { readonly at: number; readonly finished: number }[] = [];

  constructor(now: number, finished: number) {
    this.#samples.push({ at: now, finished });
  }

  note(now: number, finished: number): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && now - last.at < SAMPLE_EVERY) return;
    this.#samples.push({ at: now, finished });
    while (this.#samples.length > 2 && now - (this.#samples[1]?.at ?? now) >= WINDOW) this.#samples.shift();
  }

  /** Null while too little is known. */
  perSecond(now: number, finished: number): number | null {
    const first = this.#samples[0];
    if (first === undefined || now - first.at < SHORTEST) return null;
    return ((finished - first.finished) * 1_000) / (now - first.at);
  }
}

/** Milliseconds; null where nothing says how many. */
export function timeLeft(total: number | null, finished: number, rate: number | null): number | null {
  if (total === null || rate === null || rate <= 0) return null;
  return Math.round(((total - finished) * 1_000) / rate);
}
