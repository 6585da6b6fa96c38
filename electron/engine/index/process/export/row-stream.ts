import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api';
import { AppFailure } from '../../../../../shared/result.ts';

/** Some rows of a result, by columns; a text is null where the object is no record. */
export interface ExportChunk {
  readonly keys: readonly string[];
  readonly texts: readonly (string | null)[];
  readonly problems: readonly (string | null)[];
  readonly problemCodes: readonly (string | null)[];
  /** Of those with a problem; else null. */
  readonly etags: readonly (string | null)[];
  readonly sizes: readonly (number | null)[];
  readonly twins: readonly boolean[];
}

/**
 * Rows of the table `result`, in its order, as one query that DuckDB sorts and spills to disk where it must: to ask for them
 * page by page took as long as the rest of an export, and in an order that is not that of the index twenty times as long.
 */
export class RowStream {
  readonly #result: DuckDBResult;
  readonly #hasTwins: boolean;

  private constructor(result: DuckDBResult, hasTwins: boolean) {
    this.#result = result;
    this.#hasTwins = hasTwins;
  }

  /** `from`: rows before it are left out. `hasTwins`: whether keys are to be told apart that differ in capitals alone. */
  static async open(connection: DuckDBConnection, from: number, hasTwins: boolean): Promise<RowStream> {
    const twins = `count(*) OVER (PARTITION BY lower(nfc_normalize(key))) > 1`;
    const rows = hasTwins ? `(SELECT row_id, key, rowid AS place, ${twins} AS twin FROM temp.result)` : 'temp.result';
    const place = hasTwins ? 'place' : 'rowid';
    const result = await connection.stream(
      `SELECT r.key, o.body, o.problem, o.problem_code,
         CASE WHEN o.body IS NULL THEN o.etag END, CASE WHEN o.body IS NULL THEN o.size::DOUBLE END
         ${hasTwins ? ', r.twin' : ''}
       FROM ${rows} r LEFT JOIN objects o USING (row_id)
       WHERE r.${place} >= ${String(from)} ORDER BY r.${place}`,
    );
    return new RowStream(result, hasTwins);
  }

  /** Null after the last. */
  async next(): Promise<ExportChunk | null> {
    const chunk = await this.#result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return null;
    const texts = (column: number): readonly (string | null)[] => chunk.getColumnValues(column).map(textOrNull);
    return {
      keys: texts(0).map((key) => key ?? ''),
      texts: texts(1),
      problems: texts(2),
      problemCodes: texts(3),
      etags: texts(4),
      sizes: chunk.getColumnValues(5).map((size) => (typeof size === 'number' ? size : null)),
      twins: this.#hasTwins ? chunk.getColumnValues(6).map((twin) => twin === true) : [],
    };
  }
}

function textOrNull(value: unknown): string | null {
  if (value === null || typeof value === 'string') return value;
  throw new AppFailure('internal', 'The index answered something else than a text.');
}
