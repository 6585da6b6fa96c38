import type { CodecName } from '../../../../shared/collection.ts';
import type { RecordForm } from '../../../../shared/record.ts';
import { idOfKey } from '../../../../shared/record-key.ts';
import { decodeObject } from '../../records/decode-record.ts';
import type { ObjectBatch, ObjectProblem } from '../protocol.ts';
import { type ShreddedValue, shredString, shredValue } from '../slots.ts';
import type { FieldEntry, FieldProfile } from './field-profile.ts';

/** One object on its way into the index. */
export interface PreparedRow {
  readonly key: string;
  readonly id: string;
  readonly etag: string;
  readonly size: number;
  readonly lastModified: number | null;
  readonly storageClass: string;
  readonly form: RecordForm;
  readonly problem: ObjectProblem | null;
  /** Null where the object is no record. */
  readonly text: string | null;
  readonly shreddedId: ShreddedValue | null;
  readonly values: readonly PreparedValue[];
}

export interface PreparedValue {
  readonly entry: FieldEntry;
  readonly value: ShreddedValue;
}

export interface DecodingSettings {
  readonly codec: CodecName;
  readonly prefix: string;
  /** Bytes of an uncompressed body. */
  readonly sizeCap: number;
}

/** Decodes a batch. An object that is no record becomes a row with the reason; nothing that an object holds throws. */
export function prepareRows(
  objects: ObjectBatch,
  rows: readonly number[],
  profile: FieldProfile,
  settings: DecodingSettings,
): readonly PreparedRow[] {
  return rows.map((row) => prepareRow(objects, row, profile, settings));
}

function prepareRow(objects: ObjectBatch, row: number, profile: FieldProfile, settings: DecodingSettings): PreparedRow {
  const key = objects.keys[row] ?? '';
  const lastModified = objects.lastModified[row] ?? Number.NaN;
  const facts = {
    key,
    id: idOfKey(settings.prefix, key),
    etag: objects.etags[row] ?? '',
    size: objects.sizes[row] ?? 0,
    lastModified: Number.isNaN(lastModified) ? null : lastModified,
    storageClass: objects.storageClasses[row] ?? 'STANDARD',
  };
  const problem = objects.problems[row] ?? null;
  if (problem !== null) return unreadable(facts, problem);
  const start = row === 0 ? 0 : (objects.ends[row - 1] ?? 0);
  const bytes = objects.bytes.subarray(start, objects.ends[row]);
  const contentEncoding = objects.contentEncodings[row] ?? null;
  const {
    record,
    body,
    problem: fault,
  } = decodeObject(settings.codec, bytes, { key, contentEncoding }, settings.sizeCap);
  if (record === null || body === null) {
    return unreadable(facts, {
      code: 'record-unreadable',
      message: fault?.message ?? 'The object is no record.',
    });
  }
  const values: PreparedValue[] = [];
  profile.visit(record, (entry, value) => {
    values.push({ entry, value: shredValue(value) });
  });
  return {
    ...facts,
    form: record.form,
    problem: null,
    text: body.text,
    shreddedId: shredString(facts.id),
    values,
  };
}

type RowFacts = Pick<PreparedRow, 'key' | 'id' | 'etag' | 'size' | 'lastModified' | 'storageClass'>;

function unreadable(facts: RowFacts, problem: ObjectProblem): PreparedRow {
  return { ...facts, form: 'plain', problem, text: null, shreddedId: null, values: [] };
}
