import type { Collection } from '../../../../shared/collection.ts';
import type { ImportChange, OnConflict } from '../../../../shared/import.ts';
import { diffJson } from '../../../../shared/json/diff-json.ts';
import { findNode } from '../../../../shared/json/find-node.ts';
import type { JsonNode } from '../../../../shared/json/node.ts';
import { readJson } from '../../../../shared/json/read-json.ts';
import type { RecordEdit } from '../../../../shared/record.ts';
import { parseDate } from '../../index/query/iso-date.ts';
import type { DecodedMember, DecodedRecord } from '../../records/codec.ts';
import { decodeRecord } from '../../records/decode-record.ts';
import { decodeFound } from '../../records/read-record.ts';
import type { FoundObject } from '../../s3/s3-client.ts';
import type { GoodRow } from './reading/prepare-rows.ts';

/** What is to be done with a row whose record is there. */
export type RowFate =
  | { readonly fate: 'same' | 'keep'; readonly changes: readonly ImportChange[] }
  | { readonly fate: 'replace'; readonly changes: readonly ImportChange[] }
  | { readonly fate: 'merge'; readonly changes: readonly ImportChange[]; readonly edits: readonly RecordEdit[] };

export interface RowComparison {
  readonly collection: Collection;
  readonly onConflict: Extract<OnConflict, 'overwrite' | 'newer' | 'merge'>;
  /** Milliseconds since 1970: of a row without an `updated_at` of its own. */
  readonly sourceModifiedAt: number;
}

/** Dipper and dataknobs write these themselves: they say nothing of a record's content. */
const OF_THE_CODEC: ReadonlySet<string> = new Set(['id', 'created_at', 'updated_at']);

/** Compares a row with the object in its place, by values: order of names, blanks and escapes make no difference. */
export function compareRow(
  row: GoodRow,
  found: FoundObject,
  { collection, onConflict, sourceModifiedAt }: RowComparison,
): RowFate {
  const before = decodeFound(collection, found).record;
  const after = decodeRecord(collection.codec, row.body ?? row.record);
  if (onConflict === 'newer' && !isNewer(row, sourceModifiedAt, before, found)) {
    return { fate: 'keep', changes: before === null ? [] : recordChanges(before, after, false) };
  }
  // What is no record has no fields to merge with.
  if (before === null) return { fate: 'replace', changes: [] };
  const changes = recordChanges(before, after, onConflict === 'merge');
  if (changes.length === 0 && row.tags === null) return { fate: 'same', changes };
  if (onConflict !== 'merge') return { fate: 'replace', changes };
  return { fate: 'merge', changes, edits: mergeEdits(before, after) };
}

/** `ownOnly`: what the row does not name stays. */
export function recordChanges(before: DecodedRecord, after: DecodedRecord, ownOnly: boolean): readonly ImportChange[] {
  const changes = memberChanges(before, after, before.fields, after.fields, ownOnly, []);
  if (!after.hasMetadata) return changes;
  return [
    ...changes,
    ...memberChanges(before, after, contentMetadata(before), contentMetadata(after), ownOnly, ['metadata']),
  ];
}

function contentMetadata({ metadata }: DecodedRecord): readonly DecodedMember[] {
  return metadata.filter(({ name }) => !OF_THE_CODEC.has(name));
}

function memberChanges(
  before: DecodedRecord,
  after: DecodedRecord,
  old: readonly DecodedMember[],
  made: readonly DecodedMember[],
  ownOnly: boolean,
  above: readonly string[],
): readonly ImportChange[] {
  const oldValues = new Map(old.map(({ name, value }) => [name, value]));
  const madeNames = new Set(made.map(({ name }) => name));
  const changes: ImportChange[] = [];
  for (const { name, value } of made) {
    const was = oldValues.get(name);
    if (was === undefined) {
      changes.push({ path: [...above, name], before: null, after: textOf(after, value) });
      continue;
    }
    for (const { path, text } of diffJson(was, value, { before: before.text, after: after.text })) {
      const inside = findNode(was, path);
      changes.push({ path: [...above, name, ...path], before: inside && textOf(before, inside), after: text });
    }
  }
  if (ownOnly) return changes;
  for (const { name, value } of old) {
    if (!madeNames.has(name)) changes.push({ path: [...above, name], before: textOf(before, value), after: null });
  }
  return changes;
}

function mergeEdits(before: DecodedRecord, after: DecodedRecord): readonly RecordEdit[] {
  const oldValues = new Map(before.fields.map(({ name, value }) => [name, value]));
  return after.fields.flatMap(({ name, value }): RecordEdit[] => {
    const was = oldValues.get(name);
    const isSame = was !== undefined && diffJson(was, value, { before: before.text, after: after.text }).length === 0;
    return isSame ? [] : [{ part: 'fields', path: [name], text: textOf(after, value) }];
  });
}

/** Of itself; otherwise its file's time counts. */
export function saysWhenUpdated({ record }: GoodRow): boolean {
  return updatedAt(readJson(record)) !== null;
}

function isNewer(row: GoodRow, sourceModifiedAt: number, before: DecodedRecord | null, found: FoundObject): boolean {
  const own = updatedAt(readJson(row.record));
  const modified = found.head.lastModified ?? 0;
  if (own === null) return sourceModifiedAt > modified;
  return own > ((before === null ? null : updatedAt(before.root)) ?? modified);
}

/** Milliseconds since 1970, by the record's own word: as a field, as dataknobs keeps it, or beside its data. */
function updatedAt(root: JsonNode): number | null {
  for (const path of [
    ['updated_at'],
    ['fields', 'updated_at', 'value'],
    ['data', 'updated_at'],
    ['metadata', 'updated_at'],
  ]) {
    const node = findNode(root, path);
    const date = node?.kind === 'string' ? parseDate(node.value) : null;
    if (date !== null) return Number(date.instant / 1000n);
  }
  return null;
}

function textOf(record: DecodedRecord, { start, end }: JsonNode): string {
  return record.text.slice(start, end);
}
