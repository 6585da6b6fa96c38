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
import { columnValues } from './path-values.ts';
import type { PreparedRows } from './prepare-rows.ts';
import { COLUMN_TYPES, ID_SLOT, type RecordColumn } from './slot-table.ts';
import { setColumn, VECTOR_ROWS } from './vector-writer.ts';

export const FORM_NUMBERS: Readonly<Record<RecordForm, number>> = { plain: 0, 'dataknobs-1': 1, 'dataknobs-2': 2 };
export const FORMS: readonly RecordForm[] = ['plain', 'dataknobs-1', 'dataknobs-2'];

/** Appends rows with their numbers to `objects` and `records`, inside the caller's transaction. */
export async function appendRows(
  connection: DuckDBConnection,
  { rows, ids, values }: PreparedRows,
  rowIds: readonly number[],
  columns: readonly RecordColumn[],
): Promise<void> {
  const bySlot = new Map([[ID_SLOT, ids]]);
  for (const [{ slot }, found] of values) if (slot !== null) bySlot.set(slot, found);
  await appendColumns(
    connection,
    { table: 'objects' },
    [INTEGER, VARCHAR, VARCHAR, BIGINT, BIGINT, VARCHAR, UTINYINT, VARCHAR, VARCHAR, INTEGER, VARCHAR],
    [
      rowIds,
      rows.map(({ key }) => key),
      rows.map(({ etag }) => etag),
      rows.map(({ size }) => BigInt(size)),
      rows.map(({ lastModified }) => (lastModified === null ? null : BigInt(lastModified))),
      rows.map(({ storageClass }) => storageClass),
      rows.map(({ form }) => FORM_NUMBERS[form]),
      rows.map(({ problem }) => problem?.message ?? null),
      rows.map(({ problem }) => problem?.code ?? null),
      rows.map(({ text }) => text?.length ?? 0),
      rows.map(({ text }) => text),
    ],
  );
  await appendColumns(
    connection,
    { table: 'records' },
    [INTEGER, VARCHAR, BOOLEAN, ...columns.map(({ column }) => COLUMN_TYPES[column])],
    [
      rowIds,
      rows.map(({ key }) => key),
      rows.map(({ text }) => text !== null),
      ...columnValues(bySlot, columns, rows.length),
    ],
  );
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
    for (let from = 0; from < count; from += VECTOR_ROWS) {
      const rows = Math.min(VECTOR_ROWS, count - from);
      const chunk = DuckDBDataChunk.create(types, rows);
      for (const [column, type] of types.entries()) setColumn(chunk, column, type, columns[column] ?? [], from, rows);
      appender.appendDataChunk(chunk);
    }
  } finally {
    appender.closeSync();
  }
}
