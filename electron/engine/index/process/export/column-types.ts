import type { DuckDBConnection } from '@duckdb/node-api';
import type { ExportColumn, ExportColumnType } from '../../../../../shared/export.ts';
import { SLOT_KINDS, type SlotKind, slotColumn } from '../../slots.ts';
import { selectRows } from '../database.ts';
import type { FieldEntry } from '../field-profile.ts';
import type { IndexStore } from '../index-store.ts';
import { numberAt } from '../row-cells.ts';

const STRINGS: readonly SlotKind[] = [SLOT_KINDS.string, SLOT_KINDS.naiveDate, SLOT_KINDS.offsetDate];
const NUMBERS: readonly SlotKind[] = [SLOT_KINDS.number, SLOT_KINDS.notANumber];

/** Beyond it a double does not hold every integer, and a column of 64 bits not every double. */
const SAFE = Number.MAX_SAFE_INTEGER;

/**
 * The fields of an index as columns, each with the one type that holds all of its values; JSON where none does. `select`
 * names them; empty for all, in the records' own order.
 */
export async function exportColumns(
  connection: DuckDBConnection,
  { slots }: IndexStore,
  select: readonly string[],
): Promise<readonly ExportColumn[]> {
  const known = slots.profile.topLevel('fields').filter(({ seen }) => seen > 0);
  const byName = new Map(known.map((entry) => [entry.path[0] ?? '', entry]));
  const names = select.length > 0 ? [...new Set(select)] : [...byName.keys()];
  const columns: ExportColumn[] = [];
  for (const name of names) {
    const entry = byName.get(name);
    columns.push({ name, type: entry === undefined ? 'json' : await columnType(connection, entry) });
  }
  return columns;
}

async function columnType(connection: DuckDBConnection, entry: FieldEntry): Promise<ExportColumnType> {
  const holdsOnly = (kinds: readonly SlotKind[]): boolean =>
    entry.counts.every((count, kind) => count === 0 || kind === SLOT_KINDS.null || kinds.some((each) => each === kind));
  if (entry.counts.every((count, kind) => count === 0 || kind === SLOT_KINDS.null)) return 'json';
  if (holdsOnly(STRINGS)) return 'string';
  if (holdsOnly([SLOT_KINDS.boolean])) return 'boolean';
  return holdsOnly(NUMBERS) ? numberType(connection, entry) : 'json';
}

/** Numbers without columns of their own are too few to be looked at one by one: their digits stay as they are. */
async function numberType(
  connection: DuckDBConnection,
  { slot, columns, counts }: FieldEntry,
): Promise<ExportColumnType> {
  if (slot === null || !columns.has('number')) return 'json';
  const number = slotColumn(slot, 'number');
  const exact = columns.has('integer') ? slotColumn(slot, 'integer') : 'NULL::HUGEINT';
  const beyond = columns.has('text') ? slotColumn(slot, 'text') : 'NULL::VARCHAR';
  const [row = []] = await selectRows(
    connection,
    `SELECT count(${beyond})::DOUBLE, count(${exact})::DOUBLE,
       count(*) FILTER (${number} <> trunc(${number}))::DOUBLE,
       count(*) FILTER (abs(${number}) > ${String(SAFE)})::DOUBLE,
       count(*) FILTER (${exact} NOT BETWEEN ${INT64_MIN} AND ${INT64_MAX})::DOUBLE
     FROM records`,
  );
  const [beyonds, exacts, fractions, large, tooLarge] = [0, 1, 2, 3, 4].map((place) => numberAt(row, place));
  const hasNaN = (counts[SLOT_KINDS.notANumber] ?? 0) > 0;
  if (fractions === 0 && !hasNaN && beyonds === 0 && tooLarge === 0 && (large === 0 || large === exacts))
    return 'integer';
  return exacts === 0 && beyonds === 0 ? 'number' : 'json';
}

const INT64_MIN = '-9223372036854775808::HUGEINT';
const INT64_MAX = '9223372036854775807::HUGEINT';
