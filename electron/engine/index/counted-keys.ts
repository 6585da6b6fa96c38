import type { IndexFiles } from './index-files.ts';
import { isYoung } from './partial-listings.ts';
import type { IndexSource } from './collection-index.ts';

/** Keys of a collection that was never read, as a listing of them all had them. */
export interface CountedKeys {
  readonly keys: number;
  /** When the listing began; milliseconds since 1970. */
  readonly listedAt: number;
}

/**
 * Remembers counts of keys for as long as a listing counts as fresh, also for the next process: who only counts need not
 * have the records read.
 */
export class KeyCounts {
  readonly #files: IndexFiles;
  readonly #counts = new Map<string, CountedKeys>();

  constructor(files: IndexFiles) {
    this.#files = files;
  }

  /** Null where none is young enough. */
  async young(source: IndexSource): Promise<CountedKeys | null> {
    const { collection, memoryOnly } = source;
    const counted = this.#counts.get(collection) ?? (memoryOnly ? null : await this.#files.readCount(collection));
    return counted !== null && isYoung(counted.listedAt, source) ? counted : null;
  }

  async keep({ collection, memoryOnly }: IndexSource, counted: CountedKeys): Promise<void> {
    this.#counts.set(collection, counted);
    if (memoryOnly) return;
    // One that cannot be kept is counted again.
    await Promise.allSettled([this.#files.writeCount(collection, counted)]);
  }

  /** Something was written, or may have been. */
  async forget(collection: string): Promise<void> {
    this.#counts.delete(collection);
    await this.#files.removeCount(collection);
  }
}
