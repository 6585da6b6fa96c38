import type { RequestStatistics } from '../../../shared/page.ts';

/** Counts requests by S3 operation name and the bytes of their bodies, for the plan line and `--stats`. */
export class RequestMeter {
  #requests = new Map<string, number>();
  #bytes = 0;

  /** Asked before each request is sent, also before one that is sent again; throws where it must not be. */
  permit(_operation: string): void {}

  /** Every request that was sent counts, also one that failed or was sent again: S3 bills them all. */
  countRequest(operation: string): void {
    this.#requests.set(operation, (this.#requests.get(operation) ?? 0) + 1);
  }

  countBytes(bytes: number): void {
    this.#bytes += bytes;
  }

  get total(): number {
    let total = 0;
    for (const count of this.#requests.values()) total += count;
    return total;
  }

  get bytes(): number {
    return this.#bytes;
  }

  statistics(): RequestStatistics {
    return { requests: Object.fromEntries(this.#requests), bytes: this.#bytes };
  }
}
