import type { FieldKind } from '../../shared/page.ts';
import type { LengthOperator, Operator } from '../../shared/query.ts';
import { isEveryField, type DraftPlace } from './draft-place.ts';
import type { DraftCondition, ValueType } from './draft.ts';

export interface OperatorWords {
  readonly operator: Operator;
  /** As in a sentence: rating *at least* 8. */
  readonly words: string;
  /** As in a pill: rating *≥* 8. */
  readonly short: string;
  /** What a person may want to know while choosing the value. */
  readonly hint?: string;
}

const IS: OperatorWords = { operator: '=', words: 'is', short: '=' };
const IS_NOT: OperatorWords = { operator: '!=', words: 'is not', short: '≠' };
const IN: OperatorWords = { operator: 'in', words: 'is one of', short: 'in' };
const NOT_IN: OperatorWords = { operator: 'not_in', words: 'is none of', short: 'not in' };
const EXISTS: OperatorWords = { operator: 'exists', words: 'has a value', short: 'has a value' };
const NOT_EXISTS: OperatorWords = { operator: 'not_exists', words: 'has no value', short: 'has no value' };
const BETWEEN: OperatorWords = { operator: 'between', words: 'between', short: 'between', hint: 'both ends included' };
const NOT_BETWEEN: OperatorWords = { operator: 'not_between', words: 'not between', short: 'not between' };
const STARTS_WITH: OperatorWords = { operator: 'starts_with', words: 'starts with', short: 'starts with' };
const IS_EMPTY: OperatorWords = { operator: 'is_empty', words: 'is empty', short: 'is empty' };
const ANY_OF: OperatorWords = { operator: 'any_of', words: 'holds any of', short: 'holds any of' };
const ALL_OF: OperatorWords = { operator: 'all_of', words: 'holds all of', short: 'holds all of' };
const LENGTH: OperatorWords = { operator: 'length', words: 'has a length', short: 'length' };
const WITHIN_LAST: OperatorWords = { operator: 'within_last', words: 'within the last', short: 'in the last' };
const TYPE_IS: OperatorWords = { operator: 'type_is', words: 'is of type', short: 'is of type' };

const PRESENCE: readonly OperatorWords[] = [EXISTS, NOT_EXISTS, TYPE_IS];

const NUMBER: readonly OperatorWords[] = [
  { operator: '>=', words: 'at least', short: '≥' },
  { operator: '>', words: 'more than', short: '>' },
  { operator: '<=', words: 'at most', short: '≤' },
  { operator: '<', words: 'less than', short: '<' },
  IS,
  IS_NOT,
  BETWEEN,
  NOT_BETWEEN,
  IN,
  NOT_IN,
  ...PRESENCE,
];

const DATE: readonly OperatorWords[] = [
  { operator: '>=', words: 'on or after', short: '≥' },
  { operator: '>', words: 'after', short: '>', hint: 'a date alone is its midnight' },
  { operator: '<=', words: 'on or before', short: '≤', hint: 'a date alone is its midnight' },
  { operator: '<', words: 'before', short: '<' },
  { ...WITHIN_LAST, hint: 'counted from when it is run' },
  BETWEEN,
  NOT_BETWEEN,
  { ...IS, hint: 'the same text' },
  { ...IS_NOT, hint: 'not the same text' },
  IN,
  NOT_IN,
  { ...STARTS_WITH, hint: '2024 finds a year, 2024-05 a month' },
  ...PRESENCE,
];

const CASE_MATTERS = 'case matters';
const ANY_CASE = 'any case, % is any text, _ any character';
const CHARACTER_ORDER = 'in the order of characters';

const TEXT: readonly OperatorWords[] = [
  { ...IS, hint: CASE_MATTERS },
  { ...IS_NOT, hint: CASE_MATTERS },
  IN,
  NOT_IN,
  { operator: 'contains', words: 'contains', short: 'contains', hint: CASE_MATTERS },
  { ...STARTS_WITH, hint: CASE_MATTERS },
  { operator: 'ends_with', words: 'ends with', short: 'ends with', hint: CASE_MATTERS },
  { operator: 'like', words: 'like', short: 'like', hint: ANY_CASE },
  { operator: 'not_like', words: 'not like', short: 'not like', hint: ANY_CASE },
  { operator: 'regex', words: 'matches', short: 'matches', hint: 'a regular expression, found anywhere in the text' },
  { operator: '>=', words: 'from', short: '≥', hint: CHARACTER_ORDER },
  { operator: '>', words: 'after', short: '>', hint: CHARACTER_ORDER },
  { operator: '<=', words: 'up to', short: '≤', hint: CHARACTER_ORDER },
  { operator: '<', words: 'before', short: '<', hint: CHARACTER_ORDER },
  BETWEEN,
  NOT_BETWEEN,
  { ...LENGTH, hint: 'characters' },
  IS_EMPTY,
  ...PRESENCE,
];

