import type { Operator } from '../../shared/query.ts';
import {
  addRule,
  changeCondition,
  newCondition,
  removeRule,
  type DraftCondition,
  type DraftGroup,
  type DraftRule,
  type ListItem,
  type ValueType,
} from '../query/draft.ts';
import type { Range } from './bin-words.ts';

const RANGES: ReadonlySet<Operator> = new Set<Operator>(['between', '>=', '<=', '>', '<']);

/** Conditions on a field that every record found fits: only those of the outermost group, where that is of all. */
function conditionsOn(draft: DraftGroup, field: string): readonly DraftCondition[] {
  if (draft.mode !== 'all') return [];
  const isOnField = (rule: DraftRule): rule is DraftCondition =>
    rule.type === 'condition' &&
    !rule.off &&
    rule.place !== null &&
    'field' in rule.place &&
    rule.place.field === field;
  return draft.rules.filter(isOnField);
}

/** The range that the conditions on a field leave; null where none says one. An open end is null. */
export function rangeOn(
  draft: DraftGroup,
  field: string,
): { readonly low: string | null; readonly high: string | null } | null {
  const conditions = conditionsOn(draft, field).filter(({ operator }) => RANGES.has(operator));
  if (conditions.length === 0) return null;
  let low: string | null = null;
  let high: string | null = null;
  for (const { operator, values } of conditions) {
    if (operator === 'between') [low, high] = [values[0] ?? null, values[1] ?? null];
    else if (operator === '>' || operator === '>=') low = values[0] ?? null;
    else high = values[0] ?? null;
  }
  return { low, high };
}

/** The draft with this range of the field, in place of the one that it had; null takes it away. */
export function withRange(draft: DraftGroup, field: string, type: 'number' | 'date', range: Range | null): DraftGroup {
  const [first, ...others] = conditionsOn(draft, field).filter(({ operator }) => RANGES.has(operator));
  let changed = without(draft, range === null && first !== undefined ? [first, ...others] : others);
  if (range === null) return changed;
  const values = [range.low, range.high];
  const condition = { ...(first ?? newCondition()), ...onField(field, type), operator: 'between' as const, values };
  changed = first === undefined ? withRule(changed, condition) : changeCondition(changed, condition);
  return changed;
}

/** The values that conditions on a field name, as their texts. */
export function valuesOn(draft: DraftGroup, field: string): ReadonlySet<string> {
  return new Set(
    conditionsOn(draft, field)
      .filter(namesValues)
      .flatMap(({ values, items }) => [...values, ...items.map(({ text }) => text)]),
  );
}

/** The draft with one more value of the field, or without it where it was there. */
export function withValueToggled(draft: DraftGroup, field: string, value: string | boolean): DraftGroup {
  const text = String(value);
  const type = typeof value === 'boolean' ? 'boolean' : 'string';
  const [first, ...others] = conditionsOn(draft, field).filter(namesValues);
  const before = first === undefined ? [] : [...first.values, ...first.items.map((item) => item.text)];
  const texts = before.includes(text) ? before.filter((each) => each !== text) : [...before, text];
  const changed = without(draft, texts.length === 0 && first !== undefined ? [first, ...others] : others);
  if (texts.length === 0) return changed;
  const condition = { ...(first ?? newCondition()), ...onField(field, type), ...ofValues(texts, type) };
  return first === undefined ? withRule(changed, condition) : changeCondition(changed, condition);
}

export function asksForMissing(draft: DraftGroup, field: string): boolean {
  return conditionsOn(draft, field).some(({ operator }) => operator === 'not_exists');
}

/** The draft with the condition that the field has no value, or without it where it was there. */
export function withMissingToggled(draft: DraftGroup, field: string): DraftGroup {
  const asking = conditionsOn(draft, field).filter(({ operator }) => operator === 'not_exists');
  if (asking.length > 0) return without(draft, asking);
  return withRule(draft, { ...newCondition(), ...onField(field, 'string'), operator: 'not_exists', values: [] });
}

function namesValues({ operator }: DraftCondition): boolean {
  return operator === '=' || operator === 'in';
}

function ofValues(
  texts: readonly string[],
  type: ListItem['type'],
): Pick<DraftCondition, 'operator' | 'values' | 'items'> {
  if (texts.length === 1) return { operator: '=', values: texts, items: [] };
  return { operator: 'in', values: [], items: texts.map((text) => ({ type, text })) };
}

function onField(field: string, valueKind: ValueType): Partial<DraftCondition> {
  return { place: { field }, valueKind, items: [], kindKnown: true };
}

/** Beside conditions of which any or none has to fit it stands with them as one group. */
function withRule(draft: DraftGroup, condition: DraftCondition): DraftGroup {
  if (draft.mode === 'all' || draft.rules.length === 0) {
    return addRule({ ...draft, mode: 'all' }, draft.id, condition);
  }
  return { ...draft, mode: 'all', rules: [{ ...draft, id: crypto.randomUUID() }, condition] };
}

function without(draft: DraftGroup, conditions: readonly DraftCondition[]): DraftGroup {
  return conditions.reduce((changed, { id }) => removeRule(changed, id), draft);
}
