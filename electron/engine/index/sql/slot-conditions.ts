import { listValue } from '@duckdb/node-api';
import type { JsonNode } from '../../../../shared/json/node.ts';
import type { QueryValue, ValueTypeName } from '../../../../shared/query.ts';
import type { Ordering } from '../query/compare-values.ts';
import { type ExactNumber, exactNumberOf } from '../query/exact-number.ts';
import { parseDate } from '../query/iso-date.ts';
import { orderText } from '../query/order-text.ts';
import type { Re2Test } from '../query/pattern/to-re2.ts';
import type { Instants } from '../query/time-span.ts';
import { holdsNaN, valueNode } from '../query/value-node.ts';
import { SLOT_KINDS, type Slot, type SlotColumn, type SlotKind, slotColumn } from '../slots.ts';
import { allOf, anyOf, bound, FALSE, joined, raw, type Sql, sql } from './sql-text.ts';

/*
 * Conditions on one slot. Each is TRUE for exactly the rows that it means, and FALSE or NULL for all others, so that a
 * negation is `IS NOT TRUE` and never `NOT`.
 */

const STRING_KINDS: readonly SlotKind[] = [SLOT_KINDS.string, SLOT_KINDS.naiveDate, SLOT_KINDS.offsetDate];

export function column(slot: Slot, name: SlotColumn): Sql {
  return raw(slotColumn(slot, name));
}

export function hasValue(slot: Slot): Sql {
  return sql`${column(slot, 'kind')} > ${raw(String(SLOT_KINDS.null))}`;
}

/** Of one of the kinds; FALSE where the slot has none of them. */
export function hasKind(slot: Slot, kinds: readonly SlotKind[]): Sql {
  const present = kinds.filter((kind) => slot.kinds.has(kind));
  if (present.length === 0) return FALSE;
  const kind = column(slot, 'kind');
  return present.length === 1
    ? sql`${kind} = ${raw(String(present[0]))}`
    : sql`${kind} IN (${raw(present.join(', '))})`;
}

/** `condition` on the slot's text, for rows of these kinds. */
function onText(slot: Slot, kinds: readonly SlotKind[], condition: Sql): Sql {
  const kind = hasKind(slot, kinds);
  if (kind === FALSE || !slot.columns.has('text')) return FALSE;
  const others = [...slot.kinds].filter((other) => !kinds.includes(other) && other !== SLOT_KINDS.null);
  return others.length === 0 ? condition : allOf([kind, condition]);
}

/** Python's `==` with a value of the query; no strings with half a surrogate pair on either side. */
export function equals(slot: Slot, value: QueryValue): Sql {
  if (value === null) return FALSE;
  if (typeof value === 'string') return onText(slot, STRING_KINDS, sql`${column(slot, 'text')} = ${bound(value)}`);
  if (typeof value === 'boolean') return numberEquals(slot, exactNumberOf(Number(value)));
  if (typeof value === 'number' || typeof value === 'bigint') return numberEquals(slot, exactNumberOf(value));
  const node = valueNode(value);
  if (holdsNaN(node)) return FALSE;
  const kind = node.kind === 'array' ? SLOT_KINDS.list : SLOT_KINDS.object;
  return onText(slot, [kind], sql`${column(slot, 'text')} = ${bound(orderText(node))}`);
}

/** Equal to one of them; many plain values are one `IN`. */
export function equalsOne(slot: Slot, values: readonly QueryValue[]): Sql {
  const texts: string[] = [];
  const doubles: number[] = [];
  const others: Sql[] = [];
  for (const value of values) {
    if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'boolean') doubles.push(value ? 1 : 0);
    else if (typeof value === 'number' && !Number.isNaN(value)) doubles.push(value + 0);
    else others.push(equals(slot, value));
  }
  if (texts.length > 0) others.push(onText(slot, STRING_KINDS, sql`${column(slot, 'text')} IN (${list(texts)})`));
  if (doubles.length > 0 && slot.columns.has('number')) {
    const isOne = sql`${column(slot, 'number')} IN (${list(doubles)})`;
    others.push(allOf([isOne, ...isDouble(slot)]));
  }
  return anyOf(others);
}

/** More values than these are one parameter: DuckDB takes seconds to plan a hundred thousand. */
const MOST_PARAMETERS = 100;

function list(values: readonly string[] | readonly number[]): Sql {
  if (values.length > MOST_PARAMETERS) return sql`SELECT unnest(${bound(listValue([...values]))})`;
  return joined(values.map(bound), ', ');
}

/** Where the row's number is a double itself, not an integer between two of them. */
function isDouble(slot: Slot): Sql[] {
  return tails(slot).map((tail) => sql`${tail} IS NULL`);
}

/** Columns that hold what a double cannot; where a number is, a text is that of an integer beyond HUGEINT. */
function tails(slot: Slot): Sql[] {
  const names: readonly SlotColumn[] = ['integer', 'text'];
  const present = names.filter((name) => slot.columns.has(name));
  return slot.columns.has('number') ? present.map((name) => column(slot, name)) : [];
}

function numberEquals(slot: Slot, value: ExactNumber): Sql {
  if (Number.isNaN(value.number) || !slot.columns.has('number')) return FALSE;
  const isSame = sql`${column(slot, 'number')} = ${bound(value.number)}`;
  const tail = tailOf(slot, value);
  if (tail === null) return allOf([isSame, ...isDouble(slot)]);
  return tail.column === null ? FALSE : allOf([isSame, sql`${tail.column} = ${bound(tail.value)}`]);
}

