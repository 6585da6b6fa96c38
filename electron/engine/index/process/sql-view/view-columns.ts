import type { FieldKind } from '../../../../../shared/page.ts';
import type { SqlColumn } from '../../../../../shared/sql.ts';
import { SLOT_KINDS, type SlotKind, slotColumn } from '../../slots.ts';
import { quoted } from '../../sql/quoted.ts';
import type { FieldEntry } from '../field-profile.ts';
import type { IndexStore } from '../index-store.ts';
import { listColumns } from '../list-fields.ts';
import { FORM_NUMBERS } from '../row-chunks.ts';
import { ID_SLOT } from '../slot-table.ts';
import { lowerCase } from './check-statement.ts';

/** A column of the view: what people call it, and its SQL over `records` as r and `objects` as o. */
export interface ViewColumn extends SqlColumn {
  readonly expression: string;
  readonly kind: FieldKind;
}

/** What a look at the values says of a slot whose kinds alone do not tell its type. */
export interface SlotFacts {
  /** All numbers are integers within HUGEINT. */
  readonly whole: boolean;
  /** All dates are days without a time. */
  readonly days: boolean;
}

const ID = fact('id', 'VARCHAR', 'string', `r.${slotColumn(ID_SLOT, 'text')}`);
/** Of an index without a record, whose columns are made when they are first needed. */
const NO_ID = fact('id', 'VARCHAR', 'string', 'NULL::VARCHAR');
const FACTS: readonly ViewColumn[] = [
  fact('key', 'VARCHAR', 'string', 'o.key'),
  fact('size', 'BIGINT', 'number', 'o.size'),
  fact('etag', 'VARCHAR', 'string', `trim(o.etag, '"')`),
  fact('last_modified', 'TIMESTAMP', 'date', 'make_timestamp(o.last_modified * 1000)'),
  fact('storage_class', 'VARCHAR', 'string', 'o.storage_class'),
];
const BODY = fact('body', 'VARCHAR', 'object', 'o.body');

function fact(name: string, type: string, kind: FieldKind, expression: string): ViewColumn {
  return { name, type, field: null, kind, expression };
}

/** Facts of the object, then the top-level fields, then the whole text. */
export function viewColumns(store: IndexStore, facts: ReadonlyMap<number, SlotFacts>): readonly ViewColumn[] {
  const objectFacts = [store.slots.id.columns.has('text') ? ID : NO_ID, ...FACTS];
  const taken = new Set([...objectFacts, BODY].map(({ name }) => name));
  const entries = new Map(store.slots.profile.topLevel('fields').map((entry) => [entry.path[0] ?? '', entry]));
  const fields = listColumns(store.slots.profile, store.state.records, []).flatMap(({ name, kind }): ViewColumn[] => {
    const entry = entries.get(name);
    if (entry === undefined) return [];
    const column = freeName(name, taken);
    return [{ name: column, field: name, kind, ...typed(entry, store.settings.codec === 'dataknobs', facts) }];
  });
  return [...objectFacts, ...fields, BODY];
}

/** DuckDB's identifiers ignore case even in quotes, are not empty and hold no NUL. */
function freeName(field: string, taken: Set<string>): string {
  const wanted = field === '' ? '_' : field.replaceAll('\0', '\uFFFD');
  let name = wanted;
  for (let number = 2; taken.has(lowerCase(name)); number += 1) name = `${wanted}_${String(number)}`;
  taken.add(lowerCase(name));
  return name;
}

/** Slots whose numbers or dates have to be looked at. */
export function slotsInQuestion(store: IndexStore): readonly FieldEntry[] {
  return store.slots.profile.topLevel('fields').filter((entry) => {
    const kinds = kindsOf(entry);
    return entry.slot !== null && (isOnly(kinds, [SLOT_KINDS.number]) || isOfDates(kinds));
  });
}

export function slotFactsSql(entry: FieldEntry): string {
  const n = entry.slot ?? 0;
  const text = entry.columns.has('text') ? slotColumn(n, 'text') : 'NULL';
  if (isOfDates(kindsOf(entry))) return `FALSE, coalesce(bool_and(length(${text}) = 10), FALSE)`;
  const number = slotColumn(n, 'number');
  const isWhole = `${number} = trunc(${number}) AND abs(${number}) < 1e38 AND ${text} IS NULL`;
  return `coalesce(bool_and(${isWhole}) FILTER (${slotColumn(n, 'kind')} = ${String(SLOT_KINDS.number)}), FALSE), FALSE`;
}

