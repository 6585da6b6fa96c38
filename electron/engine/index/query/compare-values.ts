import type { JsonNode } from '../../../../shared/json/node.ts';
import { compareNumbers, exactNumber, type ExactNumber } from './exact-number.ts';
import { parseDate } from './iso-date.ts';
import { orderText } from './order-text.ts';
import { holdsNaN } from './value-node.ts';

export type Ordering = '>' | '>=' | '<' | '<=';

/** Python's `==`: 1 = 1.0 = true, lists and objects by their values, NaN equals nothing. */
export function areEqual(left: JsonNode, right: JsonNode): boolean {
  const leftNumber = numberOf(left);
  const rightNumber = numberOf(right);
  if (leftNumber !== null && rightNumber !== null) return compareNumbers(leftNumber, rightNumber) === 0;
  if (left.kind !== right.kind) return false;
  if (left.kind === 'string' && right.kind === 'string') return left.value === right.value;
  return !holdsNaN(left) && orderText(left) === orderText(right);
}

/**
 * dataknobs' comparison of a record's value with a query's: numbers and booleans exactly, strings as dates where the
 * record's reads as one (false where the other does not, or where only one has an offset), else by code point, lists
 * element by element. Everything else is false.
 */
export function isOrdered(value: JsonNode, ordering: Ordering, other: JsonNode): boolean {
  if (value.kind === 'string' && other.kind === 'string' && (value.value.includes('T') || value.value.includes('-'))) {
    const date = parseDate(value.value);
    if (date !== null) {
      const otherDate = parseDate(other.value);
      if (otherDate === null || otherDate.hasOffset !== date.hasOffset) return false;
      return holds(ordering, date.instant < otherDate.instant ? -1 : date.instant > otherDate.instant ? 1 : 0);
    }
  }
  return isOrderedPlainly(value, ordering, other);
}

/** Python's own `>` and its like: no dates, as inside of lists. */
function isOrderedPlainly(value: JsonNode, ordering: Ordering, other: JsonNode): boolean {
  const number = numberOf(value);
  const otherNumber = numberOf(other);
  if (number !== null && otherNumber !== null) return holds(ordering, compareNumbers(number, otherNumber));
  if (value.kind === 'string' && other.kind === 'string')
    return holds(ordering, compareTexts(value.value, other.value));
  if (value.kind !== 'array' || other.kind !== 'array') return false;
  // The depth of the recursion is that of the query's value, which is bounded.
  for (const [index, item] of value.items.entries()) {
    const otherItem = other.items[index];
    if (otherItem === undefined) break;
    if (!areEqual(item, otherItem)) return isOrderedPlainly(item, ordering, otherItem);
  }
  return holds(ordering, value.items.length - other.items.length);
}

function holds(ordering: Ordering, comparison: number): boolean {
  switch (ordering) {
    case '>':
      return comparison > 0;
    case '>=':
      return comparison >= 0;
    case '<':
      return comparison < 0;
    case '<=':
      return comparison <= 0;
  }
}

function numberOf(node: JsonNode): ExactNumber | null {
  if (node.kind === 'number') return exactNumber(node.text);
  return node.kind === 'boolean' ? { number: node.value ? 1 : 0, integer: null, text: null } : null;
}

/** By code point: below zero, zero or above. JavaScript's own `<` goes by UTF-16 units, which differs past U+FFFF. */
export function compareTexts(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  let index = 0;
  while (index < length && left.charCodeAt(index) === right.charCodeAt(index)) index++;
  if (index === length) return left.length - right.length;
  return codePointAround(left, index) - codePointAround(right, index);
}

/** The code point that the unit belongs to. */
function codePointAround(text: string, index: number): number {
  const unit = text.charCodeAt(index);
  const isSecondHalf = unit >= 0xdc00 && unit <= 0xdfff && index > 0;
  const whole = isSecondHalf ? (text.codePointAt(index - 1) ?? 0) : 0;
  return whole > 0xffff ? whole : (text.codePointAt(index) ?? 0);
}
