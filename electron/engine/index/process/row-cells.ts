import type { DuckDBValue } from '@duckdb/node-api';

/** A row as DuckDB answers it, by the position of its columns. */
export type Row = readonly DuckDBValue[];

/** INTEGER, UTINYINT and DOUBLE columns; a BIGINT comes as a bigint and has to be cast in the query. */
export function numberAt(row: Row, column: number): number {
  const value = row[column];
  if (typeof value === 'number') return value;
  throw unexpected('number', column);
}

export function numberOrNullAt(row: Row, column: number): number | null {
  return row[column] === null ? null : numberAt(row, column);
}

export function textAt(row: Row, column: number): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  throw unexpected('text', column);
}

export function textOrNullAt(row: Row, column: number): string | null {
  return row[column] === null ? null : textAt(row, column);
}

/** A list as this process writes it, in JSON. */
export function jsonListAt(row: Row, column: number): readonly unknown[] {
  const value: unknown = JSON.parse(textAt(row, column));
  if (Array.isArray(value)) return value;
  throw unexpected('list', column);
}

function unexpected(kind: string, column: number): TypeError {
  return new TypeError(`Column ${String(column)} of the index is no ${kind}.`);
}