function typed(
  entry: FieldEntry,
  isDataknobs: boolean,
  facts: ReadonlyMap<number, SlotFacts>,
): Pick<ViewColumn, 'type' | 'expression'> {
  const kinds = kindsOf(entry);
  if (kinds.length === 0) return { type: 'VARCHAR', expression: 'NULL::VARCHAR' };
  if (entry.slot !== null) {
    const n = entry.slot;
    const column = (name: 'kind' | 'number' | 'integer' | 'text' | 'instant'): string => `r.${slotColumn(n, name)}`;
    const found = facts.get(n);
    if (isOnly(kinds, [SLOT_KINDS.boolean])) {
      return { type: 'BOOLEAN', expression: `(${column('number')} = 1)` };
    }
    if (isOnly(kinds, [SLOT_KINDS.number, SLOT_KINDS.notANumber])) {
      return typedNumber(entry, found?.whole === true, column);
    }
    if (isOfDates(kinds)) {
      const instant = `make_timestamp(${column('instant')})`;
      return found?.days === true
        ? { type: 'DATE', expression: `${instant}::DATE` }
        : { type: 'TIMESTAMP', expression: instant };
    }
    if (isOnly(kinds, [SLOT_KINDS.string, SLOT_KINDS.naiveDate, SLOT_KINDS.offsetDate])) {
      return { type: 'VARCHAR', expression: column('text') };
    }
  }
  return isOnly(kinds, [SLOT_KINDS.list, SLOT_KINDS.object])
    ? { type: 'JSON', expression: `nullif(${inBody('json_extract', entry.path, isDataknobs)}, 'null'::JSON)` }
    : { type: 'VARCHAR', expression: inBody('json_extract_string', entry.path, isDataknobs) };
}

function typedNumber(
  entry: FieldEntry,
  whole: boolean,
  column: (name: 'number' | 'integer' | 'kind') => string,
): Pick<ViewColumn, 'type' | 'expression'> {
  const number = column('number');
  const integer = entry.columns.has('integer') ? column('integer') : null;
  if (whole) {
    return integer === null
      ? // A double that is an integer and has no column of integers is below 2^53, or a round number that HUGEINT holds too.
        { type: 'HUGEINT', expression: `${number}::HUGEINT` }
      : { type: 'HUGEINT', expression: `coalesce(${integer}, ${number}::HUGEINT)` };
  }
  const exact = integer === null ? number : `coalesce(${integer}::DOUBLE, ${number})`;
  const expression =
    (entry.counts[SLOT_KINDS.notANumber] ?? 0) === 0
      ? exact
      : `CASE ${column('kind')} WHEN ${String(SLOT_KINDS.notANumber)} THEN 'NaN'::DOUBLE ELSE ${exact} END`;
  return { type: 'DOUBLE', expression };
}

/**
 * What has no typed column, or values of many kinds, out of the text: with `json_extract` as JSON, with
 * `json_extract_string` strings as themselves and all else as JSON text. TRY, because DuckDB reads less than our reader does.
 */
function inBody(extract: string, path: readonly string[], isDataknobs: boolean): string {
  const at = (...names: readonly string[]): string => `TRY(${extract}(o.body, ${quoted(pointer(names))}))`;
  const [name = ''] = path;
  if (!isDataknobs) return at(name);
  // A field of dataknobs is an object with a value, or the value itself.
  return `CASE o.form
    WHEN ${String(FORM_NUMBERS['dataknobs-2'])} THEN
      CASE WHEN coalesce(TRY(json_exists(o.body, ${quoted(pointer(['fields', name, 'value']))})), FALSE)
      THEN ${at('fields', name, 'value')} ELSE ${at('fields', name)} END
    WHEN ${String(FORM_NUMBERS['dataknobs-1'])} THEN ${at('data', name)}
    ELSE ${at(name)} END`;
}

function pointer(names: readonly string[]): string {
  return names.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Kinds that values have, null left out: it is SQL's NULL. */
function kindsOf({ counts }: FieldEntry): readonly SlotKind[] {
  return Object.values(SLOT_KINDS).filter((kind) => kind !== SLOT_KINDS.null && (counts[kind] ?? 0) > 0);
}

function isOnly(kinds: readonly SlotKind[], allowed: readonly SlotKind[]): boolean {
  return kinds.length > 0 && kinds.every((kind) => allowed.includes(kind));
}

/** With and without an offset cannot be compared, so a field that has both is text. */
function isOfDates(kinds: readonly SlotKind[]): boolean {
  return isOnly(kinds, [SLOT_KINDS.naiveDate]) || isOnly(kinds, [SLOT_KINDS.offsetDate]);
}
