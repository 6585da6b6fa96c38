import type { FieldSortKey } from '../../shared/query.ts';
import { isDateText } from '../ui/date-text.ts';
import { isNumberText } from '../ui/number-text.ts';
import type { DraftCondition, DraftGroup, DraftRule } from './draft.ts';
import { itemJson } from './list-text.ts';
import { isPattern, shapeOf } from './operators.ts';

/** What a condition lacks before it can be run, for people; null where it is complete. */
export function missingIn(condition: DraftCondition): string | null {
  if (condition.field === null || condition.field === '') return 'choose a field';
  const shape = shapeOf(condition.operator);
  if (shape === 'none') return null;
  if (shape === 'many') {
    return condition.items.length === 0 ? 'add at least one value' : null;
  }
  if (shape === 'two') {
    const [low = '', high = ''] = condition.values;
    if (low === '' && condition.valueKind !== 'string') return 'add the lower end';
    if (high === '' && condition.valueKind !== 'string') return 'add the upper end';
    return firstProblem(condition, [low, high]);
  }
  const value = condition.values[0] ?? '';
  const emptyFits = condition.valueKind === 'string' && (condition.operator === '=' || condition.operator === '!=');
  if (value === '' && !emptyFits) return condition.valueKind === 'date' ? 'add a date' : `add a ${noun(condition)}`;
  return firstProblem(condition, [value]);
}

function noun(condition: DraftCondition): string {
  if (condition.valueKind === 'number') return 'number';
  return isPattern(condition.operator) ? 'pattern' : 'value';
}

function firstProblem(condition: DraftCondition, values: readonly string[]): string | null {
  // The start of a date is what "starts with" is for.
  if (condition.operator === 'starts_with') return null;
  for (const value of values) {
    if (condition.valueKind === 'number' && !isNumberText(value, true)) return `${value} is no number`;
    if (condition.valueKind === 'date' && !isDateText(value)) return `${value} is no date`;
    if (condition.valueKind === 'boolean' && value !== 'true' && value !== 'false') return 'choose true or false';
  }
  return null;
}

/**
 * The JSON text of the query (shared/query.ts). Conditions that are not complete are left out, as are groups that hold
 * none that is. Numbers stand as they were typed, with all their digits.
 */
export function queryText(draft: DraftGroup, sort: readonly FieldSortKey[]): string {
  const members: string[] = [];
  const where = groupText(draft);
  if (where !== null) members.push(`"where":${where}`);
  if (sort.length > 0) {
    members.push(`"sort":${JSON.stringify(sort.map(({ field, direction }) => ({ field, direction })))}`);
  }
  return `{${members.join(',')}}`;
}

function ruleText(rule: DraftRule): string | null {
  return rule.type === 'group' ? groupText(rule) : conditionText(rule);
}

function groupText(group: DraftGroup): string | null {
  const rules = group.rules.map(ruleText).filter((text) => text !== null);
  if (rules.length === 0) return null;
  const combinator = group.mode === 'all' ? 'and' : 'or';
  const not = group.mode === 'none' ? '"not":true,' : '';
  return `{"combinator":"${combinator}",${not}"rules":[${rules.join(',')}]}`;
}

function conditionText(condition: DraftCondition): string | null {
  if (missingIn(condition) !== null) return null;
  const start = `{"field":${JSON.stringify(condition.field)},"operator":"${condition.operator}"`;
  const texts = condition.values.map((value) => valueText(condition, value));
  switch (shapeOf(condition.operator)) {
    case 'none':
      return `${start}}`;
    case 'one':
      return `${start},"value":${texts[0] ?? '""'}}`;
    case 'two':
      return `${start},"value":[${texts.join(',')}]}`;
    case 'many':
      return `${start},"value":[${condition.items.map(itemJson).join(',')}]}`;
  }
}

function valueText(condition: DraftCondition, value: string): string {
  // Checked by missingIn: a number is JSON already, and so are true and false.
  if (condition.operator === 'starts_with') return JSON.stringify(value);
  return condition.valueKind === 'number' || condition.valueKind === 'boolean' ? value : JSON.stringify(value);
}
