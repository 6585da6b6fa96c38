import type { ExportColumn, ExportColumnType, ExportedStatement } from '../../../../../shared/export.ts';
import type { SqlLimits } from '../../protocol.ts';
import { selectRows } from '../database.ts';
import type { IndexStore } from '../index-store.ts';
import { PAGE_ROWS } from '../page-cells.ts';
import { openSql } from '../sql-view/open-sql.ts';
import { readSqlObjects, sortSqlResult, type AnswerColumn, type SqlResult } from '../sql-view/sql-result.ts';
import type { ExportChunk, ExportRows } from './row-stream.ts';

/** Nobody waits before the window for it; DuckDB spills what does not fit its memory. */
const LIMITS: SqlLimits = { milliseconds: 10 * 60_000, rows: Number.MAX_SAFE_INTEGER };

/** Runs a statement, for its rows to be written in the order that the person saw. */
export async function openStatement(
  store: IndexStore,
  { statement, sort }: ExportedStatement,
  signal: AbortSignal,
): Promise<{ readonly result: SqlResult; readonly version: number }> {
  const { result, answer } = await openSql(store, statement, LIMITS, signal);
  try {
    await sortSqlResult(result, sort);
  } catch (error) {
    result.connection.closeSync();
    throw error;
  }
  return { result, version: answer.state.version };
}

const INTEGER = /^U?(TINY|SMALL|BIG)?INT(EGER)?$/;
const DOUBLE = /^(FLOAT|DOUBLE|DECIMAL\((\d|1[0-5]),.*)$/;
const INT64 = '-9223372036854775808::HUGEINT AND 9223372036854775807::HUGEINT';

/** Columns of a statement's answer as those of a file. What no type of a file holds with all its digits stands as JSON. */
export async function statementColumns(result: SqlResult): Promise<readonly ExportColumn[]> {
  const columns: ExportColumn[] = [];
  for (const [place, column] of result.columns.entries()) {
    columns.push({ name: column.name, type: await typeOf(result, column, `c${String(place)}`) });
  }
  return columns;
}

async function typeOf(
  { connection }: SqlResult,
  { kind, type, isJson }: AnswerColumn,
  column: string,
): Promise<ExportColumnType> {
  if (!isJson) return 'string';
  if (kind === 'boolean' && type === 'BOOLEAN') return 'boolean';
  if (DOUBLE.test(type)) return 'number';
  if (type !== 'HUGEINT' && type !== 'UBIGINT') return INTEGER.test(type) ? 'integer' : 'json';
  // Sums are of 128 bits, however small they are.
  const [row = []] = await selectRows(
    connection,
    `SELECT coalesce(bool_and(${column} BETWEEN ${INT64}), true) FROM temp.result`,
  );
  return row[0] === true ? 'integer' : 'json';
}

export class StatementRows implements ExportRows {
  readonly #result: SqlResult;
  #at = 0;

  constructor(result: SqlResult) {
    this.#result = result;
  }

  async next(): Promise<ExportChunk | null> {
    const texts = await readSqlObjects(this.#result, this.#at, PAGE_ROWS);
    if (texts.length === 0) return null;
    this.#at += texts.length;
    return { keys: texts.map(() => ''), texts, unread: new Map(), twins: new Set() };
  }

  /** What is read belongs to the step that waits for it. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
