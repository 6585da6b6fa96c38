import { findNode } from '../../../shared/json/find-node.ts';
import type { JsonNode } from '../../../shared/json/node.ts';
import type { RecordEdit } from '../../../shared/record.ts';
import type { DecodedRecord } from './codec.ts';

/** A record between two edits. */
export interface EditedRecord {
  readonly record: DecodedRecord;
  /** The same with other values; in dataknobs' forms `updated_at` is set. */
  readonly edit: (edits: readonly RecordEdit[]) => EditedRecord;
}

/** The value at a place of a record; null where there is none. */
export function valueAt(record: DecodedRecord, { part, path }: Pick<RecordEdit, 'part' | 'path'>): JsonNode | null {
  const [name, ...below] = path;
  const member = record[part].find((entry) => entry.name === name);
  return member === undefined ? null : findNode(member.value, below);
}

export function nameOf(path: RecordEdit['path']): string {
  return JSON.stringify(path.join('.'));
}
