/** The query language as JSON: a condition tree, sort, limit, offset and selected fields. */

/** The 16 operators of dataknobs-data, by their canonical names. */
export const OPERATORS = [
  '=',
  '!=',
  '>',
  '>=',
  '<',
  '<=',
  'in',
  'not_in',
  'like',
  'not_like',
  'regex',
  'starts_with',
  'exists',
  'not_exists',
  'between',
  'not_between',
] as const;

export type Operator = (typeof OPERATORS)[number];

/** Their value is a list, a string; the others take any value, or none. */
export const LIST_OPERATORS: ReadonlySet<Operator> = new Set<Operator>(['in', 'not_in']);
export const TEXT_OPERATORS: ReadonlySet<Operator> = new Set<Operator>(['like', 'not_like', 'regex', 'starts_with']);

/**
 * A JSON value whose numbers may be more than a double: a `bigint` is an integer beyond 2^53; numbers written with a
 * fraction or exponent are doubles. NaN and the infinities are doubles too.
 */
export type QueryValue =
  null | boolean | number | bigint | string | readonly QueryValue[] | { readonly [name: string]: QueryValue };

export interface Condition {
  /** dataknobs' meaning: `id`, `metadata.x`, `fields.x`, `address.city`, or a plain field name. */
  readonly field: string;
  readonly operator: Operator;
  /** Absent for `exists` and `not_exists`. */
  readonly value?: QueryValue;
}

export interface Group {
  readonly combinator: 'and' | 'or';
  readonly not?: boolean;
  readonly rules: readonly Rule[];
}

export type Rule = Condition | Group;

export interface SortKey {
  /** A field, with the same meaning as in a condition. */
  readonly field: string;
  readonly direction: 'asc' | 'desc';
}

export interface Query {
  readonly where?: Group | Condition;
  readonly sort?: readonly SortKey[];
  /** Non-negative integers; null and absent mean none. */
  readonly limit?: number | null;
  readonly offset?: number | null;
  /** Top-level field names in the order wanted; empty or absent means all. */
  readonly select?: readonly string[];
}

export function isGroup(rule: Rule): rule is Group {
  return 'rules' in rule;
}
