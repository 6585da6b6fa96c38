import type { FieldKind } from '../../../../shared/page.ts';
import type { Counted, FieldChart, FieldFigures, TopValue } from '../../../../shared/profile.ts';
import { SLOT_KINDS } from '../slots.ts';
import { FIELD_KINDS } from './list-fields.ts';
import type { KeyCounts, Keys, Limits, RowCounts } from './profile-counts.ts';
import type { ProfiledField } from './profiled-field.ts';

const MOST_VALUES = 12;

/** Both counts of a field, and the limits of the rows found. */
export interface FieldCounts {
  readonly found: RowCounts;
  readonly all: RowCounts;
  readonly limits: Limits | null;
}

const NOTHING: Counted = { found: 0, all: 0 };

export function withoutFigures(path: readonly string[]): FieldFigures {
  return { path, rare: true, kinds: {}, missing: NOTHING, chart: null };
}

export function figuresOf(field: ProfiledField, records: Counted, keys: Keys, counts: FieldCounts): FieldFigures {
  const kinds = kindsOf(counts);
  let present = NOTHING;
  for (const counted of Object.values(kinds)) present = sum(present, counted);
  return {
    path: field.path,
    rare: false,
    kinds,
    missing: difference(records, present),
    chart: chartOf(field, keys, counts),
  };
}

function kindsOf({ found, all }: FieldCounts): Partial<Record<FieldKind, Counted>> {
  const kinds: Partial<Record<FieldKind, Counted>> = {};
  for (const kind of Object.values(SLOT_KINDS)) {
    const counted = { found: found.kinds.get(kind) ?? 0, all: all.kinds.get(kind) ?? 0 };
    if (counted.all === 0) continue;
    kinds[FIELD_KINDS[kind]] = sum(kinds[FIELD_KINDS[kind]] ?? NOTHING, counted);
  }
  return kinds;
}

function chartOf(field: ProfiledField, keys: Keys, { found, all, limits }: FieldCounts): FieldChart | null {
  if (keys.shape === 'none') return null;
  if (keys.shape === 'values') return topValues(field, keys, found, all);
  const { edges } = keys.scale;
  const bins = {
    edges,
    found: binsOf(found, edges.length - 1),
    all: binsOf(all, edges.length - 1),
    least: limits?.least ?? null,
    greatest: limits?.greatest ?? null,
  };
  if (keys.shape === 'numbers') return { shape: 'numbers', ...bins, whole: keys.whole };
  const hasOffset = field.dateKind === SLOT_KINDS.offsetDate;
  return { shape: 'dates', ...bins, step: keys.scale.step, hasOffset, days: keys.days };
}

/** What stands on the last edge belongs to the last bin. */
function binsOf({ keys }: KeyCounts, count: number): readonly number[] {
  const bins = Array.from({ length: count }, (_, bin) => keys.get(String(bin)) ?? 0);
  const onLastEdge = keys.get(String(count)) ?? 0;
  return bins.with(count - 1, (bins[count - 1] ?? 0) + onLastEdge);
}

function topValues(
  field: ProfiledField,
  { frequent, sampled }: Extract<Keys, { shape: 'values' }>,
  found: RowCounts,
  all: RowCounts,
): FieldChart {
  const isTruth = field.kind === 'boolean';
  const values = mostFrequent(found, all).map((value): TopValue => ({
    value: isTruth ? value === '1' : value,
    found: found.keys.get(value) ?? 0,
    all: all.keys.get(value) ?? 0,
  }));
  // Where every value is there once, none of them is worth a line.
  const shown = values.length === MOST_VALUES && values.every((value) => value.all === 1) ? [] : values;
  let others = isTruth ? NOTHING : stringsOf({ found, all });
  for (const value of isTruth ? [] : shown) others = difference(others, value);
  return {
    shape: 'values',
    values: shown,
    others,
    distinct: frequent === null ? all.distinct : sampled,
    sampled: frequent !== null,
  };
}

/** Values of most rows found, then of most rows of the collection. */
export function mostFrequent(found: KeyCounts, all: KeyCounts): readonly string[] {
  const values = [...new Set([...found.keys.keys(), ...all.keys.keys()])];
  const counted = values.map((value) => ({
    value,
    found: found.keys.get(value) ?? 0,
    all: all.keys.get(value) ?? 0,
  }));
  counted.sort(
    (left, right) => right.found - left.found || right.all - left.all || (left.value < right.value ? -1 : 1),
  );
  return counted.slice(0, MOST_VALUES).map(({ value }) => value);
}

function stringsOf({ found, all }: Pick<FieldCounts, 'found' | 'all'>): Counted {
  const { string, naiveDate, offsetDate, unpairedString } = SLOT_KINDS;
  return [string, naiveDate, offsetDate, unpairedString]
    .map((kind) => ({ found: found.kinds.get(kind) ?? 0, all: all.kinds.get(kind) ?? 0 }))
    .reduce(sum, NOTHING);
}

function sum(left: Counted, right: Counted): Counted {
  return { found: left.found + right.found, all: left.all + right.all };
}

function difference(left: Counted, right: Counted): Counted {
  return { found: left.found - right.found, all: left.all - right.all };
}
