import { BIGINT, DOUBLE, type DuckDBConnection, type DuckDBType, HUGEINT, UTINYINT, VARCHAR } from '@duckdb/node-api';
import {
  SLOT_COLUMN_TYPES,
  SLOT_KINDS,
  type Slot,
  type SlotAddress,
  type SlotAnswer,
  type SlotColumn,
  type SlotKind,
  type Slots,
  slotColumn,
} from '../slots.ts';
import { selectRows } from './database.ts';
import type { FieldEntry, FieldProfile } from './field-profile.ts';
import { textAt } from './row-cells.ts';

/** More columns cost more than they save: 3,000 sparse ones take 20 times as long a row as 300. */
const MOST_SLOTS = 200;
/** Of the records; a path that fewer have is asked of the body. */
const SHREDDED_SHARE = 0.01;

/** The id's slot; every readable row has a value in it. */
export const ID_SLOT = 0;

/** A typed column of the table `records`. */
export interface RecordColumn {
  readonly slot: number;
  readonly column: SlotColumn;
}

export const COLUMN_TYPES: Readonly<Record<SlotColumn, DuckDBType>> = {
  kind: UTINYINT,
  number: DOUBLE,
  integer: HUGEINT,
  text: VARCHAR,
  instant: BIGINT,
};

/** What is kept of the id's slot, which is no field. */
export interface IdSlot {
  readonly columns: Set<SlotColumn>;
  readonly counts: number[];
}

/** Which paths have typed columns. Columns are only ever added, so what a query was told stays true for its snapshot. */
export class SlotTable implements Slots {
  readonly profile: FieldProfile;
  readonly id: IdSlot = { columns: new Set(), counts: [] };
  /** In the order of the table. */
  readonly columns: RecordColumn[] = [];
  readonly #entries = new Map<number, FieldEntry>();
  #nextSlot = ID_SLOT + 1;

  constructor(profile: FieldProfile) {
    this.profile = profile;
  }

  find(address: SlotAddress): SlotAnswer {
    // Before the first readable row its columns are not there.
    if (address.part === 'id') return this.id.columns.size === 0 ? 'absent' : slotOf(ID_SLOT, this.id);
    const entry = this.profile.find(address.part, address.path);
    if (entry === 'absent') return 'absent';
    if (entry === 'deeper') return 'body';
    if (entry.slot !== null) return slotOf(entry.slot, entry);
    return entry.seen === 0 ? 'absent' : 'body';
  }

  /** Entries that shall have a slot from now on, the most frequent first. Gives them their numbers. */
  assign(candidates: Iterable<FieldEntry>, records: number): readonly FieldEntry[] {
    const least = records * SHREDDED_SHARE;
    const assigned: FieldEntry[] = [];
    const sorted = [...candidates].filter((entry) => entry.slot === null && entry.seen >= least && entry.seen > 0);
    sorted.sort((left, right) => right.seen - left.seen);
    for (const entry of sorted) {
      if (this.#nextSlot > MOST_SLOTS) break;
      entry.slot = this.#nextSlot;
      this.#entries.set(this.#nextSlot, entry);
      this.#nextSlot += 1;
      assigned.push(entry);
    }
    return assigned;
  }

  entryOf(slot: number): FieldEntry | null {
    return this.#entries.get(slot) ?? null;
  }

  /** Adds columns to the table; in the transaction that also fills them. */
  async addColumns(connection: DuckDBConnection, wanted: readonly RecordColumn[]): Promise<void> {
    for (const { slot, column } of wanted) {
      const type = SLOT_COLUMN_TYPES[column];
      await connection.run(`ALTER TABLE records ADD COLUMN ${slotColumn(slot, column)} ${type}`);
      this.columns.push({ slot, column });
    }
  }

  /** Takes the columns from the file; `bySlot` are the entries with slots that the file names. */
  async restore(connection: DuckDBConnection, bySlot: ReadonlyMap<number, FieldEntry>): Promise<void> {
    for (const [slot, entry] of bySlot) this.#entries.set(slot, entry);
    const rows = await selectRows(
      connection,
      "SELECT column_name FROM duckdb_columns() WHERE table_name = 'records' ORDER BY column_index",
    );
    for (const row of rows) {
      const [, slotText, column] = /^f(\d+)_([a-z]+)$/.exec(textAt(row, 0)) ?? [];
      if (slotText === undefined || column === undefined || !isSlotColumn(column)) continue;
      const slot = Number(slotText);
      this.columns.push({ slot, column });
      if (slot === ID_SLOT) this.id.columns.add(column);
      else bySlot.get(slot)?.columns.add(column);
      this.#nextSlot = Math.max(this.#nextSlot, slot + 1);
    }
  }
}

function slotOf(number: number, { columns, counts }: IdSlot): Slot {
  const kinds = Object.values(SLOT_KINDS).filter((kind: SlotKind) => (counts[kind] ?? 0) > 0);
  return { number, columns: new Set(columns), kinds: new Set(kinds) };
}

export function isSlotColumn(text: string): text is SlotColumn {
  return text in SLOT_COLUMN_TYPES;
}
