import type { DuckDBValue } from '@duckdb/node-api';
import { SLOT_COLUMNS, type ShreddedValue, type SlotColumn, type SlotKind } from '../slots.ts';
import type { RecordColumn } from './slot-table.ts';

/** Cells of one column in a batch of rows, ascending; no others than those that hold something. */
class SparseCells<Value extends DuckDBValue = DuckDBValue> {
  readonly rows: number[] = [];
  readonly values: Value[] = [];

  add(row: number, value: Value | null): void {
    if (value === null) return;
    this.rows.push(row);
    this.values.push(value);
  }
}

/**
 * Values of one place in a batch of rows, by columns: only of the rows that have one, since most paths of a varied batch
 * are rare, and taken apart at once, so that no object a value outlives its record.
 */
export class PathValues {
  readonly #kinds = new SparseCells<SlotKind>();
  readonly #cells: Readonly<Record<SlotColumn, SparseCells>> = {
    kind: this.#kinds,
    number: new SparseCells(),
    integer: new SparseCells(),
    text: new SparseCells(),
    instant: new SparseCells(),
  };

  /** Rows come in ascending order. */
  add(row: number, { kind, number, integer, text, instant }: ShreddedValue): void {
    this.#kinds.add(row, kind);
    this.#cells.number.add(row, number);
    this.#cells.integer.add(row, integer);
    this.#cells.text.add(row, text);
    this.#cells.instant.add(row, instant);
  }

  /** Of all values, a kind each. */
  get kinds(): readonly SlotKind[] {
    return this.#kinds.values;
  }

  /** Columns of a slot that one of the values needs. */
  neededColumns(): readonly SlotColumn[] {
    return SLOT_COLUMNS.filter((column) => this.#cells[column].rows.length > 0);
  }

  /** One column of a slot, of a batch of `count` rows: null where a row has nothing there. */
  column(column: SlotColumn, count: number): DuckDBValue[] {
    const cells = emptyColumn(count);
    const { rows, values } = this.#cells[column];
    for (let place = 0; place < rows.length; place += 1) cells[rows[place] ?? 0] = values[place] ?? null;
    return cells;
  }
}

/** An array a column, for a batch of `count` rows. */
export function columnValues(
  bySlot: ReadonlyMap<number, PathValues>,
  columns: readonly RecordColumn[],
  count: number,
): DuckDBValue[][] {
  return columns.map(({ slot, column }) => bySlot.get(slot)?.column(column, count) ?? emptyColumn(count));
}

function emptyColumn(count: number): DuckDBValue[] {
  const cells: DuckDBValue[] = [];
  for (let row = 0; row < count; row += 1) cells.push(null);
  return cells;
}
