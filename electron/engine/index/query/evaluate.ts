import type { JsonNode } from '../../../../shared/json/node.ts';
import { type Condition, isGroup, type QueryValue, type Rule } from '../../../../shared/query.ts';
import { areEqual, isOrdered } from './compare-values.ts';
import { addressOfField, findValue, type QueriedRecord } from './field-address.ts';
import { likePattern } from './like-pattern.ts';
import { compilePattern } from './pattern/compile-pattern.ts';
import { isList, valueNode } from './value-node.ts';

export type RecordTest = (record: QueriedRecord) => boolean;

/** Asks one condition of one record; to ask it of many, make a `conditionTest`. */
export function evaluateCondition(condition: Condition, record: QueriedRecord): boolean {
  return conditionTest(condition)(record);
}

/** A condition made ready to be asked of decoded records: the meaning that the SQL has, one record at a time. */
export function conditionTest(condition: Condition): RecordTest {
  const address = addressOfField(condition.field);
  const test = valueTest(condition);
  const isForMissing = condition.operator === 'not_exists';
  return (record) => {
    const value = findValue(record, address);
    const isMissing = value === undefined || value.kind === 'null';
    return isMissing || isForMissing ? isMissing && isForMissing : test(value);
  };
}

/** A condition or group; null (no `where`) is true of every record. */
export function ruleTest(rule: Rule | null): RecordTest {
  if (rule === null) return () => true;
  if (!isGroup(rule)) return conditionTest(rule);
  const tests = rule.rules.map(ruleTest);
  const not = rule.not ?? false;
  return rule.combinator === 'and'
    ? (record) => tests.every((test) => test(record)) !== not
    : (record) => tests.some((test) => test(record)) !== not;
}

/** Of values that are there. */
function valueTest(condition: Condition): (value: JsonNode) => boolean {
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
      return (found) => others.some((other) => areEqual(found, other)) === wanted;
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
  }
}

/** By code points: half a surrogate pair is no start of a whole one. */
function startsWith(text: string, start: string): boolean {
  const around = text.slice(Math.max(0, start.length - 1), start.length + 1);
  return text.startsWith(start) && !(start !== '' && /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(around));
}

/** The two bounds of `between`; null for anything else, which no value is between. */
export function boundsOf(value: QueryValue): readonly [QueryValue, QueryValue] | null {
  if (!isList(value) || value.length !== 2) return null;
  const [low = null, high = null] = value;
  return [low, high];
}

/** `parseQuery` lets nothing but a string through for operators on text. */
export function textOf(value: QueryValue): string {
  if (typeof value !== 'string') throw new TypeError('The operator wants a string.');
  return value;
}
