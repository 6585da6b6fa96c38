import { type DuckDBConnection, INTEGER, VARCHAR } from '@duckdb/node-api';
import { AppFailure } from '../../../../shared/result.ts';
import type { Query } from '../../../../shared/query.ts';
import { idOfKey } from '../../../../shared/record-key.ts';
import { decodeRecord } from '../../records/decode-record.ts';
import type { IndexState, OpenIndex, QueryAnswer } from '../protocol.ts';
import type { QueriedRecord } from '../query/place.ts';
import { SLOT_COLUMN_TYPES, slotColumn } from '../slots.ts';
import { type BodySort, type Residual, type TextResidual, type TranslatedQuery, translate } from '../sql/duckdb.ts';
import { allOf, joined, parameterTypes, raw, type Sql, sql, TRUE } from '../sql/sql-text.ts';
import { selectSql } from './database.ts';
import type { IndexStore } from './index-store.ts';
import { listColumns } from './list-fields.ts';
import { PatternClock } from './pattern-clock.ts';
import { numberAt, textAt } from './row-cells.ts';
import { columnValues, PathValues } from './path-values.ts';
import { appendColumns } from './row-chunks.ts';
import { COLUMN_TYPES, isSlotColumn, type RecordColumn } from './slot-table.ts';
import { readTexts } from './stored-texts.ts';

/** Row numbers that bodies, or texts, are asked of in one step. */
const STEP = 4_000;
/** Bytes of texts in memory at once; one that is longer is read alone. */
const MOST_TEXT_BYTES = 8 * 1024 * 1024;

/** A query whose conditions and sort keys are all in SQL. */
export interface Question {
  /** FROM and WHERE. */
  readonly rows: Sql;
  readonly order: Sql;
  readonly offset: number;
  /** Infinity for all. */
  readonly limit: number;
}

export interface Snapshot {
  readonly connection: DuckDBConnection;
  readonly settings: OpenIndex;
  readonly translated: TranslatedQuery;
  readonly state: IndexState;
  readonly columns: QueryAnswer['columns'];
  /** Numbers of all rows are below. */
  readonly end: number;
  /** Nothing but what S3 says of objects is asked, of those too that are no records. */
  readonly asksObjects?: boolean;
}

/**
 * Begins the transaction between two writes, so that the rows that it sees and the fields and counts in memory are of the
 * same moment. DuckDB takes a snapshot with the first statement that reads, not with BEGIN.
 */
export async function takeSnapshot(store: IndexStore, connection: DuckDBConnection, query: Query): Promise<Snapshot> {
  return store.exclusively(async () => {
    await connection.run('BEGIN');
    await connection.run('SELECT version FROM meta');
    return snapshotOf(store, connection, query, 'query');
  });
}

/** Of what the store knows now; its rows have to be of the same moment (`takeSnapshot`). */
export function snapshotOf(
  store: IndexStore,
  connection: DuckDBConnection,
  query: Query,
  tablePrefix: string,
): Snapshot {
  const { state, slots } = store;
  return {
    connection,
    settings: store.settings,
    translated: translate(query, slots, { tablePrefix, now: Date.now() }),
    state,
    columns: listColumns(slots.profile, state.records, query.select ?? []),
    end: store.nextRowId,
  };
}

/** Brings into temporary tables what columns cannot answer, so that the question can be asked in SQL alone. */
export async function prepareQuestion(snapshot: Snapshot, query: Query, signal: AbortSignal): Promise<Question> {
  const { connection, translated } = snapshot;
  const clock = new PatternClock();
  for (const texts of translated.texts) await fillTexts(snapshot, texts, clock, signal);
  for (const residual of translated.residuals) await fillResidual(snapshot, residual, clock, signal);
  for (const sort of translated.bodySorts) await fillBodySort(snapshot, sort, signal);

  const joins = translated.bodySorts.map(({ table }) => raw(` LEFT JOIN ${table} USING (row_id)`));
  const where = snapshot.asksObjects === true ? (translated.where ?? TRUE) : readableWhere(translated.where);
  const conditions = allOf([where, translated.ranked]);
  const rows = sql`FROM ${translated.from}${joined(joins, '')} WHERE ${conditions}`;
  let answers: readonly boolean[] = [];
  if (translated.probes.length > 0) {
    const [answer = []] = await selectSql(connection, sql`SELECT ${joined(translated.probes, ', ')} ${rows}`);
    answers = answer.map((value) => value === true);
  }
  const { most } = translated;
  const offset = query.offset ?? 0;
  const limit = Math.min(query.limit ?? Infinity, most === null ? Infinity : Math.max(0, most - offset));
  return { rows, order: translated.orderBy(answers), offset, limit };
}

/** LIMIT and OFFSET of the rows that are asked for, and of those `most`. */
export function sliceSql({ offset, limit }: Question, most = Infinity): Sql {
  const taken = Math.min(limit, most);
  const parts = [
    taken === Infinity ? '' : ` LIMIT ${String(BigInt(taken))}`,
    offset === 0 ? '' : ` OFFSET ${String(BigInt(offset))}`,
  ];
  return raw(parts.join(''));
}

