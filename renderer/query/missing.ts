import { LENGTH_OPERATORS, TEXT_OPERATORS, TIME_UNITS, type QueryValue, VALUE_TYPES } from '../../shared/query.ts';
import { parseValueText } from '../../shared/query-text/parse-value.ts';
import { QueryTextError } from '../../shared/query-text/query-text-error.ts';
import { isDateText } from '../ui/date-text.ts';
import { isNumberText } from '../ui/number-text.ts';
import { isEveryField } from './draft-place.ts';
import { EMPTY_LIST, type DraftCondition } from './draft.ts';
import { isPattern, shapeOf, takesText } from './operators.ts';

/** What a condition lacks before it can be run, for people; null where it is complete. */
export function missingIn(condition: DraftCondition): string | null {
  const { place, operator, valueKind } = condition;
  if (place === null) return 'choose a field';
  const [first = '', second = ''] = condition.values;
  if (isEveryField(place)) return first.trim() === '' ? 'add a word' : null;
  switch (shapeOf(condition)) {
    case 'none':
      return null;
    case 'many':
      return condition.items.length === 0 && first !== EMPTY_LIST[0] ? 'add at least one value' : null;
    case 'two':
      if (first === '' && valueKind !== 'string') return 'add the lower end';
      if (second === '' && valueKind !== 'string') return 'add the upper end';
      return problemWith(condition, first) ?? problemWith(condition, second);
    case 'one': {
      const emptyFits = valueKind === 'string' && (operator === '=' || operator === '!=');
      return first === '' && !emptyFits ? `add a ${nounOf(condition)}` : problemWith(condition, first);
    }
    case 'length':
      if (!LENGTH_OPERATORS.some((known) => known === first)) return 'choose a comparison';
      return second === '' ? 'add a number' : problemWithCount(second);
    case 'span':
      if (!TIME_UNITS.some((known) => known === second)) return 'choose a unit';
      return first === '' ? 'add a number' : problemWithCount(first);
    case 'type':
      return VALUE_TYPES.some((known) => known === first) ? null : 'choose a type';
  }
}

function nounOf(condition: DraftCondition): string {
  if (isPattern(condition.operator)) return 'pattern';
  if (takesText(condition)) return 'text';
  switch (condition.valueKind) {
    case 'number':
      return 'number';
    case 'date':
      return 'date';
    case 'json':
      return 'value as JSON';
    case 'string':
    case 'boolean':
      return 'value';
  }
}

function problemWithCount(text: string): string | null {
  return /^\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? null : `${text} is no whole number`;
}

function problemWith(condition: DraftCondition, text: string): string | null {
  if (takesText(condition)) return null;
  switch (condition.valueKind) {
    case 'number':
      return isNumberText(text, true) ? null : `${text} is no number`;
    case 'date':
      return isDateText(text) ? null : `${text} is no date`;
    case 'boolean':
      return text === 'true' || text === 'false' ? null : 'choose true or false';
    case 'json': {
      const value = readJsonValue(text);
      if (value === undefined) return 'this is no JSON';
      return TEXT_OPERATORS.has(condition.operator) && typeof value !== 'string' ? 'write a text in quotes' : null;
    }
    case 'string':
      return null;
  }
}

function readJsonValue(text: string): QueryValue | undefined {
  try {
    return parseValueText(text);
  } catch (error) {
    if (error instanceof QueryTextError) return undefined;
    throw error;
  }
}
