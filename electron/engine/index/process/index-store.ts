import { LIST, listValue, VARCHAR } from '@duckdb/node-api';
import { DEFAULT_INDEX_SIZE_CAP } from '../../../../shared/collection.ts';
import { AppFailure } from '../../../../shared/result.ts';
import { idOfKey } from '../../../../shared/record-key.ts';
import { restForCalls } from '../../turns.ts';
import type { BeginSync, EndSync, IndexState, ListedBatch, ObjectBatch, OpenIndex, TagBatch } from '../protocol.ts';
import { tooLarge } from '../too-large.ts';
import { diskFault } from './disk-fault.ts';
import { closeDatabase, type Database, openDatabase, readMeta, removeDatabase, selectRows } from './database.ts';
import { loadFields, saveFields } from './field-file.ts';
import { type DecodingSettings, type PreparedRow, PreparedRows, prepareRows, unreadableRow } from './prepare-rows.ts';
import { numberAt } from './row-cells.ts';
import { removeRows, writeRows } from './row-writer.ts';
import type { SlotTable } from './slot-table.ts';
import { replaceTags, writeTagsOf } from './tag-table.ts';
import {
  beginSession,
  compareListing,
  endSession,
  findUnlisted,
  needsLookup,
  type SyncSession,
  updateFacts,
} from './sync-session.ts';

/** What is true of an index between two writes; a write makes a new one. */
export interface StoreState {
  readonly version: number;
  readonly records: number;
  readonly unreadable: number;
  readonly syncedAt: number | null;
  /** Numbers of rows are below. A number is never given twice. */
  readonly nextRowId: number;
}

/** A batch of a sync, decoded. */
interface PreparedBatch {
  readonly prepared: PreparedRows;
  /** Keys of objects that were not there any more when they were read. */
  readonly gone: readonly string[];
  /** Keys that the sync must not touch. */
  readonly left: ReadonlySet<string>;
}

/** Of objects that are written before the first sync says what the cap is. */
const FIRST_SIZE_CAP = DEFAULT_INDEX_SIZE_CAP;

/**
 * One collection's index: its database, what is known of its fields, and the sync under way. All that changes it goes
 * through one queue, one transaction each; readers have connections and snapshots of their own.
 */
export class IndexStore {
  readonly settings: OpenIndex;
  readonly database: Database;
  readonly slots: SlotTable;
  #state: StoreState;
  #session: SyncSession | null = null;
  #sizeCap = FIRST_SIZE_CAP;
  #queue: Promise<unknown> = Promise.resolve();
  #preparing: Promise<unknown> = Promise.resolve();
  #broken = false;
  #closing = false;
  #closed = false;
  readonly #readers = new Map<Promise<unknown>, AbortController>();

  private constructor(settings: OpenIndex, database: Database, slots: SlotTable, state: StoreState) {
    this.settings = settings;
    this.database = database;
    this.slots = slots;
    this.#state = state;
  }

  static async open(settings: OpenIndex): Promise<IndexStore> {
    try {
      return await IndexStore.#openOnce(settings);
    } catch (error) {
      // A file that opens and then cannot be read is as broken as one that does not open.
      if (settings.file === null || error instanceof AppFailure) throw error;
      const fault = diskFault(error);
      if (fault !== null) throw fault;
      await removeDatabase(settings.file);
      return IndexStore.#openOnce(settings, true);
    }
  }

