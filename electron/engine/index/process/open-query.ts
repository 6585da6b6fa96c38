import { AppFailure } from '../../../../shared/result.ts';
import type { QueryAnswer } from '../protocol.ts';
import { parseQuery } from '../query/parse-query.ts';
import { answerHead, answerWhole, openHead } from './fill-result.ts';
import type { IndexStore } from './index-store.ts';
import type { OpenResult } from './open-result.ts';
import { prepareQuestion, takeSnapshot } from './prepare-question.ts';

let opened = 0;

/**
 * Answers a query with the rows of one moment: what is written meanwhile is in the next result. The result has a
 * connection of its own, because a temporary table is seen by the connection that made it only. Sorting a million rows
 * takes many times as long as finding the first of them, so that the answer comes with these, and the table after it.
 */
export async function openQuery(
  store: IndexStore,
  text: string,
  signal: AbortSignal,
  first: 'head' | 'whole' = 'head',
): Promise<{ result: OpenResult; answer: QueryAnswer }> {
  const query = parseQuery(text);
  const connection = await store.database.instance.connect();
  const interrupt = (): void => connection.interrupt();
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    const snapshot = await takeSnapshot(store, connection, query);
    const startedAt = performance.now();
    const question = await prepareQuestion(snapshot, query, signal);
    const { total, head, ready, stop } =
      first === 'head' ? await answerHead(connection, question) : await answerWhole(connection, question);
    const { state, columns } = snapshot;
    const { collection, codec, prefix } = store.settings;
    opened += 1;
    const handle = `${String(process.pid)}-${String(opened)}`;
    return {
      result: {
        kind: 'query',
        handle,
        collection,
        codec,
        prefix,
        connection,
        total,
        columns,
        version: state.version,
        select: query.select ?? [],
        ruled: null,
        head: head === null ? null : await openHead(store, head),
        stopFilling: stop,
        ready,
        turn: Promise.resolve(),
        closed: false,
      },
      answer: { result: handle, total, columns, state, milliseconds: performance.now() - startedAt },
    };
  } catch (error) {
    connection.closeSync();
    if (signal.aborted) throw new AppFailure('aborted', 'The query was cancelled.', { cause: error });
    throw error;
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}
