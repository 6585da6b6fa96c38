import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import { SIZE_BOUNDS, type SizeCount } from '../../../../shared/class-offer.ts';
import { STORAGE_CLASSES } from '../../../../shared/storage-classes.ts';
import type { IndexStore } from './index-store.ts';
import type { OpenResult } from './open-result.ts';
import { numberAt, textAt, textOrNullAt } from './row-cells.ts';

export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** Smaller than this bound, and not than the one before. */
const BOUND = `CASE ${SIZE_BOUNDS.map((bound, place) => `WHEN size < ${String(bound)} THEN ${String(place)}`).join(' ')} ELSE ${String(SIZE_BOUNDS.length)} END`;

/** Days for which an object of its class is billed at least. */
const LEAST_DAYS = `CASE storage_class ${STORAGE_CLASSES.filter(({ minimumDays }) => minimumDays > 0)
  .map(({ name, minimumDays }) => `WHEN '${name}' THEN ${String(minimumDays)}`)
  .join(' ')} ELSE 0 END`;

/** Objects of a collection by class and size: all, or those of these keys. */
export async function countSizes(store: IndexStore, keys: readonly string[] | null): Promise<readonly SizeCount[]> {
  const connection = await store.database.instance.connect();
  try {
    const unruled = '(SELECT storage_class, size, last_modified, NULL AS ruled FROM objects';
    if (keys === null) return await readCounts(connection, `${unruled})`);
    return await readCounts(connection, `${unruled} WHERE key IN (SELECT unnest($1)))`, keys);
  } finally {
    connection.closeSync();
  }
}

/** The same of rows of a result; of all of them where `ranges` is null; in a turn of the caller's. `isRuled`: by the classes that rules give them too. */
export async function countSizesOfResult(
  result: OpenResult,
  ranges: readonly RowRange[] | null,
  isRuled: boolean,
): Promise<readonly SizeCount[]> {
  const chosen =
    ranges === null
      ? ''
      : ` WHERE ${ranges.map(({ from, to }) => `(r.rowid >= ${String(from)} AND r.rowid < ${String(to)})`).join(' OR ') || 'false'}`;
  const [into, join] = isRuled ? ['u.storage_class', ' JOIN temp.ruled u ON u.place = r.rowid'] : ['NULL', ''];
  return readCounts(
    result.connection,
    `(SELECT o.storage_class, o.size, o.last_modified, ${into} AS ruled
      FROM temp.result r JOIN objects o ON o.row_id = r.row_id${join}${chosen})`,
  );
}

async function readCounts(
  connection: DuckDBConnection,
  from: string,
  keys: readonly string[] | null = null,
): Promise<readonly SizeCount[]> {
  // What a clock that is off says was written in the future was written now.
  const days = `greatest(0, (${String(Date.now())} - last_modified) / 86400000.0)`;
  const select = `SELECT storage_class, ${BOUND} AS bound, count(*)::DOUBLE, sum(size)::DOUBLE,
            coalesce(sum(size * greatest(0, ${LEAST_DAYS} - ${days})), 0)::DOUBLE, ruled::VARCHAR
     FROM ${from} GROUP BY ALL ORDER BY ALL`;
  const read =
    keys === null
      ? connection.runAndReadAll(select)
      : connection.runAndReadAll(select, [listValue([...keys])], [LIST(VARCHAR)]);
  return (await read).getRows().map((row) => {
    const left = numberAt(row, 4);
    const into = textOrNullAt(row, 5);
    return {
      storageClass: textAt(row, 0),
      ...(into === null ? {} : { into }),
      bound: numberAt(row, 1),
      objects: numberAt(row, 2),
      bytes: numberAt(row, 3),
      ...(left === 0 ? {} : { byteDaysLeft: left }),
    };
  });
}
