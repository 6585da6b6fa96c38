import type { LengthOperator, TimeUnit, ValueTypeName } from '../query.ts';
import type { Located } from './copy-source.ts';

/** A value in SQL. Each is NULL where the value is not of its kind. */
export interface SqlValue {
  readonly text: string;
  /** True and false are 1 and 0, as in Python. */
  readonly number: string;
  /** JSON; null of what is beside the body, which is never a list or an object. */
  readonly json: string | null;
}

/** How an SQL engine says what all of them can: the differences, in one place for each. */
export interface SqlDialect {
  readonly name: string;
  /** Everything around the conditions. */
  readonly statement: (where: string | null, order: string | null, notes: readonly string[]) => string;
  readonly value: (located: Located) => SqlValue;
  /** An item of a list, in a lambda. */
  readonly item: (name: string) => SqlValue;
  /** True where there is a value other than null; false or NULL else. */
  readonly exists: (value: SqlValue) => string;
  readonly number: (value: number) => string;
  readonly like: (text: string, pattern: string) => string;
  readonly regex: (text: string, pattern: string) => string;
  readonly endsWith: (text: string, end: string) => string;
  readonly contains: (text: string, part: string) => string;
  readonly isType: (json: string, type: ValueTypeName) => string;
  readonly isEmpty: (json: string) => string;
  readonly length: (json: string, text: string, operator: LengthOperator, length: number) => string;
  readonly anyItem: (json: string, name: string, condition: string) => string;
  readonly withinLast: (text: string, count: number, unit: TimeUnit) => string;
  /** The word, in lower case, in the text of the body in lower case. */
  readonly word: (word: string) => string;
}

/** Nothing but the quote itself means anything between single quotes. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Each as a comment; no note holds a line break. */
export function sqlLines(notes: readonly string[]): readonly string[] {
  return notes.map((note) => `-- ${note}`);
}
