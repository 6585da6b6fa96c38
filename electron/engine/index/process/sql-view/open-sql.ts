import {
  type DuckDBConnection,
  type DuckDBPreparedStatement,
  type DuckDBResult,
  StatementType,
} from '@duckdb/node-api';
import { AppFailure } from '../../../../../shared/result.ts';
import type { IndexState, SqlAnswer, SqlLimits } from '../../protocol.ts';
import { identifier } from '../../sql/quoted.ts';
import { selectRows } from '../database.ts';
import type { FieldEntry } from '../field-profile.ts';
import type { IndexStore } from '../index-store.ts';
import { textAt } from '../row-cells.ts';
import { checkStatement, lowerCase, type Mentioned } from './check-statement.ts';
import { refusal, statementFailure } from './sql-failure.ts';
import { answerColumns, type AnswerColumn, type SqlResult } from './sql-result.ts';
import { type SlotFacts, slotFactsSql, slotsInQuestion, type ViewColumn, viewColumns } from './view-columns.ts';

let opened = 0;

/**
 * Runs a person's statement over the rows of one moment, and keeps what it answers in a temporary table. Two connections: a
 * statement is read while its rows are put into the table of the other, so it runs as it was written, with nothing around
 * it that a bracket or a comment could get out of, and stops where enough rows are kept.
 */
export async function openSql(
  store: IndexStore,
  statement: string,
  limits: SqlLimits,
  signal: AbortSignal,
): Promise<{ result: SqlResult; answer: SqlAnswer }> {
  const { instance } = store.database;
  const reader = await instance.connect();
  const kept = await instance.connect();
  const deadline = AbortSignal.timeout(limits.milliseconds);
  const stop = AbortSignal.any([signal, deadline]);
  const interrupt = (): void => {
    reader.interrupt();
    kept.interrupt();
  };
  stop.addEventListener('abort', interrupt, { once: true });
  const startedAt = performance.now();
  try {
    const mentioned = await checkStatement(reader, statement);
    const view = await makeView(store, reader);
    const prepared = await prepare(reader, statement);
    stop.throwIfAborted();
    const rows = await prepared.stream();
    const columns = answerColumns(rows.deduplicatedColumnNames(), rows.columnTypes(), view.columns);
    const { total, isCut } = await keepRows(rows, kept, columns, limits.rows, stop);
    opened += 1;
    const handle = `${String(process.pid)}-sql-${String(opened)}`;
    const { collection, prefix } = store.settings;
    return {
      result: {
        kind: 'sql',
        handle,
        collection,
        prefix,
        connection: kept,
        total,
        columns,
        hasIds: store.slots.id.columns.has('text'),
        isSorted: false,
        ready: () => Promise.resolve(),
        turn: Promise.resolve(),
        closed: false,
      },
      answer: {
        result: handle,
        total,
        columns: columns.map(({ name, kind }) => ({ name, field: null, kind })),
        state: view.state,
        milliseconds: performance.now() - startedAt,
        notes: [
          ...renamedNotes(view.columns, mentioned),
          ...(isCut ? [`Only the first ${formatCount(total)} rows are kept.`] : []),
        ],
      },
    };
  } catch (error) {
    kept.closeSync();
    if (signal.aborted) throw new AppFailure('aborted', 'The statement was cancelled.', { cause: error });
    if (deadline.aborted) throw outOfTime(limits.milliseconds, error);
    throw statementFailure(statement, error) ?? error;
  } finally {
    stop.removeEventListener('abort', interrupt);
    reader.closeSync();
  }
}

/** Refuses what is no statement for the SQL view, before anything is asked of S3. */
export async function checkSql(store: IndexStore, statement: string): Promise<void> {
  const connection = await store.database.instance.connect();
  try {
    await checkStatement(connection, statement);
  } finally {
    connection.closeSync();
  }
}

export async function sqlColumns(store: IndexStore): Promise<readonly ViewColumn[]> {
  const connection = await store.database.instance.connect();
  try {
    return (await makeView(store, connection)).columns;
  } finally {
    connection.closeSync();
  }
}

