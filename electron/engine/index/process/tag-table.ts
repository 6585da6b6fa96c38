import { BIGINT, type DuckDBConnection, INTEGER, UTINYINT, VARCHAR, LIST, listValue } from '@duckdb/node-api';
import type { Tag } from '../../../../shared/record.ts';
import { restForCalls } from '../../turns.ts';
import { shredString } from '../slots.ts';
import type { TagBatch } from '../protocol.ts';
import { numberAt, textAt } from './row-cells.ts';
import { appendColumns } from './row-chunks.ts';

/** Writes tags of rows that have none of known age, inside the caller's transaction. */
export async function writeTags(
  connection: DuckDBConnection,
  rows: readonly { readonly rowId: number; readonly tags: readonly Tag[] }[],
  readAt: number,
): Promise<void> {
  if (rows.length === 0) return;
  await appendColumns(
    connection,
    { table: 'tags_read' },
    [INTEGER, BIGINT],
    [rows.map(({ rowId }) => rowId), rows.map(() => BigInt(readAt))],
  );
  const tags = rows.flatMap((row) =>
    row.tags.map(({ key, value }) => ({ rowId: row.rowId, name: key, value: shredString(value) })),
  );
  if (tags.length === 0) return;
  await appendColumns(
    connection,
    { table: 'tags' },
    [INTEGER, VARCHAR, UTINYINT, VARCHAR, BIGINT],
    [
      tags.map(({ rowId }) => rowId),
      tags.map(({ name }) => name),
      tags.map(({ value }) => value.kind),
      tags.map(({ value }) => value.text),
      tags.map(({ value }) => value.instant),
    ],
  );
}

/** Replaces tags of the objects that are still as they were when these were read. */
export async function replaceTags(connection: DuckDBConnection, batch: TagBatch): Promise<void> {
  const positions = new Map(batch.keys.map((key, position) => [key, position]));
  const found = await connection.runAndReadAll(
    'SELECT row_id, key, etag FROM objects WHERE key IN (SELECT unnest($1))',
    [listValue([...batch.keys])],
    [LIST(VARCHAR)],
  );
  const rows = found.getRows().flatMap((row) => {
    const position = positions.get(textAt(row, 1));
    if (position === undefined || batch.etags[position] !== textAt(row, 2)) return [];
    return [{ rowId: numberAt(row, 0), tags: batch.tags[position] ?? [] }];
  });
  if (rows.length === 0) return;
  const list = rows.map(({ rowId }) => rowId).join(',');
  await connection.run(`DELETE FROM tags WHERE row_id IN (${list})`);
  await connection.run(`DELETE FROM tags_read WHERE row_id IN (${list})`);
  await writeTags(connection, rows, batch.readAt);
}

/** Tags that came with objects of our own writing. */
export async function writeTagsOf(
  connection: DuckDBConnection,
  keys: readonly string[],
  tags: readonly (readonly Tag[] | null)[],
  readAt: number,
): Promise<void> {
  const known = new Map(keys.flatMap((key, row) => (tags[row] == null ? [] : [[key, tags[row]] as const])));
  if (known.size === 0) return;
  await restForCalls();
  const found = await connection.runAndReadAll(
    'SELECT row_id, key FROM objects WHERE key IN (SELECT unnest($1))',
    [listValue([...known.keys()])],
    [LIST(VARCHAR)],
  );
  const rows = found.getRows().map((row) => ({ rowId: numberAt(row, 0), tags: known.get(textAt(row, 1)) ?? [] }));
  await writeTags(connection, rows, readAt);
}
