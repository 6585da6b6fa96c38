import { DuckDBBitValue, type DuckDBConnection } from '@duckdb/node-api';
import { selectRows } from './database.ts';
import { HASH_WORDS, type HashedRows, readHashes, WORD } from './hashed-rows.ts';
import { numberAt } from './row-cells.ts';

/**
 * Why a row's object could not be read, as far as a sync asks. `outside`: for what its ETag says nothing of, and what may be
 * gone although the object is the same.
 */
export const PROBLEM = { none: 0, tooLarge: 1, outside: 2, other: 3 } as const;

/** The same in SQL, of a row of `objects`. */
export const PROBLEM_OF_ROW = `CASE WHEN problem_code IS NULL THEN ${PROBLEM.none}
  WHEN problem_code = 'record-too-large' THEN ${PROBLEM.tooLarge}
  WHEN problem_code IN ('access-denied', 'record-archived') THEN ${PROBLEM.outside} ELSE ${PROBLEM.other} END`;

/**
 * The rows that an index held when a sync began, by a hash of their key, in this process's memory: some 40 bytes a row. A join of a
 * stretch of a listing with the keys themselves reads all of them, and one with a table of their hashes still does: 14 ms on
 * all of DuckDB's threads for 5,000 of 1,000,000 keys. The hashes are DuckDB's, of 64 bits: of two objects that differ, one in
 * 10^19 is taken for the other.
 */
export class KnownRows {
  /** Rows from this number on were written since. */
  readonly #nextRowId: number;
  /** A bit a row number: a listing named it. */
  readonly #bits: Uint8Array;
  readonly #rowIds: Int32Array;
  readonly #hashes: Uint32Array;
  readonly #problems: Uint8Array;
  /** Open addressing: 1 + a row's place in these, where the hash of its key says, or behind; 0 for none. */
  readonly #places: Int32Array;
  readonly #placeMask: number;
  #count = 0;
  #seen = 0;

  private constructor(nextRowId: number, count: number) {
    this.#nextRowId = nextRowId;
    this.#bits = new Uint8Array(Math.ceil(nextRowId / 8));
    this.#rowIds = new Int32Array(count);
    this.#hashes = new Uint32Array(count * HASH_WORDS);
    this.#problems = new Uint8Array(count);
    // Half of them stay free.
    const places = 2 ** Math.ceil(Math.log2(Math.max(2 * count, 2)));
    this.#places = new Int32Array(places);
    this.#placeMask = places - 1;
  }

  /** `nextRowId`: numbers of rows are below. */
  static async load(connection: DuckDBConnection, nextRowId: number): Promise<KnownRows> {
    const [count = []] = await selectRows(connection, 'SELECT count(*)::DOUBLE FROM objects');
    const known = new KnownRows(nextRowId, numberAt(count, 0));
    for await (const rows of readHashes(connection, 'row_id', PROBLEM_OF_ROW, 'objects')) known.#add(rows);
    return known;
  }

  #add({ numbers, codes, hashes }: HashedRows): void {
    this.#rowIds.set(numbers, this.#count);
    this.#problems.set(codes, this.#count);
    this.#hashes.set(hashes, this.#count * HASH_WORDS);
    for (let row = 0; row < numbers.length; row += 1) {
      let place = (hashes[row * HASH_WORDS] ?? 0) & this.#placeMask;
      while (this.#places[place] !== 0) place = (place + 1) & this.#placeMask;
      this.#count += 1;
      this.#places[place] = this.#count;
    }
  }

  /** The one with the key of this listed object; -1 for none. */
  find({ hashes }: HashedRows, listed: number): number {
    for (let place = (hashes[listed * HASH_WORDS] ?? 0) & this.#placeMask; ; place = (place + 1) & this.#placeMask) {
      const known = (this.#places[place] ?? 0) - 1;
      if (known === -1 || this.#areSame(known, hashes, listed, WORD.key)) return known;
    }
  }

  /** Whether ETag and size are those of the listed object. */
  hasBody(known: number, { hashes }: HashedRows, listed: number): boolean {
    return this.#areSame(known, hashes, listed, WORD.body);
  }

  /** Whether storage class and Last-Modified are. */
  hasFacts(known: number, { hashes }: HashedRows, listed: number): boolean {
    return this.#areSame(known, hashes, listed, WORD.facts);
  }

  #areSame(known: number, hashes: Uint32Array, listed: number, word: number): boolean {
    const [own, other] = [known * HASH_WORDS + word, listed * HASH_WORDS + word];
    return this.#hashes[own] === hashes[other] && this.#hashes[own + 1] === hashes[other + 1];
  }

  rowIdOf(known: number): number {
    return this.#rowIds[known] ?? 0;
  }

  /** One of `PROBLEM`. */
  problemOf(known: number): number {
    return this.#problems[known] ?? PROBLEM.none;
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
}
