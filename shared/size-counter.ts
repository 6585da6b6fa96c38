import { boundOf, type SizeCount } from './class-offer.ts';

/** An object to be counted. */
export type CountedObject = Pick<SizeCount, 'storageClass' | 'into' | 'byteDaysLeft'> & { readonly bytes: number };

/** Counts that may name a class and size more than once, as ones that do not. */
export function sumOfSizes(sizes: readonly SizeCount[]): readonly SizeCount[] {
  const sums = new SizeCounter();
  for (const size of sizes) sums.addCount(size);
  return sums.counts;
}

/** Counts objects by class and size, one by one; in memory is a count for each class and size. */
export class SizeCounter {
  readonly #counts = new Map<string, SizeCount>();

  add({ bytes, ...object }: CountedObject): void {
    this.addCount({ ...object, bound: boundOf(bytes), objects: 1, bytes });
  }

  /** By class, then by size. */
  get counts(): readonly SizeCount[] {
    return [...this.#counts.values()].toSorted(
      (one, other) => one.storageClass.localeCompare(other.storageClass) || one.bound - other.bound,
    );
  }

  addCount({ storageClass, into, bound, objects, bytes, byteDaysLeft = 0 }: SizeCount): void {
    const slot = JSON.stringify([storageClass, bound, into]);
    const before = this.#counts.get(slot);
    const left = (before?.byteDaysLeft ?? 0) + byteDaysLeft;
    this.#counts.set(slot, {
      storageClass,
      ...(into === undefined ? {} : { into }),
      bound,
      objects: (before?.objects ?? 0) + objects,
      bytes: (before?.bytes ?? 0) + bytes,
      ...(left === 0 ? {} : { byteDaysLeft: left }),
    });
  }
}
