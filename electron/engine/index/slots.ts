/**
 * How one value at one place of a record is kept in typed columns. A place gets a slot number n and the columns
 * `f{n}_kind`, `f{n}_number`, …, each made only when a value first needs it. Names are never made from the data: DuckDB
 * ignores case even in quotes, and a field may be called `"; drop table`.
 */
import type { JsonMember, JsonNode } from '../../../shared/json/node.ts';
import type { DecodedRecord } from '../records/codec.ts';
import { exactNumber } from './query/exact-number.ts';
import { parseDate } from './query/iso-date.ts';
import { orderText } from './query/order-text.ts';

/**
 * Kinds of a value; a record without the value has NULL, so `kind > 1` reads "has a value". Order matters to nobody, the
 * numbers are part of the file format.
 */
export const SLOT_KINDS = {
  null: 1,
  boolean: 2,
  number: 3,
  /** NaN equals nothing, not even itself, while DuckDB's NaN equals NaN: it has a kind and no number. */
  notANumber: 4,
  /** A string that is compared as text. */
  string: 5,
  /** A string that Python's `datetime.fromisoformat` reads (and that holds `T` or `-`), without and with an offset. */
  naiveDate: 6,
  offsetDate: 7,
  /** A string with half a surrogate pair, which UTF-8 cannot hold: its text only sorts like it, conditions read the body. */
  unpairedString: 8,
  list: 9,
  object: 10,
} as const;

export type SlotKind = (typeof SLOT_KINDS)[keyof typeof SLOT_KINDS];

/** DuckDB types of the columns of a slot; `kind` is there from the start. */
export const SLOT_COLUMN_TYPES = {
  kind: 'UTINYINT',
  number: 'DOUBLE',
  integer: 'HUGEINT',
  text: 'VARCHAR',
  instant: 'BIGINT',
} as const;

export type SlotColumn = keyof typeof SLOT_COLUMN_TYPES;

export const SLOT_COLUMNS: readonly SlotColumn[] = ['kind', 'number', 'integer', 'text', 'instant'];

/**
 * One value, ready for the columns of its slot; null where a column has nothing to say.
 *
 * - `number`: booleans as 0 and 1; numbers that a double holds exactly (-0 as 0, infinities as themselves); of integers
 *   that it does not hold, the next double below. So (number, integer, text), nulls first, orders all numbers exactly.
 * - `integer`: an integer that no double holds, within HUGEINT.
 * - `text`: strings as they are; integers beyond HUGEINT as a text that sorts like them; lists and objects as their
 *   order text (order-text.ts), equal exactly where Python finds the values equal, in the order of lists.
 * - `instant`: of dates, microseconds since 1970-01-01T00:00 (UTC where there is an offset, else as written).
 */
export interface ShreddedValue {
  readonly kind: SlotKind;
  readonly number: number | null;
  readonly integer: bigint | null;
  readonly text: string | null;
  readonly instant: bigint | null;
}

/**
 * A place in a record that a query can name. `id` is a slot like any other (`shredString` of the record's id), present in
 * every readable row. Values below `metadata` are what a query sees there: see `visitValues`.
 */
export interface SlotAddress {
  readonly part: 'id' | 'fields' | 'metadata';
  /** Names from the part downwards; empty for `id` only. */
  readonly path: readonly string[];
}

export interface Slot {
  /** n of `f{n}_…`. */
  readonly number: number;
  /** The columns that are there; `kind` always is. */
  readonly columns: ReadonlySet<SlotColumn>;
  /** Kinds that rows may have here; a kind that no row has any more does no harm, a missing one makes answers wrong. */
  readonly kinds: ReadonlySet<SlotKind>;
}

/** What the index knows of a place. `absent`: no record has anything there. `body`: some may, but there is no slot. */
export type SlotAnswer = Slot | 'absent' | 'body';

export interface Slots {
  find(address: SlotAddress): SlotAnswer;
}

/** Columns of the row table that the SQL of queries names beside slots; the id has slot 0, or whatever `find` says. */
export const ROW_COLUMN = 'row_id';
export const KEY_COLUMN = 'key';

export function slotColumn(slot: Slot | number, column: SlotColumn): string {
  return `f${typeof slot === 'number' ? slot : slot.number}_${column}`;
}

