import type { CodecName } from '../../../shared/collection.ts';
import { findMember, findNode } from '../../../shared/json/find-node.ts';
import type { JsonNode } from '../../../shared/json/node.ts';
import { patchJson } from '../../../shared/json/patch-json.ts';
import { readJson } from '../../../shared/json/read-json.ts';
import type { BulkChange, BulkEdit, RecordEdit } from '../../../shared/record.ts';
import { AppFailure } from '../../../shared/result.ts';
import type { DecodedRecord } from './codec.ts';
import { convertValue } from './convert-value.ts';
import { decodeRecord } from './decode-record.ts';
import { editRecord } from './edit-record.ts';
import { isFieldObject } from './field-type.ts';
import { applyPatch } from './record-patch.ts';
import { nameOf, valueAt, type EditedRecord } from './edited-record.ts';

/**
 * The body after a bulk change: edits one after the other, then the patch. Bytes outside of what changes stay; where nothing
 * changes it is the body as it was. Throws `invalid-record` where one of them does not fit this record.
 */
export function bulkEdit(codec: CodecName, record: DecodedRecord, change: BulkChange, now: Date): string {
  const of = (current: DecodedRecord): EditedRecord => ({
    record: current,
    edit: (edits) => {
      const text = editRecord(current, edits, now);
      return text === current.text ? of(current) : of(decodeRecord(codec, text));
    },
  });
  let edited = of(record);
  for (const edit of change.edits) {
    if ('text' in edit) edited = edited.edit([edit]);
    else if ('convert' in edit) edited = converted(edited, edit);
    else edited = renamed(edited, edit, (text) => of(decodeRecord(codec, text)));
  }
  return change.patch === undefined ? edited.record.text : applyPatch(edited, change.patch).record.text;
}

function converted(
  edited: EditedRecord,
  { part, path, convert }: Extract<BulkEdit, { readonly convert: unknown }>,
): EditedRecord {
  const { record } = edited;
  const value = valueAt(record, { part, path });
  if (value === null) return edited;
  const text = convertValue(record.text, value, convert);
  if (text === null) {
    const shown = record.text.slice(value.start, Math.min(value.end, value.start + 60));
    throw new AppFailure(
      'invalid-record',
      `${nameOf(path)} is ${shown}, which cannot become ${AS_WORDS[convert]}. Change it by hand, or leave this record out.`,
    );
  }
  return edited.edit([{ part, path, text }]);
}

const AS_WORDS = {
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  json: 'JSON: it holds none',
  list: 'a list',
} as const;

/** The name alone is written anew, in its place. */
function renamed(
  edited: EditedRecord,
  { part, path, rename }: Extract<BulkEdit, { readonly rename: unknown }>,
  read: (text: string) => EditedRecord,
): EditedRecord {
  const { record } = edited;
  const value = valueAt(record, { part, path });
  const last = path.at(-1);
  if (value === null || last === rename) return edited;
  if (typeof last !== 'string') {
    throw new AppFailure('invalid-record', `${nameOf(path)} is an element of a list, which has no name to be changed.`);
  }
  if (valueAt(record, { part, path: [...path.slice(0, -1), rename] }) !== null) {
    throw new AppFailure(
      'invalid-record',
      `The record has ${JSON.stringify(rename)} already, so ${nameOf(path)} cannot be called so. Remove one of them first.`,
    );
  }
  // Removed and set again it would stand at the end; `updated_at` is set by what is left of that.
  const touched = edited.edit([{ part, path, text: null }]).record;
  const above = placeInBody(record, part, path.slice(0, -1));
  const container = findNode(record.root, above);
  const member = container?.kind === 'object' ? findMember(container, last) : null;
  if (member === null || member === undefined) return edited;
  const quoted = JSON.stringify(rename);
  let text = record.text.slice(0, member.nameStart) + quoted + record.text.slice(member.nameEnd);
  const field = findNode(readJson(text), [...above, rename]);
  if (part === 'fields' && path.length === 1 && field?.kind === 'object' && findMember(field, 'name') !== null) {
    if (record.form === 'dataknobs-2' && isFieldObject(field)) {
      text = patchJson(text, [{ path: [...above, rename, 'name'], text: quoted }]);
    }
  }
  const updatedAt = valueAt(touched, UPDATED_AT);
  const renamedRecord = read(text);
  if (record.form === 'plain' || updatedAt === null) return renamedRecord;
  return renamedRecord.edit([{ ...UPDATED_AT, text: touched.text.slice(updatedAt.start, updatedAt.end) }]);
}

const UPDATED_AT = { part: 'metadata', path: ['updated_at'] } as const;

/** Where a place of a record is in its body. */
function placeInBody(
  { form, root }: DecodedRecord,
  part: RecordEdit['part'],
  path: RecordEdit['path'],
): readonly (string | number)[] {
  if (form === 'plain') return path;
  if (part === 'metadata') return ['metadata', ...path];
  if (form === 'dataknobs-1') return ['data', ...path];
  const [name, ...below] = path;
  if (name === undefined) return ['fields'];
  const field: JsonNode | null = findNode(root, ['fields', name]);
  return field !== null && isFieldObject(field) ? ['fields', name, 'value', ...below] : ['fields', name, ...below];
}
