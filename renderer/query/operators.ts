import type { FieldKind } from '../../shared/page.ts';
import type { Operator } from '../../shared/query.ts';
import { valueTypeOf, type DraftCondition, type ValueType } from './draft.ts';

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
  EXISTS,
  NOT_EXISTS,
];

const DATE: readonly OperatorWords[] = [
  { operator: '>=', words: 'on or after', short: '≥' },
  { operator: '>', words: 'after', short: '>', hint: 'a date alone is its midnight' },
  { operator: '<=', words: 'on or before', short: '≤', hint: 'a date alone is its midnight' },
  { operator: '<', words: 'before', short: '<' },
  BETWEEN,
  NOT_BETWEEN,
  { ...IS, hint: 'the same text' },
  { ...IS_NOT, hint: 'not the same text' },
  IN,
  NOT_IN,
  { operator: 'starts_with', words: 'starts with', short: 'starts with', hint: '2024 finds a year, 2024-05 a month' },
  EXISTS,
  NOT_EXISTS,
];

const TEXT: readonly OperatorWords[] = [
  { ...IS, hint: 'case matters' },
  { ...IS_NOT, hint: 'case matters' },
  IN,
  NOT_IN,
  { operator: 'like', words: 'like', short: 'like', hint: 'any case, % is any text, _ any character' },
  { operator: 'not_like', words: 'not like', short: 'not like', hint: 'any case, % is any text, _ any character' },
  { operator: 'starts_with', words: 'starts with', short: 'starts with', hint: 'case matters' },
  { operator: 'regex', words: 'matches', short: 'matches', hint: 'a regular expression, case matters' },
  { operator: '>=', words: 'from', short: '≥', hint: 'in the order of characters' },
  { operator: '>', words: 'after', short: '>', hint: 'in the order of characters' },
  { operator: '<=', words: 'up to', short: '≤', hint: 'in the order of characters' },
  { operator: '<', words: 'before', short: '<', hint: 'in the order of characters' },
  BETWEEN,
  NOT_BETWEEN,
  EXISTS,
  NOT_EXISTS,
];

const BOOLEAN: readonly OperatorWords[] = [IS, IS_NOT, EXISTS, NOT_EXISTS];

const NESTED: readonly OperatorWords[] = [EXISTS, NOT_EXISTS];

/** The operators that mean something for values of a type; `nested` are lists and objects. */
export function operatorsFor(type: ValueType | 'nested'): readonly OperatorWords[] {
  switch (type) {
    case 'number':
      return NUMBER;
    case 'date':
      return DATE;
    case 'string':
      return TEXT;
    case 'boolean':
      return BOOLEAN;
    case 'nested':
      return NESTED;
  }
}

export function operatorWords(condition: DraftCondition): OperatorWords {
  const found = operatorsFor(condition.valueKind).find(({ operator }) => operator === condition.operator);
  return found ?? { operator: condition.operator, words: condition.operator, short: condition.operator };
}

export type ValueShape = 'none' | 'one' | 'two' | 'many';

export function shapeOf(operator: Operator): ValueShape {
  if (operator === 'exists' || operator === 'not_exists') return 'none';
  if (operator === 'between' || operator === 'not_between') return 'two';
  return operator === 'in' || operator === 'not_in' ? 'many' : 'one';
}

/** The condition with another operator: what was typed is kept as far as it fits. */
export function withOperator(condition: DraftCondition, operator: Operator): DraftCondition {
  const first = condition.values.find((value) => value !== '') ?? '';
  const shape = shapeOf(operator);
  const values =
    shape === 'none'
      ? []
      : shape === 'one'
        ? [first]
        : shape === 'two'
          ? [condition.values[0] ?? '', condition.values[1] ?? '']
          : condition.values.filter((value) => value !== '');
  return { ...condition, operator, values };
}

/** The condition on another field: operator and values go where they do not fit the new type. */
export function withField(condition: DraftCondition, field: string | null, kind: FieldKind | null): DraftCondition {
  const nested = kind === 'list' || kind === 'object' || kind === 'null';
  const type = valueTypeOf(kind);
  const fitting = operatorsFor(nested ? 'nested' : type);
  const sameType = type === condition.valueKind;
  const fits = fitting.some(({ operator }) => operator === condition.operator);
  const operator =
    fits && (sameType || condition.operator !== '=') ? condition.operator : (fitting[0]?.operator ?? '=');
  const changed = { ...condition, field, valueKind: type, values: sameType ? condition.values : [] };
  const next = withOperator(changed, operator);
  return type === 'boolean' && shapeOf(operator) === 'one' && next.values[0] === ''
    ? { ...next, values: ['true'] }
    : next;
}

/** The condition with values of another type: what was typed stays, and is checked as the new type. */
export function withValueType(condition: DraftCondition, type: ValueType): DraftCondition {
  const fitting = operatorsFor(type);
  const fits = fitting.some(({ operator }) => operator === condition.operator);
  const operator = fits ? condition.operator : (fitting[0]?.operator ?? '=');
  const next = withOperator({ ...condition, valueKind: type }, operator);
  const isTruth = next.values[0] === 'true' || next.values[0] === 'false';
  return type === 'boolean' && shapeOf(operator) === 'one' && !isTruth ? { ...next, values: ['true'] } : next;
}
