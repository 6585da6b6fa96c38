import type { FieldKind, FieldSummary, ResultColumn } from '../../../../shared/page.ts';
import { SLOT_KINDS, type SlotKind } from '../slots.ts';
import type { FieldEntry, FieldProfile } from './field-profile.ts';

/** Columns of a result; a page of a thousand rows would hold little else with more of them. */
const MOST_COLUMNS = 1_000;

export const FIELD_KINDS: Readonly<Record<SlotKind, FieldKind>> = {
  [SLOT_KINDS.null]: 'null',
  [SLOT_KINDS.boolean]: 'boolean',
  [SLOT_KINDS.number]: 'number',
  [SLOT_KINDS.notANumber]: 'number',
  [SLOT_KINDS.string]: 'string',
  [SLOT_KINDS.naiveDate]: 'date',
  [SLOT_KINDS.offsetDate]: 'date',
  [SLOT_KINDS.unpairedString]: 'string',
  [SLOT_KINDS.list]: 'list',
  [SLOT_KINDS.object]: 'object',
};

/**
 * Fields for the query builder: those of the records and what their objects hold (`address.city`), then the metadata
 * (`metadata.source`), each in the records' own order. An object below a field is listed by what it holds only.
 */
export function listFields(profile: FieldProfile, records: number): readonly FieldSummary[] {
  const summaries: FieldSummary[] = [];
  for (const entry of profile.entries()) {
    if (entry.seen === 0 || isOnlyObjects(entry)) continue;
    const path = entry.part === 'metadata' ? ['metadata', ...entry.path] : entry.path;
    // Metadata that a field called `metadata` hides is that field's, which is listed already.
    if (entry.part === 'metadata' && typeof profile.find('fields', path) === 'object') continue;
    summaries.push({
      path,
      field: fieldText(path),
      kinds: kindsOf(entry),
      kind: mainKind(entry),
      missing: Math.max(0, records - entry.seen),
    });
  }
  return summaries;
}

/**
 * Top-level fields as columns. Fields that about as many records have (within a factor of two) stand in the records' own
 * order; rarer ones come behind. `select` names them instead, in its order; a name that no record has is left out.
 */
export function listColumns(
  profile: FieldProfile,
  records: number,
  select: readonly string[],
): readonly ResultColumn[] {
  const known = profile.topLevel('fields').filter((entry) => entry.seen > 0);
  if (select.length > 0) {
    const byName = new Map(known.map((entry) => [entry.path[0] ?? '', entry]));
    const names = [...new Set(select)];
    return names
      .map((name) => byName.get(name))
      .filter((entry) => entry !== undefined)
      .map(columnOf);
  }
  const rank = ({ seen }: FieldEntry): number => Math.max(0, Math.ceil(-Math.log2(seen / Math.max(1, records))) - 1);
  return known
    .toSorted((left, right) => rank(left) - rank(right))
    .slice(0, MOST_COLUMNS)
    .map(columnOf);
}

function columnOf(entry: FieldEntry): ResultColumn {
  const [name = ''] = entry.path;
  return { name, field: fieldText(entry.path), kind: mainKind(entry) };
}

/** How a query names a path; null where dataknobs' field syntax has no way: a name with a dot. */
function fieldText(path: readonly string[]): string | null {
  if (path.some((name) => name.includes('.')) || path[0] === '') return null;
  const text = path.join('.');
  // These first names mean something else: the storage id, the record's fields.
  if (text === 'id' || (path[0] === 'fields' && path.length > 1)) return `fields.${text}`;
  return text;
}

function isOnlyObjects(entry: FieldEntry): boolean {
  return entry.path.length > 1 && entry.children.length > 0 && entry.counts[SLOT_KINDS.object] === entry.seen;
}

function kindsOf(entry: FieldEntry): Readonly<Partial<Record<FieldKind, number>>> {
  const kinds: Partial<Record<FieldKind, number>> = {};
  for (const kind of Object.values(SLOT_KINDS)) {
    const records = entry.counts[kind] ?? 0;
    if (records > 0) kinds[FIELD_KINDS[kind]] = (kinds[FIELD_KINDS[kind]] ?? 0) + records;
  }
  return kinds;
}

/** The kind that most values have; `null` only where there is nothing else. */
export function mainKind(entry: FieldEntry): FieldKind {
  let main: FieldKind = 'null';
  let most = 0;
  const kinds = kindsOf(entry);
  for (const kind of new Set(Object.values(FIELD_KINDS))) {
    const records = kinds[kind] ?? 0;
    if (kind === 'null' || records <= most) continue;
    main = kind;
    most = records;
  }
  return main;
}
