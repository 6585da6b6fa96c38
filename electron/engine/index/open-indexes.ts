import { existsSync } from 'node:fs';
import { fileFailure } from '../../../shared/file-failure.ts';
import { AppFailure } from '../../../shared/result.ts';
import type { IndexSource } from './collection-index.ts';
import type { KeyCounts } from './counted-keys.ts';
import type { IndexChannel } from './index-channel.ts';
import { IndexEntry } from './index-entry.ts';
import { collectionRemoved, processEnded } from './index-failures.ts';
import type { IndexFiles } from './index-files.ts';
import type { MissedWrites } from './missed-writes.ts';
import type { IndexState } from './protocol.ts';
import type { TagReadings } from './tag-readings.ts';
import { settled } from './waiting.ts';

export interface OpenIndexesOptions {
  readonly folder: string;
  readonly files: IndexFiles;
  readonly channel: IndexChannel;
  readonly keyCounts: KeyCounts;
  readonly missed: MissedWrites;
  /** Those of one collection. */
  readonly tagReadings: () => TagReadings;
  readonly isKept: (collection: string) => boolean;
  readonly mostBytes: () => number;
}

/** Which indexes are open in the index process: opens them when they are asked, and removes their files. */
export class OpenIndexes {
  readonly #options: OpenIndexesOptions;
  readonly #entries = new Map<string, IndexEntry>();
  /** Who asks meanwhile waits, so that nothing is opened that is about to be deleted. */
  readonly #forgetting = new Map<string, Promise<void>>();
  /** Opening these ended the process: their files go before the next try. */
  readonly #poisonous = new Set<string>();
  #folderReady: Promise<void> | null = null;
  /** Nothing is opened while files of those that are not open are removed. */
  #trimming: Promise<void> = Promise.resolve();

  constructor(options: OpenIndexesOptions) {
    this.#options = options;
    options.channel.onEnd(() => {
      for (const entry of this.#entries.values()) {
        if (entry.opening !== null && entry.state === null) this.#poisonous.add(entry.collection);
        entry.close();
        entry.sync?.stop(processEnded());
      }
    });
  }

  /** Of a collection that nobody has asked of there is none. */
  find(collection: string): IndexEntry | undefined {
    return this.#entries.get(collection);
  }

  entryOf(collection: string): IndexEntry {
    let entry = this.#entries.get(collection);
    if (entry === undefined) {
      entry = new IndexEntry(collection, this.#options.tagReadings());
      this.#entries.set(collection, entry);
    }
    return entry;
  }

  /** Whether there is an index, open or not. */
  has(collection: string): boolean {
    return this.#entries.has(collection) || existsSync(this.#options.files.databasePath(collection));
  }

  async ensureOpen(source: IndexSource): Promise<IndexEntry> {
    const { collection, bucket, prefix, codec, memoryOnly } = source;
    // A deletion that failed was told to whoever asked for it.
    await settled(this.#forgetting.get(collection) ?? Promise.resolve());
    if (!this.#options.isKept(collection)) throw collectionRemoved();
    const entry = this.entryOf(collection);
    const identity = JSON.stringify([bucket, prefix, codec, memoryOnly]);
    if (entry.opening === null || entry.openedAs !== identity) {
      const reopened = entry.openedAs !== null;
      if (reopened) entry.sync?.stop(new AppFailure('aborted', 'The collection was changed.'));
      entry.openedAs = identity;
      entry.state = null;
      const opening = this.#open(source, entry, reopened);
      entry.opening = opening;
      opening.catch(() => {
        if (entry.opening === opening) entry.opening = null;
      });
    }
    await entry.opening;
    return entry;
  }

  async #open(source: IndexSource, entry: IndexEntry, reopened: boolean): Promise<IndexState> {
    const { files, channel, missed } = this.#options;
    const { collection, prefix, codec, memoryOnly } = source;
    await this.#prepareFolder();
    await this.#trimming;
    if (reopened) await channel.call('closeIndex', { collection });
    // A collection that is kept in memory only now may have had a file before.
    if (memoryOnly || this.#poisonous.has(collection)) await files.remove(collection);
    this.#poisonous.delete(collection);
    if (entry.forgotten) throw collectionRemoved();
    entry.partial.clear();
    entry.leftToRead = 0;
    await missed.recall(entry);
    const file = memoryOnly ? null : files.databasePath(collection);
    const opened = await channel.call('open', { collection, file, bucket: source.bucket, prefix, codec });
    // Only the order of those that are not open hangs on it.
    if (!memoryOnly) await settled(files.touch(collection));
    entry.isRemade ||= opened.isRemade;
    entry.state = opened.state;
    return opened.state;
  }

  async #prepareFolder(): Promise<void> {
    const { files, folder } = this.#options;
    this.#folderReady ??= files.prepareFolder();
    await this.#folderReady.catch((error: unknown) => {
      this.#folderReady = null;
      throw fileFailure(folder, error);
    });
  }

  /** Brings the files below their cap; those that are open stay all the same. */
  trim(): Promise<void> {
    const { files, mostBytes } = this.#options;
    const done = settled(this.#trimming).then(() => files.trim(mostBytes(), () => new Set(this.#entries.keys())));
    this.#trimming = settled(done);
    return done;
  }

  async forget(collection: string): Promise<void> {
    const before = this.#forgetting.get(collection);
    const work = settled(before ?? Promise.resolve()).then(() => this.#forgetNow(collection));
    this.#forgetting.set(collection, work);
    try {
      await work;
    } finally {
      if (this.#forgetting.get(collection) === work) this.#forgetting.delete(collection);
    }
  }

  async #forgetNow(collection: string): Promise<void> {
    const { channel, files, keyCounts } = this.#options;
    const entry = this.#entries.get(collection);
    if (entry !== undefined) {
      entry.forgotten = true;
      entry.sync?.stop(collectionRemoved());
      if (entry.sync !== null) await settled(entry.sync.done);
    }
    if (channel.running) await channel.call('closeIndex', { collection });
    this.#entries.delete(collection);
    await keyCounts.forget(collection);
    await files.remove(collection);
  }

  /** Stops every sync and waits for their ends. */
  async stopSyncs(reason: AppFailure): Promise<void> {
    const running = [...this.#entries.values()].map(({ sync }) => sync).filter((sync) => sync !== null);
    for (const sync of running) sync.stop(reason);
    await Promise.all(running.map(({ done }) => settled(done)));
  }
}
