import { AppFailure } from '../../../../shared/result.ts';
import type { CountAnswer } from '../protocol.ts';
import { parseQuery } from '../query/parse-query.ts';
import { sql } from '../sql/sql-text.ts';
import { selectSql } from './database.ts';
import type { IndexStore } from './index-store.ts';
import { prepareQuestion, sliceSql, takeSnapshot } from './prepare-question.ts';
import { numberAt } from './row-cells.ts';

/**
 * How many rows a query finds, which takes no sorting and opens nothing. DuckDB stops at the query's limit: whether there is
 * a row at all is known at the first one.
 */
export async function countQuery(store: IndexStore, text: string, signal: AbortSignal): Promise<CountAnswer> {
  const query = { ...parseQuery(text), sort: [] };
  const connection = await store.database.instance.connect();
  const interrupt = (): void => connection.interrupt();
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    const snapshot = await takeSnapshot(store, connection, query);
    const startedAt = performance.now();
    const question = await prepareQuestion(snapshot, query, signal);
    const found = sql`SELECT count(*)::DOUBLE FROM (SELECT 1 ${question.rows}${sliceSql(question)})`;
    const [count = []] = await selectSql(connection, found);
    return { total: numberAt(count, 0), state: snapshot.state, milliseconds: performance.now() - startedAt };
  } catch (error) {
    if (signal.aborted) throw new AppFailure('aborted', 'The query was cancelled.', { cause: error });
    throw error;
  } finally {
    connection.closeSync();
    signal.removeEventListener('abort', interrupt);
  }
}
