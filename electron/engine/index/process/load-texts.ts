import type { DuckDBConnection } from '@duckdb/node-api';
import { selectRows } from './database.ts';
import { numberAt } from './row-cells.ts';

/** UTF-16 units of text in one of DuckDB's blocks of 256 kB, more or less: texts are compressed. */
const BLOCK_LENGTH = 512 * 1024;
/** More texts would push the typed columns out of DuckDB's memory. */
const MOST_BLOCKS = 512;
/** Rows of one statement, which holds the blocks of all of them at once. */
const STEP = 64;

/**
 * Has DuckDB read the blocks of all texts, and the index of row numbers, by one row a block. Rows in another order than
 * that of their keys lie in as many blocks as they are, and each of the first pages would wait for 25 MB of them.
 */
export async function loadTexts(connection: DuckDBConnection): Promise<void> {
  const [found = []] = await selectRows(
    connection,
    'SELECT coalesce(sum(text_length), 0)::DOUBLE, coalesce(max(row_id), 0)::DOUBLE FROM objects',
  );
  const blocks = Math.ceil(numberAt(found, 0) / BLOCK_LENGTH);
  if (blocks > MOST_BLOCKS) return;
  const distance = numberAt(found, 1) / blocks;
  const rowIds = Array.from({ length: blocks }, (_, block) => Math.floor(block * distance));
  for (let from = 0; from < blocks; from += STEP) {
    const list = rowIds.slice(from, from + STEP).join(',');
    await connection.run(`SELECT max(strlen(body)), max(strlen(etag)) FROM objects WHERE row_id IN (${list})`);
  }
}
