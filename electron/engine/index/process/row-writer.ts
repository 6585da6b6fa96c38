import { type DuckDBConnection, type DuckDBValue, INTEGER, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import type { CodecName } from '../../../../shared/collection.ts';
import { decodeRecord } from '../../records/decode-record.ts';
import { restForCalls } from '../../turns.ts';
import { SLOT_COLUMN_TYPES, SLOT_COLUMNS, type SlotColumn, slotColumn, shredValue } from '../slots.ts';
import { selectRows } from './database.ts';
import { count, countTexts } from './field-file.ts';
import type { FieldEntry } from './field-profile.ts';
import type { StoreState } from './index-store.ts';
import { columnValues, PathValues } from './path-values.ts';
import type { PreparedRows } from './prepare-rows.ts';
import { numberAt, type Row, textAt } from './row-cells.ts';
import { appendColumns, appendRows } from './row-chunks.ts';
import { COLUMN_TYPES, ID_SLOT, type RecordColumn, type SlotTable } from './slot-table.ts';
import { readTexts, scanTexts, type TextSize } from './stored-texts.ts';

/** Where rows are written: one connection, inside a transaction that the caller began and ends. */
export interface WriteTarget {
  readonly connection: DuckDBConnection;
  readonly codec: CodecName;
  readonly slots: SlotTable;
}

/**
 * Writes rows, replacing those of the same keys, which keep their numbers. `lookup` is false where none of the keys is in
 * the index. New columns come before the rows: DuckDB rewrites what a transaction has appended when it alters the table.
 */
export async function writeRows(
  target: WriteTarget & { readonly lookup: boolean },
  state: StoreState,
  prepared: PreparedRows,
): Promise<StoreState> {
  const { connection, slots } = target;
  const { rows } = prepared;
  const replaced = target.lookup
    ? await findRows(
        target,
        rows.map(({ key }) => key),
      )
    : new Map<string, FoundRow>();
  await uncount(target, [...replaced.values()]);

  for (const [entry, { kinds }] of prepared.values) {
    for (const kind of kinds) count(entry, kind, 1);
  }
  let { records, unreadable, nextRowId } = state;
  for (const { readable } of replaced.values()) {
    if (readable) records -= 1;
    else unreadable -= 1;
  }
  for (const { text } of rows) {
    if (text === null) unreadable += 1;
    else records += 1;
  }

  const assigned = slots.assign(prepared.values.keys(), records);
  const older = assigned.filter((entry) => entry.seen > (prepared.values.get(entry)?.kinds.length ?? 0));
  await addColumns(target, prepared, older);
  if (older.length > 0) await backfill(target, state.nextRowId, older);

  await deleteRows(
    connection,
    [...replaced.values()].map(({ rowId }) => rowId),
  );
  await restForCalls();
  const rowIds = rows.map(({ key }) => replaced.get(key)?.rowId ?? nextRowId++);
  await appendRows(connection, prepared, rowIds, slots.columns);
  return saveCounts(connection, { ...state, records, unreadable, nextRowId });
}

export async function removeRows(
  target: WriteTarget,
  state: StoreState,
  rowIds: readonly number[],
): Promise<StoreState> {
  const found = await selectRows(
    target.connection,
    `SELECT row_id, text_length, body IS NOT NULL FROM objects WHERE row_id IN (${rowIds.join(',')})`,
  );
  const rows = found.map((row) => foundRow(row));
  if (rows.length === 0) return state;
  await uncount(target, rows);
  await deleteRows(target.connection, rowIds);
  const readable = rows.filter((row) => row.readable).length;
  return saveCounts(target.connection, {
    ...state,
    records: state.records - readable,
    unreadable: state.unreadable - (rows.length - readable),
  });
}

interface FoundRow extends TextSize {
  readonly readable: boolean;
}

async function findRows({ connection }: WriteTarget, keys: readonly string[]): Promise<Map<string, FoundRow>> {
  await restForCalls();
  const result = await connection.runAndReadAll(
    `SELECT row_id, text_length, body IS NOT NULL, key FROM objects WHERE key IN (SELECT unnest($1))`,
    [listValue([...keys])],
    [LIST(VARCHAR)],
  );
  return new Map(result.getRows().map((row) => [textAt(row, 3), foundRow(row)]));
}

function foundRow(row: Row): FoundRow {
  return { rowId: numberAt(row, 0), length: numberAt(row, 1), readable: row[2] === true };
}

/** Takes records that are about to go out of the profile. */
async function uncount({ connection, codec, slots }: WriteTarget, rows: readonly FoundRow[]): Promise<void> {
  const readable = rows.filter((row) => row.readable);
  for await (const texts of readTexts(connection, readable)) countTexts(slots.profile, codec, texts, -1);
}

async function deleteRows(connection: DuckDBConnection, rowIds: readonly number[]): Promise<void> {
  if (rowIds.length === 0) return;
  const list = rowIds.join(',');
  for (const table of ['objects', 'records', 'tags', 'tags_read']) {
    await restForCalls();
    await connection.run(`DELETE FROM ${table} WHERE row_id IN (${list})`);
  }
}

async function saveCounts(connection: DuckDBConnection, state: StoreState): Promise<StoreState> {
  const next = { ...state, version: state.version + 1 };
  await restForCalls();
  await connection.run('UPDATE meta SET version = $1, records = $2, unreadable = $3', [
    BigInt(next.version),
    BigInt(next.records),
    BigInt(next.unreadable),
  ]);
  return next;
}

/** Makes the columns that the rows need, and all columns of slots that older rows have values for too. */
async function addColumns(
  { connection, slots }: WriteTarget,
  { ids, values }: PreparedRows,
  older: readonly FieldEntry[],
): Promise<void> {
  const wanted: RecordColumn[] = [];
  const want = (slot: number, known: Set<SlotColumn>, column: SlotColumn): void => {
    if (known.has(column)) return;
    known.add(column);
    wanted.push({ slot, column });
  };
  for (const entry of older) {
    for (const column of SLOT_COLUMNS) if (entry.slot !== null) want(entry.slot, entry.columns, column);
  }
  for (const column of ids.neededColumns()) want(ID_SLOT, slots.id.columns, column);
  for (const [{ slot, columns }, found] of values) {
    if (slot === null) continue;
    for (const column of found.neededColumns()) want(slot, columns, column);
  }
  wanted.sort((left, right) => left.slot - right.slot);
  await slots.addColumns(connection, wanted);
  for (const slot of new Set(wanted.map((column) => column.slot))) {
    if (slot !== ID_SLOT) await rememberSlot(connection, slots, slot);
  }
}

/** A slot must be found again also when the process ends before the profile is kept. */
async function rememberSlot(connection: DuckDBConnection, slots: SlotTable, slot: number): Promise<void> {
  const entry = slots.entryOf(slot);
  if (entry === null) return;
  const path = JSON.stringify(entry.path);
  await connection.run('DELETE FROM fields WHERE part = $1 AND path = $2', [entry.part, path]);
  await connection.run("INSERT INTO fields VALUES (1000000, $1, $2, $3, '[]')", [slot, entry.part, path]);
}

/** Fills the columns of slots for rows that were there before the slots. */
async function backfill(
  { connection, codec, slots }: WriteTarget,
  end: number,
  entries: readonly FieldEntry[],
): Promise<void> {
  const wanted = new Map(entries.map((entry) => [entry, entry.slot ?? 0]));
  const columns = entries.flatMap((entry) => SLOT_COLUMNS.map((column) => ({ slot: entry.slot ?? 0, column })));
  const names = columns.map(({ slot, column }) => slotColumn(slot, column));
  await connection.run(
    `CREATE TEMP TABLE backfill (row_id INTEGER, ${columns
      .map(({ column }, position) => `${names[position] ?? ''} ${SLOT_COLUMN_TYPES[column]}`)
      .join(', ')})`,
  );
  for await (const texts of scanTexts(connection, end, ...nameCondition(entries))) {
    const rowIds: DuckDBValue[] = [];
    const values = new Map([...wanted.values()].map((slot) => [slot, new PathValues()]));
    for (const { rowId, text } of texts) {
      let isFound = false;
      slots.profile.visit(decodeRecord(codec, text), (entry, value) => {
        const slot = wanted.get(entry);
        if (slot === undefined) return;
        isFound = true;
        values.get(slot)?.add(rowIds.length, shredValue(value));
      });
      if (isFound) rowIds.push(rowId);
    }
    await appendColumns(
      connection,
      { table: 'backfill', temporary: true },
      [INTEGER, ...columns.map(({ column }) => COLUMN_TYPES[column])],
      [rowIds, ...columnValues(values, columns, rowIds.length)],
    );
  }
  await connection.run(
    `UPDATE records SET ${names.map((name) => `${name} = b.${name}`).join(', ')}
     FROM temp.backfill b WHERE records.row_id = b.row_id`,
  );
  await connection.run('DROP TABLE temp.backfill');
}

/** Narrows a scan to texts that can hold one of the names: as it is, or written with an escape. */
function nameCondition(entries: readonly FieldEntry[]): [condition: string | null, values: string[]] {
  const names = entries.map(({ path }) => path.at(-1) ?? '');
  if (!names.every((name) => /^[\w .:-]+$/.test(name))) return [null, []];
  const conditions = [...new Set(names)].map((_, position) => `contains(body, $${String(position + 1)})`);
  return [
    [...conditions, String.raw`contains(body, '\u')`].join(' OR '),
    [...new Set(names)].map((name) => `"${name}"`),
  ];
}
