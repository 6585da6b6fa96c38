import type { IndexEntry } from './index-entry.ts';
import type { IndexFiles } from './index-files.ts';
import { settled } from './waiting.ts';

/**
 * Which indexes lack a write, in this process and, by a note on the disk, for the next one: a command ends in a moment. What
 * cannot be noted is found a minute later, when the listing is too old.
 */
export class MissedWrites {
  readonly #files: IndexFiles;
  /** Notes are written one after the other. */
  #noting: Promise<void> = Promise.resolve();

  constructor(files: IndexFiles) {
    this.#files = files;
  }

  /** The next query lists whatever the TTL says. */
  miss(entry: IndexEntry): void {
    if (entry.missedWrite) return;
    entry.missedWrite = true;
    this.#note(() => this.#files.markBehind(entry.collection));
  }

  /** An index that is being opened. */
  async recall(entry: IndexEntry): Promise<void> {
    await this.#noting;
    entry.missedWrite ||= await this.#files.isBehind(entry.collection);
  }

  /** A whole listing has found them. */
  found({ collection }: IndexEntry): void {
    this.#note(() => this.#files.markWhole(collection));
  }

  /** Resolves when the disk has the notes. */
  noted(): Promise<void> {
    return this.#noting;
  }

  #note(write: () => Promise<void>): void {
    this.#noting = this.#noting.then(() => settled(write()));
  }
}
