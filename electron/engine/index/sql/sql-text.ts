import { DOUBLE, DuckDBListValue, type DuckDBType, HUGEINT, LIST, VARCHAR } from '@duckdb/node-api';

/** A value bound to a `?`: numbers as DOUBLE, bigints as HUGEINT, strings as VARCHAR; lists are of numbers or of strings. */
export type SqlParameter = string | number | bigint | DuckDBListValue;

/** SQL with a `?` for each parameter, in order: pieces are put together by concatenation. */
export interface Sql {
  readonly text: string;
  readonly parameters: readonly SqlParameter[];
}

export const TRUE: Sql = { text: 'TRUE', parameters: [] };
export const FALSE: Sql = { text: 'FALSE', parameters: [] };

/** A template whose holes are pieces of SQL; a hole for a value is `bound(value)`. */
export function sql(strings: TemplateStringsArray, ...holes: readonly Sql[]): Sql {
  return {
    text: strings.map((string, index) => string + (holes[index]?.text ?? '')).join(''),
    parameters: holes.flatMap((hole) => hole.parameters),
  };
}

/** SQL of our own making: names of columns and tables that never come from the data. */
export function raw(text: string): Sql {
  return { text, parameters: [] };
}

export function bound(value: SqlParameter): Sql {
  return { text: '?', parameters: [value] };
}

export function joined(pieces: readonly Sql[], separator: string): Sql {
  return {
    text: pieces.map((piece) => piece.text).join(separator),
    parameters: pieces.flatMap((piece) => piece.parameters),
  };
}

/** True where all are; TRUE of none. */
export function allOf(conditions: readonly Sql[]): Sql {
  const kept = conditions.filter((condition) => condition !== TRUE);
  if (kept.includes(FALSE)) return FALSE;
  if (kept.length < 2) return kept[0] ?? TRUE;
  return sql`(${joined(kept, ' AND ')})`;
}

/** True where one is; FALSE of none. */
export function anyOf(conditions: readonly Sql[]): Sql {
  const kept = conditions.filter((condition) => condition !== FALSE);
  if (kept.includes(TRUE)) return TRUE;
  if (kept.length < 2) return kept[0] ?? FALSE;
  return sql`(${joined(kept, ' OR ')})`;
}

/** The plain negation: true also where the condition is NULL. */
export function isNotTrue(condition: Sql): Sql {
  if (condition === TRUE) return FALSE;
  return condition === FALSE ? TRUE : sql`((${condition}) IS NOT TRUE)`;
}

/** What the node API needs beside `Sql.parameters` to bind them exactly: `connection.run(sql.text, values, types)`. */
export function parameterTypes(parameters: readonly SqlParameter[]): DuckDBType[] {
  return parameters.map((value) => {
    if (value instanceof DuckDBListValue) return LIST(typeof value.items[0] === 'string' ? VARCHAR : DOUBLE);
    if (typeof value === 'string') return VARCHAR;
    return typeof value === 'number' ? DOUBLE : HUGEINT;
  });
}
