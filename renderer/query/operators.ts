import type { FieldKind, FieldSummary } from '../../shared/page.ts';
import type { Operator } from '../../shared/query.ts';
import { isDateText } from '../ui/date-text.ts';
import { isNumberText } from '../ui/number-text.ts';
import {
  changeCondition,
  conditionsOf,
  valueTypeOf,
  type DraftCondition,
  type DraftGroup,
  type ListItem,
  type ValueType,
} from './draft.ts';
import { bareItem } from './list-text.ts';

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
  { operator: 'regex', words: 'matches', short: 'matches', hint: 'a regular expression, found anywhere in the text' },
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

/** `like` and `regex`: the value is a pattern. */
export function isPattern(operator: Operator): boolean {
  return operator === 'like' || operator === 'not_like' || operator === 'regex';
}

/** The condition with another operator: what was typed is kept as far as it fits. */
export function withOperator(condition: DraftCondition, operator: Operator): DraftCondition {
  const { valueKind } = condition;
  const texts = condition.items.length > 0 ? condition.items.map(({ text }) => text) : condition.values;
  const shape = shapeOf(operator);
  if (shape === 'many') {
    const items = condition.items.length > 0 ? condition.items : itemsOf(texts, valueKind);
    return { ...condition, operator, values: [], items };
  }
  const values =
    shape === 'none'
      ? []
      : shape === 'one'
        ? [texts.find((text) => text !== '') ?? '']
        : [texts[0] ?? '', texts[1] ?? ''];
  return { ...condition, operator, values, items: [] };
}

/**
 * The condition on another field: operator and values go where they do not fit the new type. `kind` is null where
 * nobody has seen values of the field.
 */
export function withField(condition: DraftCondition, field: string | null, kind: FieldKind | null): DraftCondition {
  const type = valueTypeOf(kind);
  const fitting = operatorsOfKind(kind);
  const sameType = type === condition.valueKind;
  const fits = fitting.some(({ operator }) => operator === condition.operator);
  const operator =
    fits && (sameType || condition.operator !== '=') ? condition.operator : (fitting[0]?.operator ?? '=');
  const kept = sameType ? { values: condition.values, items: condition.items } : { values: [], items: [] };
  return withTruth(withOperator({ ...condition, field, valueKind: type, kindKnown: kind !== null, ...kept }, operator));
}

/**
 * The condition once it is known what its field's values are. What was typed meanwhile stays: where it does not read as
 * the field's type it is taken for what it is, a text.
 */
export function withKnownKind(condition: DraftCondition, kind: FieldKind): DraftCondition {
  const type = valueTypeOf(kind);
  const known = { ...condition, kindKnown: true };
  const fitting = operatorsOfKind(kind);
  const typed = condition.values.filter((value) => value !== '');
  if (type === condition.valueKind && fitting.some(({ operator }) => operator === condition.operator)) return known;
  if (!typed.every((value) => readsAs(value, type))) return known;
  const untouched = condition.operator === '=' && typed.length === 0;
  const fits = !untouched && fitting.some(({ operator }) => operator === condition.operator);
  // A pattern that was begun says more about what is wanted than the values that were found.
  if (!fits && !untouched && typed.length > 0) return known;
  const operator = fits ? condition.operator : (fitting[0]?.operator ?? '=');
  const items = itemsOf(
    condition.items.map(({ text }) => text),
    type,
  );
  return withTruth(withOperator({ ...known, valueKind: type, items }, operator));
}

/** The condition with values of another type: what was typed stays, and is read as the new type. */
export function withValueType(condition: DraftCondition, type: ValueType): DraftCondition {
  const fitting = operatorsFor(type);
  const fits = fitting.some(({ operator }) => operator === condition.operator);
  const operator = fits ? condition.operator : (fitting[0]?.operator ?? '=');
  const items = itemsOf(
    condition.items.map(({ text }) => text),
    type,
  );
  return withTruth(withOperator({ ...condition, valueKind: type, items, kindKnown: true }, operator));
}

/** The draft with what has been learned about its fields; the same one where that is nothing. */
export function withKnownKinds(draft: DraftGroup, kindOf: (field: string) => FieldKind | null): DraftGroup {
  const unsure = conditionsOf(draft).filter(({ kindKnown, field }) => !kindKnown && field !== null);
  return unsure.reduce((before, condition) => {
    const kind = condition.field === null ? null : kindOf(condition.field);
    return kind === null ? before : changeCondition(before, withKnownKind(condition, kind));
  }, draft);
}

/** The kind that most values of a field have; null where nobody has seen one. The id is always a text. */
export function kindOfField(field: string, fields: readonly FieldSummary[]): FieldKind | null {
  return field === 'id' ? 'string' : (fields.find((each) => each.field === field)?.kind ?? null);
}

/** `true` and `false` are chosen, so that one of them is. */
function withTruth(condition: DraftCondition): DraftCondition {
  const isTruth = condition.values[0] === 'true' || condition.values[0] === 'false';
  if (condition.valueKind !== 'boolean' || shapeOf(condition.operator) !== 'one' || isTruth) return condition;
  return { ...condition, values: ['true'] };
}

function operatorsOfKind(kind: FieldKind | null): readonly OperatorWords[] {
  return operatorsFor(kind === 'list' || kind === 'object' || kind === 'null' ? 'nested' : valueTypeOf(kind));
}

function itemsOf(texts: readonly string[], type: ValueType): readonly ListItem[] {
  return texts.filter((text) => text !== '').map((text) => bareItem(text, type));
}

function readsAs(text: string, type: ValueType): boolean {
  if (type === 'number') return isNumberText(text, true);
  if (type === 'date') return isDateText(text);
  return type === 'string' || text === 'true' || text === 'false';
}
