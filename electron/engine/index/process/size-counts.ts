import type { DuckDBConnection } from '@duckdb/node-api';
import { SIZE_BOUNDS, type SizeCount } from '../../../../shared/class-offer.ts';
import { selectRows } from './database.ts';
import type { IndexStore } from './index-store.ts';
import { inTurn, type OpenResult } from './open-result.ts';
import { numberAt, textAt } from './row-cells.ts';

export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** Smaller than this bound, and not than the one before. */
const BOUND = `CASE ${SIZE_BOUNDS.map((bound, place) => `WHEN size < ${String(bound)} THEN ${String(place)}`).join(' ')} ELSE ${String(SIZE_BOUNDS.length)} END`;

/** All objects of a collection by class and size. */
export async function countSizes(store: IndexStore): Promise<readonly SizeCount[]> {
  const connection = await store.database.instance.connect();
  try {
    return await readCounts(connection, 'objects');
  } finally {
    connection.closeSync();
  }
}

/** The same of rows of a result; of all of them where `ranges` is null. */
export async function countSizesOfResult(
  result: OpenResult,
  ranges: readonly RowRange[] | null,
): Promise<readonly SizeCount[]> {
  const chosen =
    ranges === null
      ? ''
      : ` WHERE ${ranges.map(({ from, to }) => `(r.rowid >= ${String(from)} AND r.rowid < ${String(to)})`).join(' OR ') || 'false'}`;
  return inTurn(result, () =>
    readCounts(
      result.connection,
      `(SELECT o.storage_class, o.size FROM temp.result r JOIN objects o ON o.row_id = r.row_id${chosen})`,
    ),
  );
}

async function readCounts(connection: DuckDBConnection, from: string): Promise<readonly SizeCount[]> {
  const rows = await selectRows(
    connection,
    `SELECT storage_class, ${BOUND} AS bound, count(*)::DOUBLE, sum(size)::DOUBLE FROM ${from} GROUP BY ALL ORDER BY ALL`,
  );
  return rows.map((row) => ({
    storageClass: textAt(row, 0),
    bound: numberAt(row, 1),
    objects: numberAt(row, 2),
    bytes: numberAt(row, 3),
  }));
}