/** Deeper values have no slot, whatever the data: walking every level of a body that nests 20,000 deep costs its square. */
export const DEEPEST_SLOT_PATH = 8;

/** With the flag `u` only halves without their other half are surrogates. */
const HALF_PAIRS = /\p{Cs}/gu;

/** Of a value as it stands in a body. Never throws. */
export function shredValue(node: JsonNode): ShreddedValue {
  switch (node.kind) {
    case 'null':
      return shredded(SLOT_KINDS.null, null, null, null, null);
    case 'boolean':
      return shredded(SLOT_KINDS.boolean, node.value ? 1 : 0, null, null, null);
    case 'number':
      return shredNumber(node.text);
    case 'string':
      return shredString(node.value);
    case 'array':
      return shredded(SLOT_KINDS.list, null, null, orderText(node), null);
    case 'object':
      return shredded(SLOT_KINDS.object, null, null, orderText(node), null);
  }
}

/** All of one shape, made of nothing else: a sync makes one a value. */
function shredded(
  kind: SlotKind,
  number: number | null,
  integer: bigint | null,
  text: string | null,
  instant: bigint | null,
): ShreddedValue {
  return { kind, number, integer, text, instant };
}

export function shredString(text: string): ShreddedValue {
  if (!text.isWellFormed()) {
    return shredded(SLOT_KINDS.unpairedString, null, null, text.replace(HALF_PAIRS, standIn), null);
  }
  // The library looks for these two characters before it tries to read a date; `20240105` stays text.
  const date = text.includes('-') || text.includes('T') ? parseDate(text) : null;
  if (date === null) return shredded(SLOT_KINDS.string, null, null, text, null);
  const kind = date.hasOffset ? SLOT_KINDS.offsetDate : SLOT_KINDS.naiveDate;
  return shredded(kind, null, null, text, date.instant);
}

/** U+D7FF is the last character before surrogates, U+10FFFF the last of all: together they stand where the half does. */
function standIn(half: string): string {
  return `\uD7FF\u{10FFFF}${half.charCodeAt(0).toString(16)}`;
}

function shredNumber(written: string): ShreddedValue {
  const { number, integer, text } = exactNumber(written);
  if (Number.isNaN(number)) return shredded(SLOT_KINDS.notANumber, null, null, null, null);
  return shredded(SLOT_KINDS.number, number, integer, text, null);
}

/**
 * Calls `visit` for every value of a record that a query can name, but the id: fields and what objects hold (never what
 * lists hold), objects and lists themselves included, to `DEEPEST_SLOT_PATH` names. In a record with a field called
 * `metadata`, `metadata.x` means x inside that field and hides the record's own metadata (as in dataknobs): the visits
 * of part `metadata` say so already. Of a name that occurs twice in an object the last one is visited.
 */
export function visitValues(
  record: Pick<DecodedRecord, 'fields' | 'metadata'>,
  visit: (address: SlotAddress, node: JsonNode) => void,
): void {
  for (const { name, value } of record.fields) visitBelow('fields', [name], value, visit);
  const hiding = record.fields.find((field) => field.name === 'metadata');
  if (hiding === undefined) {
    for (const { name, value } of record.metadata) visitBelow('metadata', [name], value, visit);
  } else if (hiding.value.kind === 'object') {
    for (const { name, value } of lastMembers(hiding.value.members)) visitBelow('metadata', [name], value, visit);
  }
}

/** Recursion is bounded by `DEEPEST_SLOT_PATH`. */
function visitBelow(
  part: 'fields' | 'metadata',
  path: readonly string[],
  node: JsonNode,
  visit: (address: SlotAddress, node: JsonNode) => void,
): void {
  visit({ part, path }, node);
  if (node.kind !== 'object' || path.length >= DEEPEST_SLOT_PATH) return;
  for (const { name, value } of lastMembers(node.members)) visitBelow(part, [...path, name], value, visit);
}

/** Members with duplicate names resolved, in the order of first appearance. */
export function lastMembers(members: readonly JsonMember[]): Iterable<JsonMember> {
  if (members.length < 2) return members;
  const byName = new Map<string, JsonMember>();
  for (const member of members) byName.set(member.name, member);
  return byName.size === members.length ? members : byName.values();
}
