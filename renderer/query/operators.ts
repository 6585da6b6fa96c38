import type { FieldKind } from '../../shared/page.ts';
import { type Operator, TEXT_OPERATORS, VALUE_SHAPES, type ValueShape } from '../../shared/query.ts';
import { isDateText } from '../ui/date-text.ts';
import { isNumberText } from '../ui/number-text.ts';
import { isEveryField, type DraftPlace } from './draft-place.ts';
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
import { fittingAt, operatorsFor, type OperatorWords } from './operator-words.ts';

export function shapeOf({ operator, valueKind }: Pick<DraftCondition, 'operator' | 'valueKind'>): ValueShape {
  const shape = VALUE_SHAPES[operator];
  // Written as JSON the bounds are one list.
  return shape === 'two' && valueKind === 'json' ? 'one' : shape;
}

/** `like` and `regex`: the value is a pattern. */
export function isPattern(operator: Operator): boolean {
  return operator === 'like' || operator === 'not_like' || operator === 'regex';
}

/** The value is a text whatever the field's values are, such as the start of a date; it may be written as JSON. */
export function takesText({ operator, valueKind }: Pick<DraftCondition, 'operator' | 'valueKind'>): boolean {
  return valueKind !== 'json' && TEXT_OPERATORS.has(operator);
}

/** The condition with another operator: what was typed is kept as far as it fits. */
export function withOperator(condition: DraftCondition, operator: Operator): DraftCondition {
  const next = { ...condition, operator };
  const shape = shapeOf(next);
  if (shape === shapeOf(condition)) return next;
  const texts = textsOf(condition);
  if (shape !== 'many') return { ...next, values: valuesOf(shape, texts), items: [] };
  const items = condition.items.length > 0 ? condition.items : itemsOf(texts, condition.valueKind);
  return { ...next, values: [], items };
}

/** What was typed as values, not as part of a length, a span or the name of a type. */
function textsOf(condition: DraftCondition): readonly string[] {
  switch (shapeOf(condition)) {
    case 'many':
      return condition.items.map(({ text }) => text);
    case 'one':
    case 'two':
      return condition.values;
    case 'none':
    case 'length':
    case 'span':
    case 'type':
      return [];
  }
}

function valuesOf(shape: Exclude<ValueShape, 'many'>, texts: readonly string[]): readonly string[] {
  switch (shape) {
    case 'none':
      return [];
    case 'one':
      return [texts.find((text) => text !== '') ?? ''];
    case 'two':
      return [texts[0] ?? '', texts[1] ?? ''];
    case 'length':
      return ['>=', ''];
    case 'span':
      return ['7', 'days'];
    case 'type':
      return ['string'];
  }
}

/**
 * The condition at another place: operator and values go where they do not fit the new type. `kind` is null where
 * nobody has seen values of the place.
 */
export function withPlace(condition: DraftCondition, place: DraftPlace | null, kind: FieldKind | null): DraftCondition {
  if (isEveryField(place)) return { ...withOperator(textCondition(condition), 'contains'), place, kindKnown: true };
  const before = isEveryField(condition.place) ? { ...condition, operator: '=' as const } : condition;
  const type = valueTypeOf(kind);
  const fitting = fittingAt(place, operatorsFor(type, kind));
  const sameType = type === before.valueKind;
  const fits = fitting.some(({ operator }) => operator === before.operator);
  const operator = fits && (sameType || before.operator !== '=') ? before.operator : firstOf(fitting);
  const typed = { ...withOperator(before, operator), place, valueKind: type, kindKnown: kind !== null };
  return withTruth(sameType ? typed : withoutValues(typed));
}

/**
 * The condition once it is known what its field's values are. What was typed meanwhile stays: where it does not read as
 * the field's type it is taken for what it is, a text.
 */
export function withKnownKind(condition: DraftCondition, kind: FieldKind): DraftCondition {
  const type = valueTypeOf(kind);
  const known = { ...condition, kindKnown: true };
  const fitting = operatorsFor(type, kind);
  const typed = textsOf({ ...condition, items: [] }).filter((value) => value !== '');
  if (type === condition.valueKind && fitting.some(({ operator }) => operator === condition.operator)) return known;
  if (!typed.every((value) => readsAs(value, type))) return known;
  const untouched = condition.operator === '=' && typed.length === 0;
  const fits = !untouched && fitting.some(({ operator }) => operator === condition.operator);
  // A pattern that was begun says more about what is wanted than the values that were found.
  if (!fits && !untouched && typed.length > 0) return known;
  return withTyped(known, type, fits ? condition.operator : firstOf(fitting));
}

/** The condition with values of another type: what was typed stays, and is read as the new type. */
export function withValueType(condition: DraftCondition, type: ValueType): DraftCondition {
  const fitting = operatorsFor(type);
  const fits = fitting.some(({ operator }) => operator === condition.operator);
  return withTyped({ ...condition, kindKnown: true }, type, fits ? condition.operator : firstOf(fitting));
}

function withTyped(condition: DraftCondition, type: ValueType, operator: Operator): DraftCondition {
  const next = { ...withOperator(condition, operator), valueKind: type };
  const items = itemsOf(
    next.items.map(({ text }) => text),
    type,
  );
  const shape = shapeOf(next);
  // Between two values is one list of them as JSON, and the other way round.
  const values = shape === 'many' || shape === shapeOf(condition) ? next.values : valuesOf(shape, next.values);
  return withTruth({ ...next, values, items });
}

/** The draft with what has been learned about its places; the same one where that is nothing. */
export function withKnownKinds(draft: DraftGroup, kindOf: (place: DraftPlace) => FieldKind | null): DraftGroup {
  const unsure = conditionsOf(draft).filter(({ kindKnown, place }) => !kindKnown && place !== null);
  return unsure.reduce((before, condition) => {
    const kind = condition.place === null ? null : kindOf(condition.place);
    return kind === null ? before : changeCondition(before, withKnownKind(condition, kind));
  }, draft);
}

function textCondition(condition: DraftCondition): DraftCondition {
  return condition.valueKind === 'string' ? condition : withoutValues({ ...condition, valueKind: 'string' });
}

function withoutValues(condition: DraftCondition): DraftCondition {
  const shape = shapeOf(condition);
  return { ...condition, values: shape === 'many' ? [] : valuesOf(shape, []), items: [] };
}

/** `true` and `false` are chosen, so that one of them is. */
function withTruth(condition: DraftCondition): DraftCondition {
  const isTruth = condition.values[0] === 'true' || condition.values[0] === 'false';
  if (condition.valueKind !== 'boolean' || shapeOf(condition) !== 'one' || isTruth) return condition;
  return { ...condition, values: ['true'] };
}

function firstOf(operators: readonly OperatorWords[]): Operator {
  return operators[0]?.operator ?? '=';
}

function itemsOf(texts: readonly string[], type: ValueType): readonly ListItem[] {
  return texts.filter((text) => text !== '').map((text) => bareItem(text, type));
}

function readsAs(text: string, type: ValueType): boolean {
  if (type === 'number') return isNumberText(text, true);
  if (type === 'date') return isDateText(text);
  return type === 'string' || text === 'true' || text === 'false';
}
