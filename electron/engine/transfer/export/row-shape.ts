import type { CodecName } from '../../../../shared/collection.ts';
import type { ExportColumn, ExportForm } from '../../../../shared/export.ts';
import { idOfKey } from '../../../../shared/record-key.ts';
import type { DecodedMember, DecodedRecord } from '../../records/codec.ts';
import { decodeRecord } from '../../records/decode-record.ts';

/** A readable record on its way into a file. */
export interface ExportRow {
  readonly key: string;
  /** Of the object: content encoding and character set undone. */
  readonly text: string;
}

/** What of each record is written, and under which names. */
export interface RowShape {
  readonly codec: CodecName;
  readonly prefix: string;
  /** Fields that were asked for, in their order; empty for all, as they stand in each record. */
  readonly select: readonly string[];
  /** Null where it is not wanted. */
  readonly idName: string | null;
  /** Null where it is not wanted, or the collection's records have none. */
  readonly metadataName: string | null;
  /** Fields as columns, for formats that have columns. */
  readonly columns: readonly ExportColumn[];
  readonly formulaGuard: boolean;
}

/** `fields`: top-level names that the records have; those of ours must not be among them. */
export function shapeOf(
  { codec, prefix }: Pick<RowShape, 'codec' | 'prefix'>,
  { format, withId, withMetadata, formulaGuard }: ExportForm,
  select: readonly string[],
  fields: readonly ExportColumn[],
): RowShape {
  const taken = new Set([...select, ...fields.map(({ name }) => name)]);
  const free = (name: string): string => {
    let found = name;
    while (taken.has(found)) found = `_${found}`;
    return found;
  };
  return {
    codec,
    prefix,
    select,
    idName: withId ? free('id') : null,
    metadataName: withMetadata && codec === 'dataknobs' ? free('metadata') : null,
    columns: format === 'csv' ? fields.map(asWritten) : fields,
    formulaGuard,
  };
}

/** CSV has the digits as they stand in the record, and `1.0` is a whole number too. */
function asWritten({ name, type }: ExportColumn): ExportColumn {
  return { name, type: type === 'integer' ? 'number' : type };
}

export function idOf({ prefix }: RowShape, { key }: ExportRow): string {
  return idOfKey(prefix, key);
}

export function decodeRow({ codec }: RowShape, { text }: ExportRow): DecodedRecord {
  return decodeRecord(codec, text);
}

/** The metadata of a record as the text of one JSON object, its values' own texts in it; null where it has none. */
export function metadataText({ text, metadata, hasMetadata }: DecodedRecord): string | null {
  return hasMetadata ? objectText(text, metadata) : null;
}

export function objectText(text: string, members: readonly DecodedMember[]): string {
  return `{${members.map(({ name, value }) => `${JSON.stringify(name)}:${text.slice(value.start, value.end)}`).join(',')}}`;
}
