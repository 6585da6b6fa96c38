/** The SQL view of a collection: read-only statements over its index. */

/** A column of the tables `records` and `S3Object`. */
export interface SqlColumn {
  readonly name: string;
  /** DuckDB's name of its type. */
  readonly type: string;
  /** The field that it is; null for what S3 says of the object. Another name than the column's where that was taken. */
  readonly field: string | null;
}

/** Rows that are kept of an answer; what is beyond is left out, and said. */
export const MOST_SQL_ROWS = 1_000_000;

/** After that a statement is stopped. */
export const SQL_SECONDS = 30;

/** UTF-16 units. */
export const LONGEST_STATEMENT = 100_000;

/** The query that brings the index up to date for a statement: all records, none of them answered. */
export const SQL_ASKS_OF = '{"limit":0}';
