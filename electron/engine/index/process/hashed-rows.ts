import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { restForCalls } from '../../turns.ts';

/** DuckDB's hashes have 64 bits, which are two words here. */
const HASHES = ['hash(key)', 'hash(etag, size)', 'hash(storage_class, last_modified)'];
const WORDS_OF_ONE = 2;
export const HASH_WORDS = HASHES.length * WORDS_OF_ONE;
/** Where each begins among the words of a row. */
export const WORD = { key: 0, body: 2, facts: 4 } as const;

/** Rows of objects as what they can be compared by; position for position. */
export interface HashedRows {
  readonly numbers: Int32Array;
  readonly codes: Uint8Array;
  /** `HASH_WORDS` a row. */
  readonly hashes: Uint32Array;
}

/**
 * Columns `number` and `code` (SQL, no nulls) and the hashes of all rows of `objects`, or of a table with its columns, some
 * 2,000 at a time. Out of DuckDB's own memory: as values of JavaScript the hashes would be a bigint each.
 */
export async function* readHashes(
  connection: DuckDBConnection,
  number: string,
  code: string,
  table: string,
): AsyncGenerator<HashedRows, void, undefined> {
  const columns = [`(${number})::INTEGER`, `(${code})::UTINYINT`, ...HASHES].join(', ');
  for await (const chunk of await connection.stream(`SELECT ${columns} FROM ${table}`)) {
    await restForCalls();
    yield hashedRows(chunk);
  }
}

function hashedRows(chunk: DuckDBDataChunk): HashedRows {
  const count = chunk.rowCount;
  const hashes = new Uint32Array(count * HASH_WORDS);
  for (let hash = 0; hash < HASHES.length; hash += 1) {
    const bytes = bytesOf(chunk, 2 + hash, count * WORDS_OF_ONE * Uint32Array.BYTES_PER_ELEMENT);
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, count * WORDS_OF_ONE);
    for (let row = 0; row < count; row += 1) {
      hashes[row * HASH_WORDS + hash * WORDS_OF_ONE] = words[row * WORDS_OF_ONE] ?? 0;
      hashes[row * HASH_WORDS + hash * WORDS_OF_ONE + 1] = words[row * WORDS_OF_ONE + 1] ?? 0;
    }
  }
  const numbers = bytesOf(chunk, 0, count * Int32Array.BYTES_PER_ELEMENT);
  return {
    numbers: new Int32Array(numbers.buffer, numbers.byteOffset, count).slice(),
    codes: bytesOf(chunk, 1, count).slice(),
    hashes,
  };
}

/** DuckDB's own, only as long as the chunk is there. */
function bytesOf(chunk: DuckDBDataChunk, column: number, length: number): Uint8Array {
  return duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk.chunk, column), length);
}
