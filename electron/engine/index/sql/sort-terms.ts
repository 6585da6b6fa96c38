import type { SortKey } from '../../../../shared/query.ts';
import { SLOT_KINDS, type Slot, type SlotKind } from '../slots.ts';
import { column } from './slot-conditions.ts';
import { joined, raw, type Sql, sql } from './sql-text.ts';

/**
 * One sort key in SQL. Where every value of the result is a string or missing, missing counts as `""` (as in dataknobs);
 * otherwise values are ordered by kind: none, numbers and booleans, strings, lists, objects (which all tie).
 */
export interface SortTerms {
  /** An aggregate over the rows of the result that says which of the two it is; null where the slot's kinds say so. */
  readonly probe: Sql | null;
  /** Terms of ORDER BY, given the probe's answer (anything, where there is none). */
  terms(isAllText: boolean): readonly Sql[];
}

const TEXT_KINDS: readonly SlotKind[] = [
  SLOT_KINDS.string,
  SLOT_KINDS.naiveDate,
  SLOT_KINDS.offsetDate,
  SLOT_KINDS.unpairedString,
];
const NUMBER_KINDS: readonly SlotKind[] = [SLOT_KINDS.boolean, SLOT_KINDS.number];

/** In their order; NaN, which Python leaves where it happens to be, is behind the numbers. */
const RANKS: readonly (readonly SlotKind[])[] = [
  NUMBER_KINDS,
  [SLOT_KINDS.notANumber],
  TEXT_KINDS,
  [SLOT_KINDS.list],
  [SLOT_KINDS.object],
];

export function sortTerms(slot: Slot, direction: SortKey['direction']): SortTerms {
  const kinds = [...slot.kinds];
  const order = raw(direction === 'asc' ? 'ASC NULLS FIRST' : 'DESC NULLS LAST');
  const asText = [sql`coalesce(${column(slot, 'text')}, '') ${order}`];
  const asKinds = termsByKind(slot, order);
  if (!kinds.some((kind) => TEXT_KINDS.includes(kind)) || !slot.columns.has('text'))
    return { probe: null, terms: () => asKinds };
  if (kinds.every((kind) => TEXT_KINDS.includes(kind))) return { probe: null, terms: () => asText };
  const kind = column(slot, 'kind');
  const probe = sql`coalesce(bool_and(${kind} IS NULL OR ${kind} IN (${raw(TEXT_KINDS.join(', '))})), TRUE)`;
  return { probe, terms: (isAllText) => (isAllText ? asText : asKinds) };
}

function termsByKind(slot: Slot, order: Sql): readonly Sql[] {
  const kinds = [...slot.kinds];
  const present = RANKS.filter((rank) => rank.some((kind) => slot.kinds.has(kind)));
  const kind = column(slot, 'kind');
  const terms: Sql[] = [];
  const [only] = present;
  // NULL in the one column that the values are in says "no value" by itself.
  const isPlain = present.length === 1 && only !== undefined && (only === NUMBER_KINDS || only === TEXT_KINDS);
  if (!isPlain && present.length > 0) {
    const ranks = present.map(
      (rank, index) => sql`WHEN ${kind} IN (${raw(rank.join(', '))}) THEN ${raw(String(index + 1))}`,
    );
    terms.push(sql`CASE ${joined(ranks, ' ')} ELSE 0 END ${order}`);
  }
  const hasNumbers = kinds.some((one) => NUMBER_KINDS.includes(one));
  if (hasNumbers && slot.columns.has('number')) {
    terms.push(sql`${column(slot, 'number')} ${order}`);
    if (slot.columns.has('integer')) terms.push(sql`${column(slot, 'integer')} ${order}`);
  }
  if (slot.columns.has('text')) {
    const text = column(slot, 'text');
    const sorted = slot.kinds.has(SLOT_KINDS.object)
      ? sql`CASE WHEN ${kind} <> ${raw(String(SLOT_KINDS.object))} THEN ${text} END`
      : text;
    if (kinds.some((one) => one !== SLOT_KINDS.object)) terms.push(sql`${sorted} ${order}`);
  }
  return terms;
}
