/** The query language as JSON: a condition tree, sort, limit, offset and selected fields. */

/** The 16 operators of dataknobs-data, by their canonical names. */
export const DATAKNOBS_OPERATORS = [
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

/** Dipper's own; like all others but `not_exists` they are false of what has no value. */
export const FURTHER_OPERATORS = [
  'contains',
  'ends_with',
  'is_empty',
  'any_of',
  'all_of',
  'length',
  'within_last',
  'type_is',
] as const;

export const OPERATORS = [...DATAKNOBS_OPERATORS, ...FURTHER_OPERATORS] as const;

export type Operator = (typeof OPERATORS)[number];

/** What an operator is given: nothing, a value, two, a list, or what only `length`, `within_last` and `type_is` take. */
export type ValueShape = 'none' | 'one' | 'two' | 'many' | 'length' | 'span' | 'type';

export const VALUE_SHAPES: Readonly<Record<Operator, ValueShape>> = {
  '=': 'one',
  '!=': 'one',
  '>': 'one',
  '>=': 'one',
  '<': 'one',
  '<=': 'one',
  in: 'many',
  not_in: 'many',
  like: 'one',
  not_like: 'one',
  regex: 'one',
  starts_with: 'one',
  exists: 'none',
  not_exists: 'none',
  between: 'two',
  not_between: 'two',
  contains: 'one',
  ends_with: 'one',
  is_empty: 'none',
  any_of: 'many',
  all_of: 'many',
  length: 'length',
  within_last: 'span',
  type_is: 'type',
};

/** Their value is a list, a string, absent; the others take any value. */
export const LIST_OPERATORS: ReadonlySet<Operator> = operatorsTaking('many');
export const TEXT_OPERATORS: ReadonlySet<Operator> = new Set<Operator>([
  'like',
  'not_like',
  'regex',
  'starts_with',
  'contains',
  'ends_with',
]);
export const BARE_OPERATORS: ReadonlySet<Operator> = operatorsTaking('none');

function operatorsTaking(shape: ValueShape): ReadonlySet<Operator> {
  return new Set(OPERATORS.filter((operator) => VALUE_SHAPES[operator] === shape));
}

/** What `length` compares with. */
export const LENGTH_OPERATORS = ['=', '!=', '>', '>=', '<', '<='] as const;
export type LengthOperator = (typeof LENGTH_OPERATORS)[number];

/** `within_last`: calendar months and years in UTC, the others of fixed length. */
export const TIME_UNITS = ['minutes', 'hours', 'days', 'weeks', 'months', 'years'] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

/** `type_is`: the kinds of JSON. `null` is the one condition that tells null from what is missing. */
export const VALUE_TYPES = ['string', 'number', 'boolean', 'list', 'object', 'null'] as const;
export type ValueTypeName = (typeof VALUE_TYPES)[number];

/** What S3 says of a record's object. `last_modified` is an ISO date string in UTC, `size` bytes. */
export const OBJECT_FACTS = ['key', 'size', 'etag', 'last_modified', 'storage_class', 'version'] as const;
export type ObjectFact = (typeof OBJECT_FACTS)[number];

/**
 * A JSON value whose numbers may be more than a double: a `bigint` is an integer beyond 2^53; numbers written with a
 * fraction or exponent are doubles. NaN and the infinities are doubles too.
 */
export type QueryValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly QueryValue[]
  | { readonly [name: string]: QueryValue };

export function isList(value: QueryValue): value is readonly QueryValue[] {
  return Array.isArray(value);
}

/** dataknobs' meaning: `id`, `metadata.x`, `fields.x`, `address.city`, or a plain field name. */
export interface FieldPlace {
  readonly field: string;
}

/** From the record's fields downwards: names verbatim, also with dots, and positions in lists from 0. */
export interface PathPlace {
  readonly path: readonly (string | number)[];
}

export interface ObjectPlace {
  readonly object: ObjectFact;
}

/** The value of an object's tag. */
export interface TagPlace {
  readonly tag: string;
}

/** Where a condition or a sort key looks. */
export type Place = FieldPlace | PathPlace | ObjectPlace | TagPlace;

interface Comparison {
  readonly operator: Operator;
  /** Absent for `exists`, `not_exists` and `is_empty`. */
  readonly value?: QueryValue;
  /** Kept, not applied. */
  readonly off?: boolean;
}

/** One place compared with one value. */
export type PlaceCondition = Place & Comparison;

/** The word in any value of the record or in its id, in any case. */
export interface AnyCondition {
  readonly any: string;
  readonly off?: boolean;
}

export type Condition = PlaceCondition | AnyCondition;

export interface Group {
  readonly combinator: 'and' | 'or';
  readonly not?: boolean;
  readonly rules: readonly Rule[];
  /** Kept, not applied. */
  readonly off?: boolean;
}

export type Rule = Condition | Group;

export type SortDirection = 'asc' | 'desc';
export type SortKey = Place & { readonly direction: SortDirection };
/** As a column of the grid is sorted by. */
export type FieldSortKey = FieldPlace & { readonly direction: SortDirection };

export const VECTOR_METRICS = ['cosine', 'euclidean', 'dot'] as const;
export type VectorMetric = (typeof VECTOR_METRICS)[number];

/**
 * The records whose vector is nearest, nearest first, in place of a sort: smallest cosine or euclidean distance, largest
 * dot product. Records without a list of as many finite numbers in the field are left out.
 */
export interface Nearest {
  readonly field: string;
  readonly vector: readonly number[];
  readonly metric: VectorMetric;
  readonly count: number;
}

export interface Query {
  readonly where?: Rule;
  readonly sort?: readonly SortKey[];
  readonly nearest?: Nearest;
  /** Non-negative integers; null and absent mean none. */
  readonly limit?: number | null;
  readonly offset?: number | null;
  /** Top-level field names in the order wanted; empty or absent means all. */
  readonly select?: readonly string[];
}

export function isGroup(rule: Rule): rule is Group {
  return 'rules' in rule;
}

export function isAny(condition: Condition): condition is AnyCondition {
  return 'any' in condition;
}

/**
 * The rule without what is switched off, groups that hold nothing else included; null where nothing is left. A group that
 * was empty to begin with stays: an empty `or` is true of nothing.
 */
export function appliedRule(rule: Rule): Rule | null {
  if (rule.off === true) return null;
  if (!isGroup(rule) || rule.rules.length === 0) return rule;
  const rules = rule.rules.map(appliedRule).filter((inner) => inner !== null);
  return rules.length === 0 ? null : { ...rule, rules };
}
