import { AppFailure } from '../../../shared/result.ts';
import type { IndexEvents, IndexSource, TaggedObject, WrittenObject } from './collection-index.ts';
import type { KeyCounts } from './counted-keys.ts';
import type { IndexChannel } from './index-channel.ts';
import type { MissedWrites } from './missed-writes.ts';
import { type IndexedObject, packObjects } from './object-batch.ts';
import type { OpenIndexes } from './open-indexes.ts';
import type { IndexState } from './protocol.ts';
import { tooLarge } from './too-large.ts';

export interface IndexWritesOptions {
  readonly channel: IndexChannel;
  readonly indexes: OpenIndexes;
  readonly missed: MissedWrites;
  readonly keyCounts: KeyCounts;
  readonly events: Pick<IndexEvents, 'changed'>;
}

/** Tells the indexes of writes of our own. */
export class IndexWrites {
  readonly #options: IndexWritesOptions;

  constructor(options: IndexWritesOptions) {
    this.#options = options;
  }

  async applyWrites(source: IndexSource, written: readonly WrittenObject[]): Promise<void> {
    const { channel, indexes } = this.#options;
    const { collection } = source;
    indexes.find(collection)?.tags.wrote(written.map(({ facts }) => facts.key));
    await this.#apply(source, () => {
      const objects = packObjects(written.map((object) => indexedObject(object, source.indexSizeCap)));
      return channel.call('applyWrite', { collection, objects });
    });
  }

  async applyDeletes(source: IndexSource, keys: readonly string[]): Promise<void> {
    const { channel } = this.#options;
    await this.#apply(source, () => channel.call('applyDelete', { collection: source.collection, keys }));
  }

  async applyTags({ collection }: IndexSource, tagged: readonly TaggedObject[]): Promise<void> {
    const { channel, indexes, missed } = this.#options;
    const entry = indexes.find(collection);
    // What no open index holds is read where a query asks for it.
    if (!channel.running || entry === undefined || entry.state === null) return;
    const tags = {
      keys: tagged.map(({ key }) => key),
      etags: tagged.map(({ etag }) => etag),
      tags: tagged.map((object) => object.tags),
      readAt: Date.now(),
    };
    entry.tags.wrote(tags.keys);
    await channel.call('appendTags', { collection, tags }).catch((error: unknown) => {
      if (!(error instanceof AppFailure)) throw error;
      missed.miss(entry);
    });
  }

  /** The next query lists whatever the TTL says. */
  distrust(collection: string): void {
    const { indexes, keyCounts, missed } = this.#options;
    missed.miss(indexes.entryOf(collection));
    keyCounts.forget(collection).catch(() => undefined);
  }

  async #apply(source: IndexSource, change: () => Promise<IndexState>): Promise<void> {
    const { indexes, keyCounts, missed, events } = this.#options;
    const { collection } = source;
    await keyCounts.forget(collection);
    // An index that was never made reads the record with its first sync.
    if (!indexes.has(collection)) return;
    try {
      const entry = await indexes.ensureOpen(source);
      const state = await change();
      entry.state = state;
      events.changed(collection, state.version);
    } catch (error) {
      if (!(error instanceof AppFailure)) throw error;
      // The record is written; that the index does not know must not make a failure of it. The next query lists.
      missed.miss(indexes.entryOf(collection));
    }
  }
}

function indexedObject({ facts, body, tags }: WrittenObject, sizeCap: number): IndexedObject {
  const object =
    facts.size > sizeCap
      ? { facts, body: null, problem: tooLarge(facts.size, sizeCap) }
      : { facts, body, problem: null };
  return tags === undefined ? object : { ...object, tags };
}
