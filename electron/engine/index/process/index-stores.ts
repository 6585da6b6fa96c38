import { AppFailure } from '../../../../shared/result.ts';
import type { OpenIndex } from '../protocol.ts';
import { removeDatabase } from './database.ts';
import { diskFault } from './disk-fault.ts';
import { IndexStore } from './index-store.ts';
import { isFault } from './sql-view/sql-failure.ts';

/**
 * The open indexes. A file is never opened twice: DuckDB lets two instances of one file live in one process, and they
 * lose each other's rows silently.
 */
export class IndexStores {
  readonly #stores = new Map<string, Promise<IndexStore>>();
  readonly #settings = new Map<string, OpenIndex>();
  readonly #beforeClose: (collection: string) => Promise<void>;

  /** `beforeClose` closes what reads from a store. */
  constructor(beforeClose: (collection: string) => Promise<void>) {
    this.#beforeClose = beforeClose;
  }

  async open(settings: OpenIndex): Promise<IndexStore> {
    this.#settings.set(settings.collection, settings);
    return this.get(settings.collection);
  }

  async get(collection: string): Promise<IndexStore> {
    const opened = this.#stores.get(collection);
    if (opened !== undefined) {
      const store = await opened;
      if (!store.isBroken) return store;
      // Of several calls that find it broken, the first one opens it again.
      if (this.#stores.get(collection) === opened) await this.close(collection);
      return this.get(collection);
    }
    const settings = this.#settings.get(collection);
    if (settings === undefined) {
      throw new AppFailure('index-restarted', 'The index of this collection is not open. Run the query again.', {
        retryable: true,
      });
    }
    const opening = IndexStore.open(settings);
    this.#stores.set(collection, opening);
    opening.catch(() => {
      if (this.#stores.get(collection) === opening) this.#stores.delete(collection);
    });
    return opening;
  }

  async close(collection: string): Promise<void> {
    const opened = this.#stores.get(collection);
    if (opened === undefined) return;
    const closing = opened.then(async (store) => {
      await store.stopReaders();
      await this.#beforeClose(collection);
      await store.close();
      return store;
    });
    // Who asks meanwhile waits for the file to be closed, and then finds a store that has to be opened again.
    this.#stores.set(collection, closing);
    await closing.finally(() => {
      if (this.#stores.get(collection) === closing) this.#stores.delete(collection);
    });
  }

  /** Closes the index and forgets what it was opened as. */
  async release(collection: string): Promise<void> {
    await this.close(collection);
    this.#settings.delete(collection);
  }

  async closeAll(): Promise<void> {
    for (const collection of this.#stores.keys()) await this.release(collection);
  }

  /** Runs `work`, which writes; where the file turns out to be damaged it is deleted, because the next sync makes it again. */
  async write<T>(collection: string, work: (store: IndexStore) => Promise<T>): Promise<T> {
    return this.#guarded(collection, work, (error) => isDamage(error) || isFault(error));
  }

  /**
   * Runs `work`, which only reads: a fault inside DuckDB that a question meets says nothing of the file, and would meet the
   * next file too. DuckDB gives the database in memory up; the file is opened again as it is, and opening tells its damage.
   */
  async read<T>(collection: string, work: (store: IndexStore) => Promise<T>): Promise<T> {
    return this.#guarded(collection, work, isDamage);
  }

  async #guarded<T>(
    collection: string,
    work: (store: IndexStore) => Promise<T>,
    endsFile: (error: unknown) => boolean,
  ): Promise<T> {
    const store = await this.get(collection);
    try {
      return await work(store);
    } catch (error) {
      if (error instanceof AppFailure) throw error;
      // On a full disk DuckDB gives the database up too, but what is on the disk is good.
      const fault = diskFault(error);
      if (fault === null && !isDamage(error) && !isFault(error)) throw error;
      await this.close(collection);
      if (fault !== null) throw fault;
      if (!endsFile(error)) {
        throw new AppFailure('internal', 'DuckDB met a fault of its own in this query. Write it another way.', {
          cause: error,
        });
      }
      if (store.settings.file !== null) await removeDatabase(store.settings.file);
      throw new AppFailure(
        'index-damaged',
        'The index of this collection is damaged. The next query makes it again from S3.',
        {
          retryable: true,
          cause: error,
        },
      );
    }
  }
}

/** What DuckDB says of a file whose content is not what it wrote. */
function isDamage(error: unknown): boolean {
  return error instanceof Error && /^Serialization Error|corrupt|checksum/i.test(error.message);
}
