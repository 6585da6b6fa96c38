import {
  BIGINT,
  BOOLEAN,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import type { RecordForm } from '../../../../shared/record.ts';
import type { ShreddedValue } from '../slots.ts';
import type { PreparedRow } from './prepare-rows.ts';
import { COLUMN_TYPES, ID_SLOT, type RecordColumn } from './slot-table.ts';

/** Rows that one vector of DuckDB holds. */
const CHUNK_ROWS = 2_048;

export const FORM_NUMBERS: Readonly<Record<RecordForm, number>> = { plain: 0, 'dataknobs-1': 1, 'dataknobs-2': 2 };
export const FORMS: readonly RecordForm[] = ['plain', 'dataknobs-1', 'dataknobs-2'];

export interface NumberedRow {
  readonly rowId: number;
  readonly row: PreparedRow;
}

/** Appends rows to `objects` and `records`, inside the caller's transaction. */
export async function appendRows(
  connection: DuckDBConnection,
  rows: readonly NumberedRow[],
  columns: readonly RecordColumn[],
): Promise<void> {
  await appendColumns(
    connection,
    { table: 'objects' },
    [INTEGER, VARCHAR, VARCHAR, BIGINT, BIGINT, VARCHAR, UTINYINT, VARCHAR, VARCHAR, INTEGER, VARCHAR],
    [
      rows.map(({ rowId }) => rowId),
      rows.map(({ row }) => row.key),
      rows.map(({ row }) => row.etag),
      rows.map(({ row }) => BigInt(row.size)),
      rows.map(({ row }) => (row.lastModified === null ? null : BigInt(row.lastModified))),
      rows.map(({ row }) => row.storageClass),
      rows.map(({ row }) => FORM_NUMBERS[row.form]),
      rows.map(({ row }) => row.problem?.message ?? null),
      rows.map(({ row }) => row.problem?.code ?? null),
      rows.map(({ row }) => row.text?.length ?? 0),
      rows.map(({ row }) => row.text),
    ],
  );
  await appendColumns(
    connection,
    { table: 'records' },
    [INTEGER, VARCHAR, BOOLEAN, ...columns.map(({ column }) => COLUMN_TYPES[column])],
    [
      rows.map(({ rowId }) => rowId),
      rows.map(({ row }) => row.key),
      rows.map(({ row }) => row.text !== null),
      ...slotValues(
        rows.map(({ row }) => slotsOf(row)),
        columns,
      ),
    ],
  );
}

/** Values of each slot of a row, by the slot's number. */
export type SlotValues = ReadonlyMap<number, ShreddedValue>;

function slotsOf(row: PreparedRow): SlotValues {
  const slots = new Map<number, ShreddedValue>();
  if (row.shreddedId !== null) slots.set(ID_SLOT, row.shreddedId);
  for (const { entry, value } of row.values) if (entry.slot !== null) slots.set(entry.slot, value);
  return slots;
}

/** An array a column, with null where a row has nothing there. */
export function slotValues(rows: readonly SlotValues[], columns: readonly RecordColumn[]): DuckDBValue[][] {
  const arrays = columns.map((): DuckDBValue[] => Array.from<DuckDBValue>({ length: rows.length }).fill(null));
  const bySlot = new Map<number, { readonly column: RecordColumn['column']; readonly array: DuckDBValue[] }[]>();
  for (const [position, { slot, column }] of columns.entries()) {
    const array = arrays[position] ?? [];
    const known = bySlot.get(slot);
    if (known === undefined) bySlot.set(slot, [{ column, array }]);
    else known.push({ column, array });
  }
  for (const [position, row] of rows.entries()) {
    for (const [slot, value] of row) {
      for (const { column, array } of bySlot.get(slot) ?? []) array[position] = value[column];
    }
  }
  return arrays;
}

/** Appends columns of equal length to a table whose columns these are, in its order. */
export async function appendColumns(
  connection: DuckDBConnection,
  target: { readonly table: string; readonly temporary?: boolean },
  types: readonly DuckDBType[],
  columns: readonly (readonly DuckDBValue[])[],
): Promise<void> {
  const appender = await connection.createAppender(target.table, null, target.temporary === true ? 'temp' : null);
  try {
    const count = columns[0]?.length ?? 0;
    for (let from = 0; from < count; from += CHUNK_ROWS) {
      const to = Math.min(from + CHUNK_ROWS, count);
      const chunk = DuckDBDataChunk.create(types, to - from);
      chunk.setColumns(to - from === count ? columns : columns.map((values) => values.slice(from, to)));
      appender.appendDataChunk(chunk);
    }
  } finally {
    appender.closeSync();
  }
}
