import type { JsonNode } from '../../../../shared/json/node.ts';
import {
  appliedRule,
  type Condition,
  isAny,
  isGroup,
  LENGTH_OPERATORS,
  type LengthOperator,
  type PlaceCondition,
  type QueryValue,
  type Rule,
  VALUE_TYPES,
  type ValueTypeName,
} from '../../../../shared/query.ts';
import { areEqual, isOrdered } from './compare-values.ts';
import { parseDate } from './iso-date.ts';
import { likePattern } from './like-pattern.ts';
import { compilePattern } from './pattern/compile-pattern.ts';
import { addressOf, findValue, isOutside, type QueriedRecord } from './place.ts';
import { instantsOf, timeSpanOf } from './time-span.ts';
import { isList, valueNode } from './value-node.ts';
import { wordTest } from './word-test.ts';

export type RecordTest = (record: QueriedRecord) => boolean;

/** Asks one condition of one record; to ask it of many, make a `conditionTest`. */
export function evaluateCondition(condition: Condition, record: QueriedRecord): boolean {
  return conditionTest(condition, Date.now())(record);
}

/**
 * A condition made ready to be asked of decoded records: the meaning that the SQL has, one record at a time. Facts of the
 * object and tags are no part of a decoded record: only SQL answers for them.
 * @param now milliseconds since 1970, when the query began
 */
export function conditionTest(condition: Condition, now: number): RecordTest {
  if (isAny(condition)) return wordTest(condition.any);
  const address = addressOf(condition);
  if (isOutside(address)) throw new TypeError('A decoded record holds neither facts of its object nor tags.');
  if (condition.operator === 'type_is' && condition.value === 'null') {
    return (record) => findValue(record, address)?.kind === 'null';
  }
  const test = valueTest(condition, now);
  const isForMissing = condition.operator === 'not_exists';
  return (record) => {
    const value = findValue(record, address);
    const isMissing = value === undefined || value.kind === 'null';
    return isMissing || isForMissing ? isMissing && isForMissing : test(value);
  };
}

/** A condition or group without what is off; null (no `where`) is true of every record. */
export function ruleTest(rule: Rule | null, now = Date.now()): RecordTest {
  const applied = rule === null ? null : appliedRule(rule);
  return applied === null ? () => true : appliedTest(applied, now);
}

function appliedTest(rule: Rule, now: number): RecordTest {
  if (!isGroup(rule)) return conditionTest(rule, now);
  const tests = rule.rules.map((inner) => appliedTest(inner, now));
  const not = rule.not ?? false;
  return rule.combinator === 'and'
    ? (record) => tests.every((test) => test(record)) !== not
    : (record) => tests.some((test) => test(record)) !== not;
}

/** Of values that are there. */
function valueTest(condition: PlaceCondition, now: number): (value: JsonNode) => boolean {
  const { operator, value = null } = condition;
  switch (operator) {
    case 'exists':
      return () => true;
    case 'not_exists':
      return () => false;
    case '=':
    case '!=': {
      const other = valueNode(value);
      const wanted = operator === '=';
      return (found) => areEqual(found, other) === wanted;
    }
    case '>':
    case '>=':
    case '<':
    case '<=': {
      const other = valueNode(value);
      return (found) => isOrdered(found, operator, other);
    }
    case 'in':
    case 'not_in': {
      const others = (isList(value) ? value : []).map(valueNode);
      const wanted = operator === 'in';
      return (found) => isOneOf(found, others) === wanted;
    }
    case 'between':
    case 'not_between': {
      const bounds = boundsOf(value);
      const wanted = operator === 'between';
      if (bounds === null) return () => !wanted;
      const low = valueNode(bounds[0]);
      const high = valueNode(bounds[1]);
      return (found) => (isOrdered(found, '>=', low) && isOrdered(found, '<=', high)) === wanted;
    }
    case 'like':
    case 'not_like': {
      const pattern = likePattern(textOf(value));
      const wanted = operator === 'like';
      return (found) => found.kind === 'string' && pattern.test(found.value) === wanted;
    }
    case 'regex': {
      const { script } = compilePattern(textOf(value));
      return (found) => found.kind === 'string' && script.test(found.value);
    }
    case 'starts_with': {
      const start = textOf(value);
      return (found) => found.kind === 'string' && startsWith(found.value, start);
    }
    case 'contains': {
      const part = textOf(value);
      return (found) => found.kind === 'string' && hasPart(found.value, part);
    }
    case 'ends_with': {
      const end = textOf(value);
      return (found) => found.kind === 'string' && endsWith(found.value, end);
    }
    case 'is_empty':
      return (found) => sizeOf(found) === 0;
    case 'any_of':
    case 'all_of': {
      const wanted = (isList(value) ? value : []).map(valueNode);
      return operator === 'any_of'
        ? (found) => found.kind === 'array' && wanted.some((one) => isOneOf(one, found.items))
        : (found) => found.kind === 'array' && wanted.every((one) => isOneOf(one, found.items));
    }
    case 'length': {
      const { operator: comparison, value: length } = lengthOf(value);
      return (found) => {
        const size = sizeOf(found);
        return size !== null && holdsOfLength(size, comparison, length);
      };
    }
    case 'within_last': {
      const span = timeSpanOf(value);
      if (span === null) return () => false;
      const { first, last } = instantsOf(span, now);
      return (found) => {
        const date = found.kind === 'string' && /[-T]/.test(found.value) ? parseDate(found.value) : null;
        return date !== null && date.instant >= first && date.instant <= last;
      };
    }
    case 'type_is': {
      const kind = KINDS[typeNameOf(value)];
      return (found) => found.kind === kind;
    }
  }
}

