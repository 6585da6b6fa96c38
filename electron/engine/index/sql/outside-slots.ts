import type { ObjectFact } from '../../../../shared/query.ts';
import type { OutsideAddress } from '../query/place.ts';
import { ROW_COLUMN, SLOT_KINDS, type Slot, type SlotAnswer, slotColumn } from '../slots.ts';
import { bound, raw, type Sql, sql } from './sql-text.ts';

/** Far above the numbers of the index's slots. */
const FIRST_OUTSIDE_SLOT = 2_000_000;

/**
 * Facts of objects and tags as slots, so that every operator and a sort ask them as they ask fields. Each one that a query
 * names is a subquery with the columns of a slot, joined to its rows.
 */
export class OutsideSlots {
  readonly #found = new Map<string, { readonly answer: SlotAnswer; readonly join: Sql }>();

  find(address: OutsideAddress): SlotAnswer {
    const name = JSON.stringify(address);
    let found = this.#found.get(name);
    if (found === undefined) {
      found = makeSlot(address, FIRST_OUTSIDE_SLOT + this.#found.size);
      this.#found.set(name, found);
    }
    return found.answer;
  }

  /** To come right behind `FROM records`. */
  get joins(): readonly Sql[] {
    return Array.from(this.#found.values(), ({ join }) => join);
  }
}

const NOTHING: Sql = { text: '', parameters: [] };

function makeSlot(address: OutsideAddress, number: number): { answer: SlotAnswer; join: Sql } {
  if (address.part === 'tag') return makeTagSlot(address.name, number);
  // A listing says no version.
  if (address.fact === 'version') return { answer: 'absent', join: NOTHING };
  const name = (column: 'kind' | 'number' | 'text' | 'instant'): string => slotColumn(number, column);
  switch (address.fact) {
    case 'size':
      return {
        answer: { number, columns: new Set(['kind', 'number']), kinds: new Set([SLOT_KINDS.number]) },
        join: joinOf(raw(`${SLOT_KINDS.number} AS ${name('kind')}, size::DOUBLE AS ${name('number')}`)),
      };
    case 'last_modified': {
      const instant = `last_modified * 1000`;
      const text = `strftime(make_timestamp(${instant}), '%Y-%m-%dT%H:%M:%S.%gZ')`;
      const kind = `CASE WHEN last_modified IS NOT NULL THEN ${SLOT_KINDS.offsetDate} END`;
      return {
        answer: { number, columns: new Set(['kind', 'text', 'instant']), kinds: new Set([SLOT_KINDS.offsetDate]) },
        join: joinOf(raw(`${kind} AS ${name('kind')}, ${text} AS ${name('text')}, ${instant} AS ${name('instant')}`)),
      };
    }
    case 'key':
    case 'etag':
    case 'storage_class':
      return {
        answer: textSlot(number),
        join: joinOf(raw(`${SLOT_KINDS.string} AS ${name('kind')}, ${TEXT_COLUMNS[address.fact]} AS ${name('text')}`)),
      };
  }
}

const TEXT_COLUMNS: Readonly<Record<Extract<ObjectFact, 'key' | 'etag' | 'storage_class'>, string>> = {
  key: 'key',
  // As people write it: without the quotes that S3 puts around it.
  etag: `trim(etag, '"')`,
  storage_class: 'storage_class',
};

function joinOf(columns: Sql): Sql {
  return sql` LEFT JOIN (SELECT ${raw(ROW_COLUMN)}, ${columns} FROM objects) USING (${raw(ROW_COLUMN)})`;
}

function textSlot(number: number): Slot {
  return { number, columns: new Set(['kind', 'text']), kinds: new Set([SLOT_KINDS.string]) };
}

/** Of rows whose tags were not read yet nothing is known: they have none of them. */
function makeTagSlot(tag: string, number: number): { answer: SlotAnswer; join: Sql } {
  const columns = raw(
    `${ROW_COLUMN}, kind AS ${slotColumn(number, 'kind')}, text AS ${slotColumn(number, 'text')}, instant AS ${slotColumn(number, 'instant')}`,
  );
  const kinds = new Set([SLOT_KINDS.string, SLOT_KINDS.naiveDate, SLOT_KINDS.offsetDate]);
  return {
    answer: { number, columns: new Set(['kind', 'text', 'instant']), kinds },
    join: sql` LEFT JOIN (SELECT ${columns} FROM tags WHERE name = ${bound(tag)}) USING (${raw(ROW_COLUMN)})`,
  };
}
