import { type DuckDBConnection, INTEGER, VARCHAR } from '@duckdb/node-api';
import { parameterTypes, raw, type Sql, sql } from '../sql/sql-text.ts';
import { selectSql } from './database.ts';
import type { IndexStore } from './index-store.ts';
import { loadTexts } from './load-texts.ts';
import type { ResultHead, ResultPlace } from './open-result.ts';
import { PAGE_ROWS } from './page-cells.ts';
import { type Question, sliceSql } from './prepare-question.ts';
import { numberAt, textAt } from './row-cells.ts';
import { appendColumns } from './row-chunks.ts';

export interface FilledResult {
  readonly total: number;
  /** Null where they are in the table alone. */
  readonly head: readonly ResultPlace[] | null;
  /** Makes the table, the first time. */
  readonly ready: () => Promise<void>;
  /** Gives up what `ready` waits for. */
  readonly stop: () => Promise<void>;
}

const THERE = { ready: () => Promise.resolve(), stop: () => Promise.resolve() };

/** The table `result` of all rows, in their order. Ends the transaction that the caller began. */
export async function answerWhole(connection: DuckDBConnection, question: Question): Promise<FilledResult> {
  await fillTable(connection, question);
  const [count = []] = await selectSql(connection, raw('SELECT count(*)::DOUBLE FROM temp.result'));
  await connection.run('COMMIT');
  return { total: numberAt(count, 0), head: null, ...THERE };
}

/**
 * The first rows and how many there are. The table is made once somebody has seen the first rows, or asks for others: it
 * would take the time of the first page, and who only counts needs none.
 */
export async function answerHead(connection: DuckDBConnection, question: Question): Promise<FilledResult> {
  const places = await readPlaces(connection, question, PAGE_ROWS + 1);
  if (places.length <= PAGE_ROWS) {
    await connection.run('CREATE TEMP TABLE result (row_id INTEGER, key VARCHAR)');
    const columns = [places.map(({ rowId }) => rowId), places.map(({ key }) => key)];
    await appendColumns(connection, { table: 'result', temporary: true }, [INTEGER, VARCHAR], columns);
    await connection.run('COMMIT');
    return { total: places.length, head: places, ...THERE };
  }
  const [count = []] = await selectSql(connection, sql`SELECT count(*)::DOUBLE ${question.rows}`);
  const total = Math.min(numberAt(count, 0) - question.offset, question.limit);
  let filling: Promise<void> | null = null;
  let isFilled = false;
  const fill = async (): Promise<void> => {
    await fillTable(connection, question);
    await connection.run('COMMIT');
    await loadTexts(connection);
    isFilled = true;
  };
  const ready = (): Promise<void> => {
    if (filling === null) {
      filling = fill();
      // Told to whoever asks for rows of it.
      filling.catch(() => undefined);
    }
    return filling;
  };
  const stop = async (): Promise<void> => {
    if (filling === null || isFilled) return;
    connection.interrupt();
    await Promise.allSettled([filling]);
  };
  return { total, head: places.slice(0, PAGE_ROWS), ready, stop };
}

export async function openHead(store: IndexStore, places: readonly ResultPlace[]): Promise<ResultHead> {
  return {
    connection: await store.database.instance.connect(),
    places,
    ready: THERE.ready,
    turn: Promise.resolve(),
    closed: false,
  };
}

async function fillTable(connection: DuckDBConnection, question: Question): Promise<void> {
  const { text, parameters } = sql`CREATE TEMP TABLE result AS ${placesSql(question, Infinity)}`;
  await connection.run(text, [...parameters], parameterTypes(parameters));
}

async function readPlaces(
  connection: DuckDBConnection,
  question: Question,
  most: number,
): Promise<readonly ResultPlace[]> {
  const rows = await selectSql(connection, placesSql(question, most));
  return rows.map((row) => ({ rowId: numberAt(row, 0), key: textAt(row, 1) }));
}

function placesSql(question: Question, most: number): Sql {
  return sql`SELECT row_id, key ${question.rows} ORDER BY ${question.order}${sliceSql(question, most)}`;
}