interface View {
  readonly columns: readonly ViewColumn[];
  readonly state: IndexState;
}

/**
 * Makes `records` and `S3Object` in the connection, over the rows of this moment. Its transaction may not write, so neither
 * may what a person runs in it.
 */
async function makeView(store: IndexStore, connection: DuckDBConnection): Promise<View> {
  const { columns, state } = await store.exclusively(async () => {
    await connection.run('BEGIN TRANSACTION READ ONLY');
    const facts = await readFacts(connection, slotsInQuestion(store));
    return { columns: viewColumns(store, facts), state: store.state };
  });
  const [row = []] = await selectRows(connection, 'SELECT current_database()');
  const database = identifier(textAt(row, 0));
  const list = columns.map(({ name, expression }) => `${expression} AS ${identifier(name)}`).join(', ');
  await connection.run(`CREATE TEMP VIEW records AS SELECT ${list}
    FROM ${database}.main.records r JOIN ${database}.main.objects o USING (row_id) WHERE r.readable`);
  await connection.run('CREATE TEMP VIEW S3Object AS SELECT * FROM temp.main.records');
  return { columns, state };
}

async function readFacts(
  connection: DuckDBConnection,
  entries: readonly FieldEntry[],
): Promise<ReadonlyMap<number, SlotFacts>> {
  // The snapshot is taken by the first statement that reads, also where there is nothing to look at.
  const list = ['count(*)', ...entries.map(slotFactsSql)].join(', ');
  const [[, ...answers] = []] = await selectRows(connection, `SELECT ${list} FROM records`);
  return new Map(
    entries.map(({ slot }, place) => [
      slot ?? 0,
      { whole: answers[place * 2] === true, days: answers[place * 2 + 1] === true },
    ]),
  );
}

async function prepare(connection: DuckDBConnection, statement: string): Promise<DuckDBPreparedStatement> {
  const prepared = await connection.prepare(statement);
  // The tree said so already; this is what DuckDB is about to do.
  if (prepared.statementType !== StatementType.SELECT) throw refusal('Only a SELECT can be run here.');
  return prepared;
}

async function keepRows(
  rows: DuckDBResult,
  connection: DuckDBConnection,
  columns: readonly AnswerColumn[],
  most: number,
  stop: AbortSignal,
): Promise<{ total: number; isCut: boolean }> {
  const definitions = columns.map(({ type }, place) => `c${String(place)} ${type}`);
  await connection.run(`CREATE TEMP TABLE result (${definitions.join(', ')})`);
  const appender = await connection.createAppender('result', null, 'temp');
  try {
    for (let total = 0; ;) {
      stop.throwIfAborted();
      const chunk = await rows.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return { total, isCut: false };
      const room = most - total;
      const isCut = chunk.rowCount > room;
      if (isCut) chunk.rowCount = room;
      if (chunk.rowCount > 0) appender.appendDataChunk(chunk);
      total += chunk.rowCount;
      if (isCut) return { total, isCut };
    }
  } finally {
    appender.closeSync();
  }
}

/** Said where it matters: the statement names the column, or takes all. */
function renamedNotes(columns: readonly ViewColumn[], { names, all }: Mentioned): readonly string[] {
  return columns.flatMap(({ name, field }) => {
    if (field === null || field === name) return [];
    const isMeant = all || names.has(lowerCase(name)) || names.has(lowerCase(field));
    return isMeant ? [`The field ${JSON.stringify(field)} is the column ${JSON.stringify(name)}.`] : [];
  });
}

function formatCount(count: number): string {
  return count.toLocaleString('en');
}

function outOfTime(milliseconds: number, cause: unknown): AppFailure {
  return new AppFailure(
    'timed-out',
    `The statement ran for ${String(milliseconds / 1000)} seconds and was stopped. Narrow it, or ask for less at once.`,
    { cause },
  );
}
