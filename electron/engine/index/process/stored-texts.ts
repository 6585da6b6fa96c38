import type { DuckDBConnection } from '@duckdb/node-api';
import { selectRows } from './database.ts';
import { numberAt, textAt } from './row-cells.ts';

/** The text of one object, as the index keeps it: content encoding and character set undone. */
export interface StoredText {
  readonly rowId: number;
  readonly key: string;
  readonly text: string;
}

export interface TextSize {
  readonly rowId: number;
  /** UTF-16 units. */
  readonly length: number;
}

/** Row numbers looked at in one step. */
const STEP = 1_000;
/** UTF-16 units of text in memory at once; one text that is longer is read alone. */
const GROUP_LENGTH = 8 * 1024 * 1024;

/** Texts of the rows named, in groups that fit in memory; a row that is gone is left out. The order is not kept. */
export async function* readTexts(
  connection: DuckDBConnection,
  rows: readonly TextSize[],
): AsyncGenerator<readonly StoredText[], void, undefined> {
  let group: number[] = [];
  let length = 0;
  for (const row of rows) {
    if (group.length > 0 && (length + row.length > GROUP_LENGTH || group.length >= STEP)) {
      yield await readGroup(connection, group);
      group = [];
      length = 0;
    }
    group.push(row.rowId);
    length += row.length;
  }
  if (group.length > 0) yield await readGroup(connection, group);
}

/**
 * Texts of all readable objects with a number below `end`. `condition` is SQL over `objects` that narrows them down.
 * Each step is a query of its own: wrap them in a transaction where they must agree.
 */
export async function* scanTexts(
  connection: DuckDBConnection,
  end: number,
  condition: string | null = null,
  values: string[] = [],
): AsyncGenerator<readonly StoredText[], void, undefined> {
  for (let start = 0; start < end; start += STEP) {
    const rows = await selectRows(
      connection,
      `SELECT row_id, text_length FROM objects
       WHERE row_id >= ${String(start)} AND row_id < ${String(start + STEP)} AND body IS NOT NULL
       ${condition === null ? '' : `AND (${condition})`}`,
      values,
    );
    yield* readTexts(
      connection,
      rows.map((row) => ({ rowId: numberAt(row, 0), length: numberAt(row, 1) })),
    );
  }
}

async function readGroup(connection: DuckDBConnection, rowIds: readonly number[]): Promise<readonly StoredText[]> {
  const rows = await selectRows(
    connection,
    `SELECT row_id, key, body FROM objects WHERE row_id IN (${rowIds.join(',')}) AND body IS NOT NULL`,
  );
  return rows.map((row) => ({ rowId: numberAt(row, 0), key: textAt(row, 1), text: textAt(row, 2) }));
}
