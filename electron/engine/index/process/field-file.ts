import type { DuckDBConnection } from '@duckdb/node-api';
import { INTEGER, VARCHAR } from '@duckdb/node-api';
import type { CodecName } from '../../../../shared/collection.ts';
import { decodeRecord } from '../../records/decode-record.ts';
import { SLOT_KINDS, shredValue } from '../slots.ts';
import { type Meta, selectRows } from './database.ts';
import { type FieldEntry, FieldProfile } from './field-profile.ts';
import { jsonListAt, numberOrNullAt, textAt } from './row-cells.ts';
import { appendColumns } from './row-chunks.ts';
import { SlotTable } from './slot-table.ts';
import { scanTexts, type StoredText } from './stored-texts.ts';

/** The profile and its slots as the file has them; counted anew where the process ended before it could keep them. */
export async function loadFields(
  connection: DuckDBConnection,
  codec: CodecName,
  meta: Meta,
  nextRowId: number,
): Promise<SlotTable> {
  const profile = new FieldProfile();
  const isCurrent = meta.profileVersion === meta.version;
  // Counted before the slots are named, so that the fields come in the order of the records.
  if (!isCurrent) {
    for await (const texts of scanTexts(connection, nextRowId)) countTexts(profile, codec, texts, 1);
  }
  const bySlot = new Map<number, FieldEntry>();
  const kept = await selectRows(connection, 'SELECT slot, part, path, counts FROM fields ORDER BY position');
  for (const row of kept) {
    const slot = numberOrNullAt(row, 0);
    if (slot === null && !isCurrent) continue;
    const part = textAt(row, 1) === 'metadata' ? 'metadata' : 'fields';
    const entry = profile.restore(part, jsonListAt(row, 2).map(String));
    entry.slot = slot;
    if (slot !== null) bySlot.set(slot, entry);
    if (isCurrent) {
      entry.counts.push(...jsonListAt(row, 3).map(Number));
      entry.seen = entry.counts.reduce((sum, records) => sum + records, 0);
    }
  }
  const slots = new SlotTable(profile);
  await slots.restore(connection, bySlot);
  // Ids are strings of any kind; which kinds they are is not worth a count.
  for (const kind of [SLOT_KINDS.string, SLOT_KINDS.naiveDate, SLOT_KINDS.offsetDate, SLOT_KINDS.unpairedString]) {
    slots.id.counts[kind] = 1;
  }
  return slots;
}

/** Adds (1) or subtracts (-1) records that are in the index already. */
export function countTexts(profile: FieldProfile, codec: CodecName, texts: readonly StoredText[], by: 1 | -1): void {
  for (const { text } of texts) {
    profile.visit(decodeRecord(codec, text), (entry, value) => count(entry, shredValue(value).kind, by));
  }
}

export function count(entry: FieldEntry, kind: number, by: 1 | -1): void {
  entry.counts[kind] = (entry.counts[kind] ?? 0) + by;
  entry.seen += by;
}

/** Writes the whole profile, in the caller's transaction. */
export async function saveFields(connection: DuckDBConnection, { profile }: SlotTable): Promise<void> {
  const entries = [...profile.entries()];
  await connection.run('DELETE FROM fields');
  await appendColumns(
    connection,
    { table: 'fields' },
    [INTEGER, INTEGER, VARCHAR, VARCHAR, VARCHAR],
    [
      entries.map((_, position) => position),
      entries.map(({ slot }) => slot),
      entries.map(({ part }) => part),
      entries.map(({ path }) => JSON.stringify(path)),
      entries.map(({ counts }) => JSON.stringify(Array.from(counts, (value) => value ?? 0))),
    ],
  );
  await connection.run('UPDATE meta SET profile_version = version');
}
