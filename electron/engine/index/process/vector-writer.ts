import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  type DuckDBDataChunk,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';

/** Rows that one vector of DuckDB holds. */
export const VECTOR_ROWS = 2_048;

/** A text in a vector, `duckdb_string_t`: its bytes' number in four bytes, then the bytes themselves where they fit. */
const TEXT_BYTES = 16;
const SHORT_TEXT = 12;

/** What is copied into a vector before the next one is filled, so that nothing is left to be collected. */
const bytes = new Uint8Array(VECTOR_ROWS * TEXT_BYTES);
const integers = new Int32Array(bytes.buffer);
const doubles = new Float64Array(bytes.buffer);
const bigints = new BigInt64Array(bytes.buffer);
/** A bit a row: whether it has a value. */
const validity = new Uint8Array(VECTOR_ROWS / 8);
let hasNull = false;

/**
 * Puts cells into a column of a chunk of `count` rows, null for none: those of `cells` from `from` on. As node-api does it, a
 * sync takes a tenth longer: it counts nulls with bigints, keeps what it was given, and hands over each text by a call.
 */
export function setColumn(
  chunk: DuckDBDataChunk,
  column: number,
  type: DuckDBType,
  cells: readonly DuckDBValue[],
  from: number,
  count: number,
): void {
  validity.fill(0xff);
  hasNull = false;
  const vector = duckdb.data_chunk_get_vector(chunk.chunk, column);
  const copy = (width: number): void => duckdb.copy_data_to_vector(vector, 0, bytes.buffer, 0, count * width);
  switch (type) {
    case VARCHAR: {
      const long = fillTexts(cells, from, count);
      copy(TEXT_BYTES);
      for (const row of long) {
        const text = cells[from + row];
        if (typeof text === 'string') duckdb.vector_assign_string_element(vector, row, text);
      }
      break;
    }
    case DOUBLE:
      fillNumbers(doubles, cells, from, count);
      copy(8);
      break;
    case INTEGER:
      fillNumbers(integers, cells, from, count);
      copy(4);
      break;
    case UTINYINT:
    case BOOLEAN:
      fillNumbers(bytes, cells, from, count);
      copy(1);
      break;
    case BIGINT:
      fillBigints(cells, from, count);
      copy(8);
      break;
    default:
      // HUGEINT: integers that no double holds are rare.
      chunk.setColumnValues(column, cells.slice(from, from + count));
      return;
  }
  if (!hasNull) return;
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, validity.buffer, 0, Math.ceil(count / 64) * 8);
}

function fillNumbers(
  target: Float64Array | Int32Array | Uint8Array,
  cells: readonly DuckDBValue[],
  from: number,
  count: number,
): void {
  for (let row = 0; row < count; row += 1) {
    const cell = cells[from + row];
    if (typeof cell === 'number') target[row] = cell;
    else if (typeof cell === 'boolean') target[row] = cell ? 1 : 0;
    else setNull(row, cell);
  }
}

function fillBigints(cells: readonly DuckDBValue[], from: number, count: number): void {
  for (let row = 0; row < count; row += 1) {
    const cell = cells[from + row];
    if (typeof cell === 'bigint') bigints[row] = cell;
    else setNull(row, cell);
  }
}

/** Answers the rows whose text is not in its place, because it is too long or not ASCII alone. */
function fillTexts(cells: readonly DuckDBValue[], from: number, count: number): readonly number[] {
  const long: number[] = [];
  bytes.fill(0, 0, count * TEXT_BYTES);
  for (let row = 0; row < count; row += 1) {
    const cell = cells[from + row];
    if (typeof cell !== 'string') setNull(row, cell);
    else if (!fillShortText(row * TEXT_BYTES, cell)) long.push(row);
  }
  return long;
}

function fillShortText(place: number, text: string): boolean {
  if (text.length > SHORT_TEXT) return false;
  for (let position = 0; position < text.length; position += 1) {
    const code = text.charCodeAt(position);
    if (code >= 0x80) return false;
    bytes[place + 4 + position] = code;
  }
  bytes[place] = text.length;
  return true;
}

function setNull(row: number, cell: DuckDBValue | undefined): void {
  if (cell !== null)
    throw new TypeError(`A column of the index cannot hold what row ${String(row)} has: ${typeof cell}.`);
  hasNull = true;
  validity[row >> 3] = (validity[row >> 3] ?? 0) & ~(1 << (row & 7));
}
