import type { IndexSource } from './collection-index.ts';

/** When the keys below some prefixes were listed by themselves, since the index was opened. */
export class PartialListings {
  readonly #listedAt = new Map<string, number>();

  add(below: readonly string[], listedAt: number): void {
    for (const prefix of below) this.#listedAt.set(prefix, listedAt);
  }

  clear(): void {
    this.#listedAt.clear();
  }

  /** When all of these were listed; null where some of them were not. */
  listedAt(below: readonly string[]): number | null {
    const times = below.map((prefix) =>
      Math.max(...[...this.#listedAt].filter(([start]) => prefix.startsWith(start)).map(([, listedAt]) => listedAt)),
    );
    const oldest = Math.min(...times);
    return Number.isFinite(oldest) ? oldest : null;
  }
}

/** Whether a listing of then is younger than its collection's TTL. */
export function isYoung(listedAt: number | null, { cacheTtlSeconds }: IndexSource): boolean {
  if (listedAt === null) return false;
  const age = Date.now() - listedAt;
  // A clock that was set back must not keep an old listing fresh for ever.
  return age >= 0 && age < cacheTtlSeconds * 1_000;
}
