import { DuckDBBitValue, type DuckDBConnection } from '@duckdb/node-api';
import { selectRows } from './database.ts';
import { numberAt } from './row-cells.ts';

/** Taken over in one go: rows that somebody waits for wait no longer than for that. */
const ROWS_AT_ONCE = 100_000;

/**
 * The rows that an index held when a sync began, as hashes in a table of their own: to look up a stretch of a listing among
 * the keys themselves reads all of them, which took five times as long. The hashes have 64 bits: of two objects that differ,
 * one in 10^19 is taken for the other.
 *
 * `temp.known`: `row_id`, `key` of the key, `body` of ETag and size, `facts` of storage class and Last-Modified, and
 * `problem_code` as in `objects`.
 */
export class KnownRows {
  #count = 0;
  #seen = 0;
  /** Rows from this number on were written since. */
  readonly #nextRowId: number;
  /** A bit a row. */
  readonly #bits: Uint8Array;

  private constructor(nextRowId: number) {
    this.#nextRowId = nextRowId;
    this.#bits = new Uint8Array(Math.ceil(nextRowId / 8));
  }

  /** `nextRowId`: numbers of rows are below. */
  static async load(connection: DuckDBConnection, nextRowId: number): Promise<KnownRows> {
    const known = new KnownRows(nextRowId);
    await connection.run(`CREATE OR REPLACE TEMP TABLE known (
      row_id INTEGER, key UBIGINT, body UBIGINT, facts UBIGINT, problem_code VARCHAR)`);
    for (let from = 0; from < nextRowId; from += ROWS_AT_ONCE) {
      await connection.run(
        `INSERT INTO temp.known
         SELECT row_id, hash(key), hash(etag, size), hash(storage_class, last_modified), problem_code FROM objects
         WHERE row_id >= ${String(from)} AND row_id < ${String(from + ROWS_AT_ONCE)}`,
      );
    }
    const [count = []] = await selectRows(connection, 'SELECT count(*)::DOUBLE FROM temp.known');
    known.#count = numberAt(count, 0);
    return known;
  }

  /** A listing named it. */
  see(rowId: number): void {
    // What this sync has written itself is none of them.
    if (rowId >= this.#nextRowId || this.#isSeen(rowId)) return;
    this.#bits[rowId >> 3] = (this.#bits[rowId >> 3] ?? 0) | (1 << (rowId & 7));
    this.#seen += 1;
  }

  #isSeen(rowId: number): boolean {
    return ((this.#bits[rowId >> 3] ?? 0) & (1 << (rowId & 7))) !== 0;
  }

  get areAllSeen(): boolean {
    return this.#seen === this.#count;
  }

  /** A bit for each number that a row may have had. */
  seen(): DuckDBBitValue {
    return DuckDBBitValue.fromLengthAndPredicate(this.#nextRowId, (rowId) => this.#isSeen(rowId));
  }

  static async drop(connection: DuckDBConnection): Promise<void> {
    await connection.run('DROP TABLE IF EXISTS temp.known');
  }
}
