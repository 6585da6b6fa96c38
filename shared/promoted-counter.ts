import type { ComparedRecord, PromotedRecords } from './comparison.ts';
import { SizeCounter } from './size-counter.ts';

/** What promoting some records copies, and what that writes over. */
export class PromotedCounter {
  readonly #sizes = new SizeCounter();
  #replaced = 0;

  add({ storageClass, size, sizeThere }: Pick<ComparedRecord, 'storageClass' | 'size' | 'sizeThere'>): void {
    this.#sizes.add({ storageClass: storageClass ?? 'STANDARD', bytes: size });
    this.#replaced += sizeThere;
  }

  get records(): PromotedRecords {
    return { sizes: this.#sizes.counts, replaced: this.#replaced };
  }
}
