import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CodecName } from '../../../../shared/collection.ts';
import type { RecordForm } from '../../../../shared/record.ts';
import { idOfKey } from '../../../../shared/record-key.ts';
import type { DecodedRecord } from '../../records/codec.ts';
import { decodeObject } from '../../records/decode-record.ts';
import type { ObjectBatch, ObjectProblem } from '../protocol.ts';
import { shredString, shredValue } from '../slots.ts';
import type { FieldEntry, FieldProfile } from './field-profile.ts';
import { PathValues } from './path-values.ts';

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
}

/** Rows on their way into the index, and by path what they hold: DuckDB takes columns. */
export class PreparedRows {
  readonly rows: PreparedRow[] = [];
  readonly ids = new PathValues();
  readonly values = new Map<FieldEntry, PathValues>();

  add(row: PreparedRow): void {
    this.rows.push(row);
  }

  /** A readable row. */
  addRecord(row: PreparedRow, record: DecodedRecord, profile: FieldProfile): void {
    const position = this.rows.length;
    this.rows.push(row);
    this.ids.add(position, shredString(row.id));
    profile.visit(record, (entry, value) => {
      let values = this.values.get(entry);
      if (values === undefined) {
        values = new PathValues();
        this.values.set(entry, values);
      }
      values.add(position, shredValue(value));
    });
  }
}

export interface DecodingSettings {
  readonly codec: CodecName;
  readonly prefix: string;
  /** Bytes of an uncompressed body. */
  readonly sizeCap: number;
}

/** Objects that are decoded in one turn of the event loop: a page of rows that a person waits for comes in between. */
const TURN_OBJECTS = 64;

/** Decodes a batch. An object that is no record becomes a row with the reason; nothing that an object holds throws. */
export async function prepareRows(
  objects: ObjectBatch,
  rows: readonly number[],
  profile: FieldProfile,
  settings: DecodingSettings,
): Promise<PreparedRows> {
  const prepared = new PreparedRows();
  for (const [place, row] of rows.entries()) {
    if (place > 0 && place % TURN_OBJECTS === 0) await nextTurn();
    prepareRow(prepared, objects, row, profile, settings);
  }
  return prepared;
}

function prepareRow(
  prepared: PreparedRows,
  objects: ObjectBatch,
  row: number,
  profile: FieldProfile,
  settings: DecodingSettings,
): void {
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
  if (problem !== null) {
    prepared.add(unreadableRow(facts, problem));
    return;
  }
  const start = row === 0 ? 0 : (objects.ends[row - 1] ?? 0);
  const bytes = objects.bytes.subarray(start, objects.ends[row]);
  const contentEncoding = objects.contentEncodings[row] ?? null;
  const {
    record,
    body,
    problem: fault,
  } = decodeObject(settings.codec, bytes, { key, contentEncoding }, settings.sizeCap);
  if (record === null || body === null) {
    prepared.add(
      unreadableRow(facts, { code: 'record-unreadable', message: fault?.message ?? 'The object is no record.' }),
    );
    return;
  }
  prepared.addRecord({ form: record.form, problem: null, text: body.text, ...facts }, record, profile);
}

type RowFacts = Pick<PreparedRow, 'key' | 'id' | 'etag' | 'size' | 'lastModified' | 'storageClass'>;

export function unreadableRow(facts: RowFacts, problem: ObjectProblem): PreparedRow {
  return { form: 'plain', problem, text: null, ...facts };
}