const BOOLEAN: readonly OperatorWords[] = [IS, IS_NOT, ...PRESENCE];

const LIST: readonly OperatorWords[] = [
  ANY_OF,
  ALL_OF,
  { ...LENGTH, hint: 'values in the list' },
  IS_EMPTY,
  { ...IS, hint: 'the same values in the same order' },
  IS_NOT,
  ...PRESENCE,
];

const OBJECT: readonly OperatorWords[] = [
  ...PRESENCE,
  IS_EMPTY,
  { ...LENGTH, hint: 'different names' },
  { ...IS, hint: 'the same names with the same values' },
  IS_NOT,
];

/** Of values that are written as JSON: whatever takes one. */
const JSON_VALUE: readonly OperatorWords[] = [
  IS,
  IS_NOT,
  ...NUMBER.filter(({ operator }) => /^[<>]/.test(operator)),
  IN,
  NOT_IN,
  ANY_OF,
  ALL_OF,
  BETWEEN,
  NOT_BETWEEN,
  LENGTH,
  IS_EMPTY,
  ...PRESENCE,
];

/** The id is always there, and so are most facts of an object. */
const ALWAYS_THERE: ReadonlySet<Operator> = new Set<Operator>(['exists', 'not_exists', 'type_is', 'is_empty']);

const EVERY_FIELD: readonly OperatorWords[] = [
  { operator: 'contains', words: 'holds the word', short: 'holds', hint: 'in any case, also as part of a word' },
];

const OF_TYPE: Readonly<Record<ValueType, readonly OperatorWords[]>> = {
  number: NUMBER,
  date: DATE,
  string: TEXT,
  boolean: BOOLEAN,
  json: JSON_VALUE,
};

/** The operators that mean something for values of a type; `kind` is what most values of the place are, where known. */
export function operatorsFor(type: ValueType, kind: FieldKind | null = null): readonly OperatorWords[] {
  if (type !== 'json') return OF_TYPE[type];
  return kind === 'list' ? LIST : kind === 'object' ? OBJECT : JSON_VALUE;
}

/** Without those that say nothing of a place. */
export function fittingAt(place: DraftPlace | null, operators: readonly OperatorWords[]): readonly OperatorWords[] {
  return isFact(place) ? operators.filter(({ operator }) => !ALWAYS_THERE.has(operator)) : operators;
}

/** Those for a place; what the condition says already is always among them. */
export function operatorsOf(condition: DraftCondition, kind: FieldKind | null): readonly OperatorWords[] {
  const { place, valueKind, operator } = condition;
  if (isEveryField(place)) return EVERY_FIELD;
  const fitting = fittingAt(place, operatorsFor(valueKind, kind));
  return fitting.some((each) => each.operator === operator) ? fitting : [...fitting, operatorWords(condition)];
}

function isFact(place: DraftPlace | null): boolean {
  if (place === null) return false;
  return 'object' in place ? place.object !== 'version' : 'field' in place && place.field === 'id';
}

export function operatorWords({ place, valueKind, operator }: DraftCondition): OperatorWords {
  if (isEveryField(place)) return EVERY_FIELD[0] ?? IS;
  const sets = [OF_TYPE[valueKind], TEXT, DATE, JSON_VALUE];
  const found = sets.flatMap((set) => set.filter((each) => each.operator === operator))[0];
  return found ?? { operator, words: operator, short: operator };
}

/** What `length` compares with, in words. */
export const LENGTH_WORDS: Readonly<Record<LengthOperator, { readonly words: string; readonly short: string }>> = {
  '>=': { words: 'of at least', short: '≥' },
  '>': { words: 'of more than', short: '>' },
  '<=': { words: 'of at most', short: '≤' },
  '<': { words: 'of less than', short: '<' },
  '=': { words: 'of', short: '=' },
  '!=': { words: 'other than', short: '≠' },
};
