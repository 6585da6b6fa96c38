import type { FieldKind } from '../../../../shared/page.ts';
import { SLOT_KINDS, type SlotKind, slotColumn } from '../slots.ts';
import type { FieldEntry } from './field-profile.ts';
import { mainKind } from './list-fields.ts';
import type { SlotTable } from './slot-table.ts';

/** What figures of a field are made of. */
export interface ProfiledField {
  readonly path: readonly string[];
  /** The path as one text. */
  readonly name: string;
  /** Null where its values have no columns of their own. */
  readonly slot: number | null;
  /** Of most values. */
  readonly kind: FieldKind;
  /** Of most dates. */
  readonly dateKind: SlotKind;
  /** No other values are in the column that it is drawn by: a scan need not tell them apart. */
  readonly pure: boolean;
  /** Records of the collection by the kind of their value. */
  readonly kinds: ReadonlyMap<SlotKind, number>;
}

/** `path` is that of a `FieldSummary`: a record's own metadata is below `metadata`, where no field has that name. */
export function findProfiledField({ profile }: SlotTable, path: readonly string[]): ProfiledField {
  const found = profile.find('fields', path);
  const entry =
    found === 'absent' && path[0] === 'metadata' && path.length > 1 ? profile.find('metadata', path.slice(1)) : found;
  const name = JSON.stringify(path);
  if (typeof entry === 'string' || entry.slot === null || !entry.columns.has('kind')) {
    const kinds = new Map<SlotKind, number>();
    return { path, name, slot: null, kind: 'null', dateKind: SLOT_KINDS.naiveDate, pure: true, kinds };
  }
  const kind = mainKind(entry);
  const kinds = new Map(Object.values(SLOT_KINDS).map((each) => [each, entry.counts[each] ?? 0]));
  return { path, name, slot: entry.slot, kind, dateKind: dateKindOf(entry), pure: isPure(entry, kind), kinds };
}

function dateKindOf({ counts }: FieldEntry): SlotKind {
  const { naiveDate, offsetDate } = SLOT_KINDS;
  return (counts[offsetDate] ?? 0) > (counts[naiveDate] ?? 0) ? offsetDate : naiveDate;
}

function isPure({ counts }: FieldEntry, kind: FieldKind): boolean {
  const has = (each: SlotKind): boolean => (counts[each] ?? 0) > 0;
  const { boolean, number, naiveDate, offsetDate, unpairedString, list, object } = SLOT_KINDS;
  // Of numbers only those beyond HUGEINT have a text.
  if (kind === 'string') return ![number, unpairedString, list, object].some(has);
  const sharing = kind === 'date' ? [naiveDate, offsetDate] : [boolean, number];
  return sharing.filter(has).length === 1;
}

/** Name of the column that holds what a field is drawn by; null of what is not drawn. */
export function drawnColumn({ slot, kind }: ProfiledField): string | null {
  if (slot === null) return null;
  switch (kind) {
    case 'number':
    case 'boolean':
      return slotColumn(slot, 'number');
    case 'date':
      return slotColumn(slot, 'instant');
    case 'string':
      return slotColumn(slot, 'text');
    case 'list':
    case 'object':
    case 'null':
      return null;
  }
}

/** SQL that is true of the rows whose value is drawn; null where every value of the column is. */
export function isDrawn({ slot, kind, dateKind, pure }: ProfiledField): string | null {
  const column = slotColumn(slot ?? 0, 'kind');
  switch (kind) {
    case 'number':
      return pure ? null : `${column} = ${String(SLOT_KINDS.number)} AND isfinite(${slotColumn(slot ?? 0, 'number')})`;
    case 'boolean':
      return pure ? null : `${column} = ${String(SLOT_KINDS.boolean)}`;
    case 'date':
      return pure ? null : `${column} = ${String(dateKind)}`;
    case 'string': {
      const { string, naiveDate, offsetDate } = SLOT_KINDS;
      const isShort = `strlen(${slotColumn(slot ?? 0, 'text')}) <= ${String(LONGEST_VALUE)}`;
      return pure ? isShort : `${column} IN (${[string, naiveDate, offsetDate].join(', ')}) AND ${isShort}`;
    }
    case 'list':
    case 'object':
    case 'null':
      return 'FALSE';
  }
}

/** Bytes of a text that is counted by its value: a longer one is one of the others. */
const LONGEST_VALUE = 512;
