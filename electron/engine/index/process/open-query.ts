import type { QueryAnswer } from '../protocol.ts';
import type { IndexStore } from './index-store.ts';
import { listColumns } from './list-fields.ts';
import type { OpenResult } from './open-result.ts';
import { selectRows } from './database.ts';

let n = 0;
export async function openQuery(
  store: IndexStore,
  _query: string,
  _signal: AbortSignal,
): Promise<{ result: OpenResult; answer: QueryAnswer }> {
  const connection = await store.database.instance.connect();
  const started = performance.now();
  const handle = `r${++n}`;
  await connection.run('CREATE TEMP TABLE result AS SELECT row_id, key FROM records ORDER BY key');
  const [row] = await selectRows(connection, 'SELECT count(*)::DOUBLE FROM temp.result');
  const total = row?.[0] as number;
  const columns = listColumns(store.slots.profile, store.state.records, []);
  const { collection, codec, prefix } = store.settings;
  return {
    result: {
      handle,
      collection,
      codec,
      prefix,
      connection,
      total,
      columns,
      select: [],
      turn: Promise.resolve(),
      closed: false,
    },
    answer: { result: handle, total, columns, state: store.state, milliseconds: performance.now() - started },
  };
}
