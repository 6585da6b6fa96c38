import type { DuckDBValue } from '@duckdb/node-api';
import { SLOT_COLUMNS, type ShreddedValue, type SlotColumn } from '../slots.ts';
import type { RecordColumn } from './slot-table.ts';

/** Values of one place in a batch of rows: only of the rows that have one, since most paths of a varied batch are rare. */
export class PathValues {
  /** Positions in the batch, ascending; beside them the values. */
  readonly #rows: number[] = [];
  readonly #values: ShreddedValue[] = [];

  add(row: number, value: ShreddedValue): void {
    this.#rows.push(row);
    this.#values.push(value);
  }

  get values(): readonly ShreddedValue[] {
    return this.#values;
  }

  /** Columns of a slot that one of the values needs. */
  neededColumns(): readonly SlotColumn[] {
    return SLOT_COLUMNS.filter((column) => this.#values.some((value) => value[column] !== null));
  }

  /** One column of a slot, of a batch of `count` rows: null where a row has nothing there. */
  column(column: SlotColumn, count: number): DuckDBValue[] {
    const cells = emptyColumn(count);
    for (const [place, row] of this.#rows.entries()) cells[row] = this.#values[place]?.[column] ?? null;
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