function isOneOf(value: JsonNode, items: readonly JsonNode[]): boolean {
  return items.some((item) => areEqual(item, value));
}

const KINDS: Readonly<Record<ValueTypeName, JsonNode['kind']>> = {
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  list: 'array',
  object: 'object',
  null: 'null',
};

/** Code points of a string, items of a list, different names of an object; null for anything else. */
function sizeOf(value: JsonNode): number | null {
  switch (value.kind) {
    case 'string':
      return codePoints(value.value);
    case 'array':
      return value.items.length;
    case 'object':
      return new Set(value.members.map(({ name }) => name)).size;
    case 'null':
    case 'boolean':
    case 'number':
      return null;
  }
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function holdsOfLength(size: number, operator: LengthOperator, length: number): boolean {
  switch (operator) {
    case '=':
      return size === length;
    case '!=':
      return size !== length;
    case '>':
      return size > length;
    case '>=':
      return size >= length;
    case '<':
      return size < length;
    case '<=':
      return size <= length;
  }
}

/** By code points, like `startsWith`. */
function endsWith(text: string, end: string): boolean {
  return text.endsWith(end) && !splitsPair(text, text.length - end.length);
}

/** By code points: half a surrogate pair is no part of a whole one. */
function hasPart(text: string, part: string): boolean {
  if (part === '') return true;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) {
    if (!splitsPair(text, at) && !splitsPair(text, at + part.length)) return true;
  }
  return false;
}

function splitsPair(text: string, at: number): boolean {
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(Math.max(0, at - 1), at + 1));
}

/** By code points: half a surrogate pair is no start of a whole one. */
function startsWith(text: string, start: string): boolean {
  return text.startsWith(start) && !(start !== '' && splitsPair(text, start.length));
}

/** The two bounds of `between`; null for anything else, which no value is between. */
export function boundsOf(value: QueryValue): readonly [QueryValue, QueryValue] | null {
  if (!isList(value) || value.length !== 2) return null;
  const [low = null, high = null] = value;
  return [low, high];
}

/** `parseQuery` lets no other value through for `length` and `type_is`. */
export function lengthOf(value: QueryValue): { readonly operator: LengthOperator; readonly value: number } {
  const found = value !== null && typeof value === 'object' && !isList(value) ? value : {};
  const operator = LENGTH_OPERATORS.find((known) => known === found['operator']);
  if (operator === undefined || typeof found['value'] !== 'number') throw new TypeError('length wants a comparison.');
  return { operator, value: found['value'] };
}

export function typeNameOf(value: QueryValue): ValueTypeName {
  const name = VALUE_TYPES.find((known) => known === value);
  if (name === undefined) throw new TypeError('type_is wants the name of a type.');
  return name;
}

/** `parseQuery` lets nothing but a string through for operators on text. */
export function textOf(value: QueryValue): string {
  if (typeof value !== 'string') throw new TypeError('The operator wants a string.');
  return value;
}
