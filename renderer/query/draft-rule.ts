import { type Condition, isAny, isGroup, isList, type Place, type QueryValue, type Rule } from '../../shared/query.ts';
import { parseValueText } from '../../shared/query-text/parse-value.ts';
import { printValue } from '../../shared/query-text/print-value.ts';
import { isDateText } from '../ui/date-text.ts';
import { isNumberText } from '../ui/number-text.ts';
import { EVERY_FIELD, isEveryField } from './draft-place.ts';
import {
  EMPTY_DRAFT,
  EMPTY_LIST,
  newCondition,
  type DraftCondition,
  type DraftGroup,
  type DraftRule,
  type GroupMode,
  type ListItem,
} from './draft.ts';
import { itemJson } from './list-text.ts';
import { missingIn } from './missing.ts';
import { shapeOf, takesText } from './operators.ts';

/**
 * The condition tree of a draft; null where it asks nothing. Conditions that are not complete are left out, as are groups
 * that hold none that is.
 */
export function ruleOf(draft: DraftGroup): Rule | null {
  if (draft.rules.length === 0) return null;
  const group = groupRule(draft);
  // One condition stands for itself: `draftOf` brings it back.
  if (group === null || !isGroup(group) || draft.mode !== 'all' || group.rules.length !== 1) return group;
  return group.rules[0] ?? null;
}

/** The draft of any condition tree: `ruleOf` answers the same tree. */
export function draftOf(rule: Rule | null): DraftGroup {
  if (rule === null) return EMPTY_DRAFT;
  const draft = draftRule(rule);
  const isRoot = draft.type === 'group' && !draft.off && draft.rules.length > (draft.mode === 'all' ? 1 : 0);
  return isRoot ? { ...draft, id: EMPTY_DRAFT.id } : { ...EMPTY_DRAFT, rules: [draft] };
}

const MODES: Readonly<Record<GroupMode, { readonly combinator: 'and' | 'or'; readonly not: boolean }>> = {
  all: { combinator: 'and', not: false },
  any: { combinator: 'or', not: false },
  none: { combinator: 'or', not: true },
  'not-all': { combinator: 'and', not: true },
};

function groupRule({ mode, off, rules }: DraftGroup): Rule | null {
  const complete = rules.map((rule) => (rule.type === 'group' ? groupRule(rule) : conditionRule(rule)));
  const left = complete.filter((rule) => rule !== null);
  if (left.length === 0 && rules.length > 0) return null;
  const { combinator, not } = MODES[mode];
  return { combinator, ...(not ? { not } : {}), rules: left, ...(off ? { off } : {}) };
}

function conditionRule(condition: DraftCondition): Condition | null {
  const { place, operator, off } = condition;
  if (place === null || missingIn(condition) !== null) return null;
  const kept = off ? { off } : {};
  if (isEveryField(place)) return { any: condition.values[0] ?? '', ...kept };
  if (shapeOf(condition) === 'none') return { ...place, operator, ...kept };
  return { ...place, operator, value: valueOf(condition), ...kept };
}

/** Of a complete condition. */
function valueOf(condition: DraftCondition): QueryValue {
  const [first = '', second = ''] = condition.values;
  switch (shapeOf(condition)) {
    case 'none':
      return null;
    case 'one':
      return oneValue(condition, first);
    case 'two':
      return [oneValue(condition, first), oneValue(condition, second)];
    case 'many':
      return condition.items.map((item) => parseValueText(itemJson(item)));
    case 'length':
      return { operator: first, value: Number(second) };
    case 'span':
      return { count: Number(first), unit: second };
    case 'type':
      return first;
  }
}

function oneValue(condition: DraftCondition, text: string): QueryValue {
  const { valueKind } = condition;
  return takesText(condition) || valueKind === 'string' || valueKind === 'date' ? text : parseValueText(text);
}

function draftRule(rule: Rule): DraftRule {
  if (!isGroup(rule)) return draftCondition(rule);
  const { combinator, not = false, off = false, rules } = rule;
  const mode = combinator === 'and' ? (not ? 'not-all' : 'all') : not ? 'none' : 'any';
  return { type: 'group', id: crypto.randomUUID(), mode, off, rules: rules.map(draftRule) };
}

function draftCondition(rule: Condition): DraftCondition {
  const off = rule.off === true;
  const base = { ...newCondition(), off, kindKnown: true };
  if (isAny(rule)) return { ...base, place: EVERY_FIELD, operator: 'contains', values: [rule.any] };
  const { operator, value = null } = rule;
  const condition = { ...base, place: placeOfRule(rule), operator };
  switch (shapeOf(condition)) {
    case 'none':
      return { ...condition, values: [] };
    case 'many': {
      const items = (isList(value) ? value : []).map(itemOf);
      return { ...condition, valueKind: kindOfItems(items), values: items.length === 0 ? EMPTY_LIST : [], items };
    }
    case 'length':
    case 'span':
      return { ...condition, values: Object.values(value ?? {}).map(String) };
    case 'type':
      return { ...condition, values: [typeof value === 'string' ? value : ''] };
    case 'one': {
      // An empty text that is meant is told from a value that is not typed yet by being written as JSON.
      const isBare = value === '' && operator !== '=' && operator !== '!=';
      return { ...condition, ...(isBare ? asJson(value) : typed([value])) };
    }
    case 'two':
      return { ...condition, ...(isList(value) && value.length === 2 ? typed(value) : asJson(value)) };
  }
}

type Typed = Pick<DraftCondition, 'valueKind' | 'values' | 'kindKnown'>;

/** Values of one type as they are typed; of several types, or of none that is typed by hand, as JSON. */
function typed(values: readonly QueryValue[]): Typed {
  const texts = values.filter((value) => typeof value === 'string');
  if (texts.length === values.length) {
    // Whether a date is meant as one is known with the field's values.
    const mayBeDates = texts.every((text) => isDateText(text) && !isNumberText(text));
    return { valueKind: 'string', values: texts, kindKnown: !mayBeDates };
  }
  const written = values.map(printValue);
  if (values.every((value) => typeof value === 'number' || typeof value === 'bigint')) {
    return { valueKind: 'number', values: written, kindKnown: true };
  }
  const [only] = values;
  if (values.length === 1 && typeof only === 'boolean') {
    return { valueKind: 'boolean', values: written, kindKnown: true };
  }
  return asJson(values.length === 1 ? (only ?? null) : values);
}

function asJson(value: QueryValue): Typed {
  return { valueKind: 'json', values: [printValue(value)], kindKnown: true };
}

function itemOf(value: QueryValue): ListItem {
  if (typeof value === 'string') return { type: 'string', text: value };
  const text = printValue(value);
  if (value === null) return { type: 'null', text };
  if (typeof value === 'boolean') return { type: 'boolean', text };
  return { type: typeof value === 'object' ? 'json' : 'number', text };
}

function kindOfItems(items: readonly ListItem[]): DraftCondition['valueKind'] {
  const [first, ...rest] = new Set(items.map(({ type }) => type));
  if (first === undefined || rest.length > 0) return 'string';
  return first === 'null' ? 'json' : first;
}

function placeOfRule(rule: Place): Place {
  if ('field' in rule) return { field: rule.field };
  if ('path' in rule) return { path: rule.path };
  return 'object' in rule ? { object: rule.object } : { tag: rule.tag };
}