  static async #openOnce(settings: OpenIndex, isRemade = false): Promise<IndexStore> {
    const opened = await openDatabase(settings);
    const database = isRemade ? { ...opened, isRemade } : opened;
    try {
      const meta = await readMeta(database.writer);
      const [last = []] = await selectRows(database.writer, 'SELECT coalesce(max(row_id), -1) FROM objects');
      const nextRowId = numberAt(last, 0) + 1;
      const slots = await loadFields(database.writer, settings.codec, meta, nextRowId);
      const { version, records, unreadable, syncedAt } = meta;
      return new IndexStore(settings, database, slots, { version, records, unreadable, syncedAt, nextRowId });
    } catch (error) {
      closeDatabase(database);
      throw error;
    }
  }

  get state(): IndexState {
    const { version, records, unreadable, syncedAt } = this.#state;
    return { version, records, unreadable, syncedAt };
  }

  get nextRowId(): number {
    return this.#state.nextRowId;
  }

  /** True after a write that failed half way: what is in memory may differ from the file, so it is opened anew. */
  get isBroken(): boolean {
    return this.#broken;
  }

  /** Runs `work` when nothing is being written. */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(() => {
      if (this.#broken) throw indexLost();
      return work();
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** Runs `work` on a connection of its own. What it is given aborts with `signal`, and where the store closes. */
  async read<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#closing) throw indexLost();
    const stop = new AbortController();
    const onAbort = (): void => stop.abort();
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    const reading = work(stop.signal);
    this.#readers.set(reading, stop);
    try {
      return await reading;
    } catch (error) {
      if (this.#closing && !signal.aborted) throw indexLost();
      throw error;
    } finally {
      this.#readers.delete(reading);
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Stops those who read: a connection that outlives its database would keep the file open beside the next one. */
  async stopReaders(): Promise<void> {
    this.#closing = true;
    for (const stop of this.#readers.values()) stop.abort();
    await Promise.allSettled(this.#readers.keys());
  }

  async beginSync(settings: BeginSync): Promise<IndexState> {
    return this.exclusively(async () => {
      const { records, unreadable, nextRowId } = this.#state;
      const isEmpty = records + unreadable === 0;
      this.#session = await beginSession(this.database.writer, settings, isEmpty ? null : nextRowId);
      this.#sizeCap = settings.sizeCap;
      return this.state;
    });
  }

  async compareListing(
    listing: ListedBatch,
    mayRepeat: boolean,
  ): Promise<{ read: readonly number[]; state: IndexState }> {
    return this.#write(async () => {
      const session = this.#requireSession();
      session.mayRepeat ||= mayRepeat;
      const { writer } = this.database;
      const comparison = await compareListing(writer, session, listing);
      if (comparison.otherFacts.length > 0) await updateFacts(writer, comparison.otherFacts);
      if (comparison.tooLarge.length > 0) {
        const prepared = new PreparedRows();
        for (const row of comparison.tooLarge) prepared.add(tooLargeRow(listing, row, this.#decoding()));
        await this.#writeRows(prepared);
      }
      return { read: comparison.read, state: this.state };
    });
  }

  /** The objects are decoded while the batch before is being written. */
  async appendObjects(objects: ObjectBatch): Promise<IndexState> {
    const session = this.#requireSession();
    const preparing = this.#preparing.then(() => this.#prepare(objects, session));
    this.#preparing = preparing.catch(() => undefined);
    const early = await preparing;
    return this.#write(async () => {
      if (this.#requireSession() !== session) throw indexLost();
      // Seldom: one of the objects was written or deleted meanwhile.
      const isLate = objects.keys.some((key) => session.ownWrites.has(key) && !early.left.has(key));
      const { gone, prepared } = isLate ? await this.#prepare(objects, session) : early;
      if (gone.length > 0 && session.known !== null) await this.#removeKeys(gone);
      if (prepared.rows.length > 0) await this.#writeRows(prepared);
      return this.state;
    });
  }

  async #prepare(objects: ObjectBatch, { ownWrites }: SyncSession): Promise<PreparedBatch> {
    const left = new Set<string>();
    const gone: string[] = [];
    // By key, because a server that repeats itself must not make two rows of one object.
    const kept = new Map<string, number>();
    for (const [row, key] of objects.keys.entries()) {
      if (ownWrites.has(key)) left.add(key);
      else if (objects.problems[row]?.code === 'record-not-found') gone.push(key);
      else kept.set(key, row);
    }
    const prepared = await prepareRows(objects, [...kept.values()], this.slots.profile, this.#decoding());
    return { prepared, gone, left };
  }

  /** `listedAt`: null for a sync that did not get to its end. `below`: see `EndSync`. */
  async endSync(listedAt: number | null, below: EndSync['below']): Promise<IndexState> {
    return this.#write(async () => {
      const session = this.#requireSession();
      const { writer } = this.database;
      if (listedAt !== null) {
        const unlisted = await findUnlisted(writer, session, below);
        for (let from = 0; from < unlisted.length; from += 1_000) {
          await this.#removeRowIds(unlisted.slice(from, from + 1_000).map(({ rowId }) => rowId));
        }
      }
      if (listedAt !== null && below === null) {
        await writer.run('UPDATE meta SET synced_at = $1', [BigInt(listedAt)]);
        this.#state = { ...this.#state, syncedAt: listedAt };
      }
      await saveFields(writer, this.slots);
      await endSession(writer);
      this.#session = null;
      return this.state;
    });
  }

  async applyWrite(objects: ObjectBatch): Promise<IndexState> {
    return this.#write(async () => {
      for (const key of objects.keys) this.#session?.ownWrites.add(key);
      const rows = objects.keys.map((_, row) => row);
      await this.#writeRows(await prepareRows(objects, rows, this.slots.profile, this.#decoding()), true);
      if (objects.tags !== undefined) {
        await writeTagsOf(this.database.writer, objects.keys, objects.tags, Date.now());
      }
      return this.state;
    });
  }

  /** What is read of objects' tags changes no row that is shown, so that the version stays. */
  async appendTags(tags: TagBatch): Promise<void> {
    await this.#write(() => replaceTags(this.database.writer, tags));
  }

  async applyDelete(keys: readonly string[]): Promise<IndexState> {
    return this.#write(async () => {
      for (const key of keys) this.#session?.ownWrites.add(key);
      await this.#removeKeys(keys);
      return this.state;
    });
  }

  /** Waits for writes under way, keeps the profile, checkpoints and closes. `stopReaders` comes before. */
  async close(): Promise<void> {
    if (!this.#broken) {
      await this.#write(() => saveFields(this.database.writer, this.slots)).catch(() => undefined);
      // A checkpoint that fails, for instance on a full disk, loses nothing: the log beside the file is read at opening.
      if (!this.#broken) await this.database.writer.run('CHECKPOINT').catch(() => undefined);
    }
    this.#broken = true;
    if (this.#closed) return;
    this.#closed = true;
    closeDatabase(this.database);
  }

  async #write<T>(work: () => Promise<T>): Promise<T> {
    return this.exclusively(async () => {
      const { writer } = this.database;
      await restForCalls();
      await writer.run('BEGIN');
      try {
        const value = await work();
        await restForCalls();
        await writer.run('COMMIT');
        return value;
      } catch (error) {
        // A failure of ours is thrown before anything is touched; any other leaves memory and file apart.
        if (error instanceof AppFailure) await writer.run('ROLLBACK');
        else this.#broken = true;
        throw error;
      }
    });
  }

  async #writeRows(prepared: PreparedRows, lookup?: boolean): Promise<void> {
    const keys = prepared.rows.map(({ key }) => key);
    this.#state = await writeRows(
      { ...this.#target(), lookup: lookup ?? needsLookup(this.#session, keys) },
      this.#state,
      prepared,
    );
  }

  async #removeKeys(keys: readonly string[]): Promise<void> {
    const found = await this.database.writer.runAndReadAll(
      'SELECT row_id FROM objects WHERE key IN (SELECT unnest($1))',
      [listValue([...keys])],
      [LIST(VARCHAR)],
    );
    await this.#removeRowIds(found.getRows().map((row) => numberAt(row, 0)));
  }

  async #removeRowIds(rowIds: readonly number[]): Promise<void> {
    if (rowIds.length > 0) this.#state = await removeRows(this.#target(), this.#state, rowIds);
  }

  #target(): { connection: Database['writer']; codec: OpenIndex['codec']; slots: SlotTable } {
    return { connection: this.database.writer, codec: this.settings.codec, slots: this.slots };
  }

  #decoding(): DecodingSettings {
    return { codec: this.settings.codec, prefix: this.settings.prefix, sizeCap: this.#sizeCap };
  }

  #requireSession(): SyncSession {
    if (this.#session === null) throw indexLost();
    return this.#session;
  }
}

function indexLost(): AppFailure {
  return new AppFailure('index-restarted', 'The index was opened anew. The next query brings it up to date.', {
    retryable: true,
  });
}

function tooLargeRow(listing: ListedBatch, row: number, { prefix, sizeCap }: DecodingSettings): PreparedRow {
  const key = listing.keys[row] ?? '';
  const size = listing.sizes[row] ?? 0;
  const facts = {
    key,
    id: idOfKey(prefix, key),
    etag: listing.etags[row] ?? '',
    size,
    lastModified: listing.lastModified[row] ?? null,
    storageClass: listing.storageClasses[row] ?? 'STANDARD',
  };
  return unreadableRow(facts, tooLarge(size, sizeCap));
}
