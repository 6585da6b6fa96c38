import { takeTurn } from '../turns.ts';
import type { Indexes, IndexSource, TaggedObject, WrittenObject } from '../index/collection-index.ts';

/** Changes of one kind that the index takes at once, and their bytes. */
const BATCH = 1_000;
const BATCH_BYTES = 8 * 1024 * 1024;
/** Milliseconds after which fewer go too, so that an open query shows how the job gets on. */
const APPLY_EVERY = 200;
/**
 * How much longer than the last time took it is until then at least. A few changes take the index nearly as long as hundreds, and
 * where it has much else to do, they would keep it from that for a quarter of the time.
 */
const REST = 9;

/** What a job wrote and deleted, on its way into the index in batches. */
export class IndexChanges {
  readonly #indexes: Indexes;
  readonly #source: IndexSource;
  #written: WrittenObject[] = [];
  #deleted: string[] = [];
  #tagged: TaggedObject[] = [];
  #bytes = 0;
  #applying: Promise<void> | null = null;
  #dueAt = performance.now() + APPLY_EVERY;
  #failed: { readonly error: unknown } | null = null;

  constructor(indexes: Indexes, source: IndexSource) {
    this.#indexes = indexes;
    this.#source = source;
  }

  async write(written: WrittenObject): Promise<void> {
    this.#written.push(written);
    this.#bytes += written.body.byteLength;
    await this.#applyIfDue();
  }

  async delete(key: string): Promise<void> {
    this.#deleted.push(key);
    await this.#applyIfDue();
  }

  async tag(tagged: TaggedObject): Promise<void> {
    this.#tagged.push(tagged);
    await this.#applyIfDue();
  }

  async flush(): Promise<void> {
    await this.#applying;
    await this.#apply();
    if (this.#failed !== null) throw this.#failed.error;
  }

  /** Waits only where the index is a batch behind already. */
  async #applyIfDue(): Promise<void> {
    const isFull =
      this.#written.length + this.#deleted.length + this.#tagged.length >= BATCH || this.#bytes >= BATCH_BYTES;
    if (!isFull && performance.now() < this.#dueAt) return;
    if (isFull) await this.#applying;
    if (this.#failed !== null) throw this.#failed.error;
    this.#applying ??= this.#apply();
  }

  async #apply(): Promise<void> {
    // As a comparison of a sync does: rows that somebody waits for go first.
    await takeTurn();
    const written = this.#written;
    const deleted = this.#deleted;
    const tagged = this.#tagged;
    this.#written = [];
    this.#deleted = [];
    this.#tagged = [];
    this.#bytes = 0;
    const began = performance.now();
    try {
      if (written.length > 0) await this.#indexes.applyWrites(this.#source, written);
      if (deleted.length > 0) await this.#indexes.applyDeletes(this.#source, deleted);
      if (tagged.length > 0) await this.#indexes.applyTags(this.#source, tagged);
    } catch (error) {
      this.#failed ??= { error };
    } finally {
      const ended = performance.now();
      this.#dueAt = ended + Math.max(APPLY_EVERY, REST * (ended - began));
      this.#applying = null;
    }
  }
}