/** Unreadable rows match no condition; they are rows only where there is none. */
function readableWhere(where: Sql | null): Sql {
  return where === null ? TRUE : sql`readable AND (${where})`;
}

async function fillTexts(
  { connection, translated }: Snapshot,
  { table, text, candidates, test }: TextResidual,
  clock: PatternClock,
  signal: AbortSignal,
): Promise<void> {
  const all = `${table}_all`;
  const distinct = sql`CREATE TEMP TABLE ${raw(all)} AS SELECT text, row_number() OVER () - 1 AS place
    FROM (SELECT DISTINCT ${text} AS text FROM ${translated.from} WHERE readable AND (${candidates}))`;
  await connection.run(distinct.text, [...distinct.parameters], parameterTypes(distinct.parameters));
  await connection.run(`CREATE TEMP TABLE ${table} (text VARCHAR)`);
  for (let from = 0; ;) {
    if (signal.aborted) throw new AppFailure('aborted', 'The query was cancelled.');
    const sizes = await selectSql(
      connection,
      raw(`SELECT strlen(text)::DOUBLE ${rangeOf(all, from, STEP)} ORDER BY place`),
    );
    if (sizes.length === 0) return;
    let bytes = 0;
    const end = sizes.findIndex((row, place) => {
      bytes += numberAt(row, 0);
      return place > 0 && bytes > MOST_TEXT_BYTES;
    });
    const count = end === -1 ? sizes.length : end;
    const rows = await selectSql(connection, raw(`SELECT text ${rangeOf(all, from, count)}`));
    const texts = rows.map((row) => textAt(row, 0));
    const found = clock.run(() => texts.filter(test), bytes);
    await appendColumns(connection, { table, temporary: true }, [VARCHAR], [found]);
    from += count;
  }
}

/** By a number of its own: inside of the transaction that made them, rows have other numbers than later. */
function rangeOf(table: string, from: number, count: number): string {
  return `FROM ${table} WHERE place >= ${String(from)} AND place < ${String(from + count)}`;
}

async function fillResidual(
  snapshot: Snapshot,
  { table, candidates, test, hasPattern }: Residual,
  clock: PatternClock,
  signal: AbortSignal,
): Promise<void> {
  const { connection } = snapshot;
  await connection.run(`CREATE TEMP TABLE ${table} (row_id INTEGER)`);
  for await (const records of readCandidates(snapshot, candidates, signal)) {
    const look = (): readonly Candidate[] => records.filter(({ record }) => test(record));
    const size = records.reduce((sum, { length }) => sum + length, 0);
    const found = (hasPattern ? clock.run(look, size) : look()).map(({ rowId }) => rowId);
    await appendColumns(connection, { table, temporary: true }, [INTEGER], [found]);
  }
}

async function fillBodySort(snapshot: Snapshot, sort: BodySort, signal: AbortSignal): Promise<void> {
  const { connection, translated } = snapshot;
  const names = Object.keys(SLOT_COLUMN_TYPES).filter(isSlotColumn);
  const columns = names.map((column): RecordColumn => ({ slot: sort.slot.number, column }));
  const definitions = names.map((column) => `${slotColumn(sort.slot, column)} ${SLOT_COLUMN_TYPES[column]}`);
  await connection.run(`CREATE TEMP TABLE ${sort.table} (row_id INTEGER, ${definitions.join(', ')})`);
  for await (const records of readCandidates(snapshot, translated.where ?? TRUE, signal)) {
    const rowIds: number[] = [];
    const values = new PathValues();
    for (const { rowId, record } of records) {
      const value = sort.valueOf(record);
      if (value === null) continue;
      values.add(rowIds.length, value);
      rowIds.push(rowId);
    }
    await appendColumns(
      connection,
      { table: sort.table, temporary: true },
      [INTEGER, ...names.map((column) => COLUMN_TYPES[column])],
      [rowIds, ...columnValues(new Map([[sort.slot.number, values]]), columns, rowIds.length)],
    );
  }
}

interface Candidate {
  readonly rowId: number;
  /** Of its text. */
  readonly length: number;
  readonly record: QueriedRecord;
}

/** Decoded records of the readable rows that a condition holds of, some at a time. */
async function* readCandidates(
  { connection, settings, translated, end }: Snapshot,
  condition: Sql,
  signal: AbortSignal,
): AsyncGenerator<readonly Candidate[], void, undefined> {
  for (let start = 0; start < end; start += STEP) {
    if (signal.aborted) throw new AppFailure('aborted', 'The query was cancelled.');
    const range = raw(`row_id >= ${String(start)} AND row_id < ${String(start + STEP)}`);
    const rows = await selectSql(
      connection,
      sql`SELECT row_id, text_length FROM objects WHERE ${range}
        AND row_id IN (SELECT row_id FROM ${translated.from} WHERE ${range} AND readable AND (${condition}))`,
    );
    const sizes = rows.map((row) => ({ rowId: numberAt(row, 0), length: numberAt(row, 1) }));
    for await (const texts of readTexts(connection, sizes)) {
      yield texts.map(({ rowId, key, text }): Candidate => {
        const { fields, metadata } = decodeRecord(settings.codec, text);
        return { rowId, length: text.length, record: { id: idOfKey(settings.prefix, key), fields, metadata } };
      });
    }
  }
}
