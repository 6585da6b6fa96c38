import {
  type Condition,
  isAny,
  isGroup,
  type Group,
  type Place,
  type QueryValue,
  type Rule,
  VALUE_SHAPES,
} from '../query.ts';
import { printValue } from './print-value.ts';
import { isPlainWord } from './tokens.ts';

/** The text form of a query's `where`, on one line; `parseWhere` reads the same tree from it. */
export function printWhere(where: Rule): string {
  if (where.off === true) return `/* ${printWhere({ ...where, off: false })} */`;
  if (!isGroup(where)) return printCondition(where);
  return where.not === true || where.rules.length < 2 ? printUnit(where) : printRules(where);
}

function printRules({ combinator, rules }: Group): string {
  return rules
    .map((rule, index) => {
      if (rule.off !== true) return index === 0 ? printUnit(rule) : ` ${combinator} ${printUnit(rule)}`;
      const text = printUnit({ ...rule, off: false });
      return index === 0 ? `/* ${text} */` : ` /* ${combinator} ${text} */`;
    })
    .join('');
}

/** What can stand beside `and`, `or` and `not`. */
function printUnit(rule: Rule): string {
  if (!isGroup(rule)) return printCondition(rule);
  const { combinator, not = false, rules } = rule;
  const [only] = rules;
  if (only === undefined) return `${not ? 'not ' : ''}(${combinator})`;
  if (rules.length > 1) return `${not ? 'not ' : ''}(${printRules(rule)})`;
  const one = printRules({ combinator: 'and', rules });
  if (combinator === 'or') return `${not ? 'not ' : ''}(or ${one})`;
  return not && !isGroup(only) && only.off !== true ? `not ${one}` : `${not ? 'not ' : ''}(${one})`;
}

function printCondition(condition: Condition): string {
  if (isAny(condition)) return `@any ${JSON.stringify(condition.any)}`;
  const { operator, value = null } = condition;
  const start = `${printPlace(condition)} ${WORDS[operator] ?? operator}`;
  switch (VALUE_SHAPES[operator]) {
    case 'none':
      return start;
    case 'one':
      return `${start} ${printValue(value)}`;
    case 'two':
      return isList(value) && value.length === 2
        ? `${start} ${value.map(printValue).join(' and ')}`
        : `${start} (${printValue(value)})`;
    case 'many':
      return `${start} (${(isList(value) ? value : []).map(printValue).join(', ')})`;
    case 'length':
      return `${start} ${memberText(value, 'operator')} ${memberText(value, 'value')}`;
    case 'span':
      return `${start} ${memberText(value, 'count')} ${memberText(value, 'unit')}`;
    case 'type':
      return `${start} ${plainText(value)}`;
  }
}

/** As people write them; the others stand as they are. */
const WORDS: Readonly<Record<string, string>> = {
  not_in: 'not in',
  not_like: 'not like',
  not_exists: 'not exists',
  not_between: 'not between',
};

export function printPlace(place: Place): string {
  if ('field' in place) return printField(place.field);
  if ('object' in place) return `@${place.object}`;
  if ('tag' in place) return isPlainWord(place.tag) ? `@tag.${place.tag}` : `@tag[${JSON.stringify(place.tag)}]`;
  const hasPosition = place.path.some((step) => typeof step === 'number');
  return place.path
    .map((step, index) => {
      if (typeof step === 'number') return `[${String(step)}]`;
      const isPlain = isPlainWord(step) && !(index === 0 && (!hasPosition || isReserved(step)));
      if (!isPlain) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}

function printField(field: string): string {
  const names = field.split('.');
  if (names.every(isPlainWord) && !isReserved(names[0] ?? '')) return field;
  return `\`${field.replaceAll('`', '``')}\``;
}

function isReserved(word: string): boolean {
  return /^(?:and|or|not)$/i.test(word);
}

function isList(value: QueryValue): value is readonly QueryValue[] {
  return Array.isArray(value);
}

/** By its name: members of JSON stand in any order. */
function memberText(value: QueryValue, name: string): string {
  return typeof value === 'object' && value !== null && !isList(value) ? plainText(value[name]) : '';
}

function plainText(value: QueryValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