/** What of the value its double does not say, and where rows keep theirs; null where nothing is left to say. */
function tailOf(slot: Slot, { integer, text }: ExactNumber): { column: Sql | null; value: bigint | string } | null {
  if (integer !== null) return { column: slot.columns.has('integer') ? column(slot, 'integer') : null, value: integer };
  if (text !== null) return { column: slot.columns.has('text') ? column(slot, 'text') : null, value: text };
  return null;
}

/** dataknobs' `>` and its like with anything but a list (see compare-values.ts). */
export function isOrdered(slot: Slot, ordering: Ordering, value: QueryValue): Sql {
  if (value === null || typeof value === 'object') return FALSE;
  if (typeof value === 'string') return textIsOrdered(slot, ordering, value);
  return numberIsOrdered(slot, ordering, exactNumberOf(typeof value === 'boolean' ? Number(value) : value));
}

function textIsOrdered(slot: Slot, ordering: Ordering, value: string): Sql {
  const asText = onText(slot, [SLOT_KINDS.string], sql`${column(slot, 'text')} ${raw(ordering)} ${bound(value)}`);
  const date = parseDate(value);
  if (date === null || !slot.columns.has('instant')) return asText;
  const kind = hasKind(slot, [date.hasOffset ? SLOT_KINDS.offsetDate : SLOT_KINDS.naiveDate]);
  const isOrderedDate = sql`${column(slot, 'instant')} ${raw(ordering)} ${bound(date.instant)}::BIGINT`;
  return anyOf([asText, allOf([kind, isOrderedDate])]);
}

function numberIsOrdered(slot: Slot, ordering: Ordering, value: ExactNumber): Sql {
  if (Number.isNaN(value.number) || !slot.columns.has('number')) return FALSE;
  const number = column(slot, 'number');
  const limit = bound(value.number);
  const above = tails(slot);
  const tail = tailOf(slot, value);
  if (tail === null) {
    // A row's double is the value or below it: rows above this one have a greater double, or the same and a rest.
    if (ordering === '>=' || ordering === '<' || above.length === 0) return sql`${number} ${raw(ordering)} ${limit}`;
    const hasRest = anyOf(above.map((rest) => sql`${rest} IS NOT NULL`));
    return ordering === '>'
      ? anyOf([sql`${number} > ${limit}`, allOf([sql`${number} = ${limit}`, hasRest])])
      : anyOf([sql`${number} < ${limit}`, allOf([sql`${number} = ${limit}`, ...isDouble(slot)])]);
  }
  const isAbove = ordering === '>' || ordering === '>=';
  const outside = sql`${number} ${raw(isAbove ? '>' : '<')} ${limit}`;
  const rest = tail.column;
  if (rest === null) return isAbove ? outside : anyOf([outside, sql`${number} = ${limit}`]);
  const inside = sql`${rest} ${raw(ordering)} ${bound(tail.value)}`;
  // A row without a rest is the double itself, and that is below the value.
  return anyOf([outside, allOf([sql`${number} = ${limit}`, isAbove ? inside : anyOf([sql`${rest} IS NULL`, inside])])]);
}

/** True of strings for which the test of their text is. */
export function onString(slot: Slot, test: (text: Sql) => Sql): Sql {
  return onText(slot, STRING_KINDS, test(column(slot, 'text')));
}

export function isString(slot: Slot): Sql {
  return hasKind(slot, STRING_KINDS);
}

/** Of the strings that are dates, with an offset or without one. */
export function isWithin(slot: Slot, { first, last }: Instants): Sql {
  const kind = hasKind(slot, [SLOT_KINDS.naiveDate, SLOT_KINDS.offsetDate]);
  if (kind === FALSE || !slot.columns.has('instant')) return FALSE;
  const instant = column(slot, 'instant');
  return allOf([kind, sql`${instant} BETWEEN ${bound(first)}::BIGINT AND ${bound(last)}::BIGINT`]);
}

/** `""`, `[]`, `{}`. */
export function isEmpty(slot: Slot): Sql {
  return anyOf(['', [], {}].map((value) => equals(slot, value)));
}

const TYPE_KINDS: Readonly<Record<ValueTypeName, readonly SlotKind[]>> = {
  string: [...STRING_KINDS, SLOT_KINDS.unpairedString],
  number: [SLOT_KINDS.number, SLOT_KINDS.notANumber],
  boolean: [SLOT_KINDS.boolean],
  list: [SLOT_KINDS.list],
  object: [SLOT_KINDS.object],
  null: [SLOT_KINDS.null],
};

export function isOfType(slot: Slot, type: ValueTypeName): Sql {
  return hasKind(slot, TYPE_KINDS[type]);
}

export function isLike(slot: Slot, pattern: string, re2: Re2Test | 'ilike'): Sql {
  if (re2 !== 'ilike') return matchesPattern(slot, re2);
  return onText(slot, STRING_KINDS, sql`${column(slot, 'text')} ILIKE ${bound(pattern)}`);
}

export function matchesPattern(slot: Slot, test: Re2Test): Sql {
  return onText(slot, STRING_KINDS, patternTest(column(slot, 'text'), test));
}

function patternTest(text: Sql, test: Re2Test): Sql {
  switch (test.kind) {
    case 'all':
      return allOf(test.tests.map((one) => patternTest(text, one)));
    case 'not':
      // The text is there: `onText` asks for the kind, or no row without one has a text.
      return sql`NOT ${patternTest(text, test.test)}`;
    case 'matches': {
      const matches = sql`regexp_matches(${text}, ${bound(test.pattern)})`;
      return test.literal === null ? matches : allOf([sql`contains(${text}, ${bound(test.literal)})`, matches]);
    }
  }
}

/** Whether the value holds a string with half a surrogate pair at its top: then no column can answer for it. */
export function isUnpairedText(value: JsonNode): boolean {
  return value.kind === 'string' && /\p{Cs}/u.test(value.value);
}
