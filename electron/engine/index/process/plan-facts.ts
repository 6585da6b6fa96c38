import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import { queryJson } from '../../../../shared/query-text/query-json.ts';
import type { ClassCount } from '../../cost/plan-query.ts';
import type { PlanFacts, PlanQuestion, TagQuestion } from '../protocol.ts';
import { parseQuery } from '../query/parse-query.ts';
import { asksTags, withoutTags } from '../query/tag-places.ts';
import { selectRows } from './database.ts';
import type { IndexStore } from './index-store.ts';
import { openQuery } from './open-query.ts';
import type { OpenResult } from './open-result.ts';
import { numberAt, numberOrNullAt, type Row, textAt } from './row-cells.ts';

export async function readPlanFacts(
  store: IndexStore,
  question: PlanQuestion,
  signal: AbortSignal,
): Promise<PlanFacts> {
  const connection = await store.database.instance.connect();
  try {
    const classes = await selectRows(
      connection,
      'SELECT storage_class, count(*)::DOUBLE, sum(size)::DOUBLE FROM objects GROUP BY ALL ORDER BY ALL',
    );
    return {
      classes: classes.map(classCount),
      below: await countBelow(connection, question.below),
      tags: asksTags(parseQuery(question.query)) ? await tagFacts(store, question, signal) : null,
    };
  } finally {
    connection.closeSync();
  }
}

/** A result of the readable records whose tags matter to a query and are not known, or only from before. */
export async function openUnreadTags(
  store: IndexStore,
  question: TagQuestion,
  signal: AbortSignal,
): Promise<{ readonly result: OpenResult; readonly oldestReadAt: number | null }> {
  const candidates = await openCandidates(store, question, signal);
  const { connection } = candidates;
  try {
    const { oldestReadAt } = await knownTags(connection, question.readBefore);
    await keepUnread(connection, question.readBefore);
    const [count = []] = await selectRows(connection, 'SELECT count(*)::DOUBLE FROM temp.result');
    return { result: { ...candidates, total: numberAt(count, 0) }, oldestReadAt };
  } catch (error) {
    connection.closeSync();
    throw error;
  }
}

async function tagFacts(
  store: IndexStore,
  question: TagQuestion,
  signal: AbortSignal,
): Promise<NonNullable<PlanFacts['tags']>> {
  const { connection } = await openCandidates(store, question, signal);
  try {
    const known = await knownTags(connection, question.readBefore);
    await keepUnread(connection, question.readBefore);
    const unread = await selectRows(
      connection,
      `SELECT storage_class, count(*)::DOUBLE, sum(size)::DOUBLE FROM temp.result JOIN objects USING (row_id)
       GROUP BY ALL ORDER BY ALL`,
    );
    return { ...known, unread: unread.map(classCount) };
  } finally {
    connection.closeSync();
  }
}

async function openCandidates(store: IndexStore, { query }: TagQuestion, signal: AbortSignal): Promise<OpenResult> {
  const { result } = await openQuery(store, queryJson(withoutTags(parseQuery(query))), signal, 'whole');
  return result;
}

/** Of the candidates whose tags are known, and were not read before. */
async function knownTags(
  connection: DuckDBConnection,
  readBefore: number | null,
): Promise<{ readonly known: number; readonly oldestReadAt: number | null }> {
  const [row = []] = await selectRows(
    connection,
    `SELECT count(*)::DOUBLE, min(read_at)::DOUBLE FROM temp.result JOIN tags_read USING (row_id)
     WHERE read_at >= ${String(readBefore ?? 0)}`,
  );
  return { known: numberAt(row, 0), oldestReadAt: numberOrNullAt(row, 1) };
}

/** Pages of a result are found by the position of its rows, so that it is made anew. */
async function keepUnread(connection: DuckDBConnection, readBefore: number | null): Promise<void> {
  await connection.run(
    `CREATE TEMP TABLE unread AS SELECT r.row_id, r.key FROM temp.result r JOIN objects o ON o.row_id = r.row_id
     WHERE o.body IS NOT NULL AND r.row_id NOT IN (SELECT row_id FROM tags_read WHERE read_at >= ${String(readBefore ?? 0)})
     ORDER BY r.key`,
  );
  await connection.run('DROP TABLE temp.result');
  await connection.run('ALTER TABLE temp.unread RENAME TO result');
}

async function countBelow(connection: DuckDBConnection, below: readonly string[]): Promise<readonly number[]> {
  if (below.length === 0) return [];
  const found = await connection.runAndReadAll(
    `SELECT (SELECT count(*)::DOUBLE FROM objects WHERE starts_with(key, prefix))
     FROM (SELECT unnest($1) AS prefix, generate_subscripts($1, 1) AS place) ORDER BY place`,
    [listValue([...below])],
    [LIST(VARCHAR)],
  );
  return found.getRows().map((row) => numberAt(row, 0));
}

function classCount(row: Row): ClassCount {
  return { storageClass: textAt(row, 0), objects: numberAt(row, 1), bytes: numberAt(row, 2) };
}
