import type { Collection } from '../../../../../shared/collection.ts';
import { findMember } from '../../../../../shared/json/find-node.ts';
import type { JsonNode } from '../../../../../shared/json/node.ts';
import { printCompact } from '../../../../../shared/json/print-json.ts';
import { readJson } from '../../../../../shared/json/read-json.ts';
import type { ImportFormat, ImportSettings } from '../../../../../shared/import.ts';
import type { Tag } from '../../../../../shared/record.ts';
import { AppFailure } from '../../../../../shared/result.ts';
import type { StorageRule } from '../../../../../shared/storage-rules.ts';
import { createClassRules } from '../../../records/class-rules.ts';
import { prepareRecord } from '../../../records/create-record.ts';
import { decodeRecord } from '../../../records/decode-record.ts';
import { checkTags } from '../../../records/tag-mapping.ts';
import { createRowMapper } from './map-row.ts';
import { mintUuid, parseKeyTemplate, type Minting } from './row-key.ts';
import type { SourceRow } from './source-row.ts';

/** A row that is ready to be written, or why it is none. */
export type PreparedRow = GoodRow | BadRow;

interface PlacedRow {
  /** Position in the source, from 0. */
  readonly index: number;
  readonly place: string;
}

export interface GoodRow extends PlacedRow {
  readonly id: string;
  readonly key: string;
  /** JSON text of the record, as it is given to `record:create`. */
  readonly record: string;
  /** The object's body; null where it is the record itself. */
  readonly body: string | null;
  readonly tags: readonly Tag[] | null;
  /** That a rule gives it; null where none does. */
  readonly storageClass: string | null;
  readonly problem: null;
}

export interface BadRow extends PlacedRow {
  readonly problem: string;
}

/** Where records go and how they are written there. */
export type ImportPlace = Pick<Collection, 'bucket' | 'prefix' | 'codec' | 'keyTemplate' | 'storageRules'>;

export interface Preparing {
  readonly settings: ImportSettings;
  readonly place: ImportPlace;
  readonly minting: Minting;
}

/** Makes records of rows. What it makes of a row is the same each time. */
export function createPreparer(
  { settings, place, minting }: Preparing,
  columns: readonly string[],
): (row: SourceRow, index: number) => PreparedRow {
  const mapRow = createRowMapper(settings, columns);
  const nameRow = parseKeyTemplate(settings.key, settings.reading.format, minting);
  const now = new Date(minting.startedAt);
  // Its own id is found while the record is written down.
  const { format } = settings.reading;
  const namesItself = settings.key === '{id}';
  const rules = classRulesOf(settings, place);
  const chooseClass = rules.length === 0 ? null : createClassRules(rules, minting.startedAt);

  const good = (row: SourceRow, index: number): GoodRow => {
    const { record, id: givenId } = mapRow(row);
    const mint = (): string => mintUuid(minting, index);
    let root: JsonNode | null = null;
    if (!namesItself || settings.tags.length > 0) root = readJson(record);
    const own = (): string => prepareRecord(place, { id: givenId, record, keepsTimes: true }, now, mint).encoded.id;
    const file = row.kind === 'cells' ? null : (row.file ?? null);
    const id = namesItself || root === null ? givenId : nameRow({ index, record, root, file, ownId: own });
    const { encoded, key } = prepareRecord(place, { id, record, keepsTimes: true }, now, mint);
    return {
      index,
      place: placeOf(row, format),
      id: encoded.id,
      key,
      record,
      body: encoded.text === record ? null : encoded.text,
      storageClass:
        chooseClass?.({
          id: encoded.id,
          key,
          size: Buffer.byteLength(encoded.text),
          record: decodeRecord(place.codec, encoded.text),
        }) ?? null,
      tags: root === null || settings.tags.length === 0 ? null : tagsOf(root, record, settings.tags),
      problem: null,
    };
  };

  return (row, index) => {
    try {
      return good(row, index);
    } catch (error) {
      // Whatever it is, it is this row's: the next one may be whole.
      if (!(error instanceof AppFailure)) throw error;
      return { index, place: placeOf(row, format), problem: error.error.message };
    }
  };
}

/** `line 7`, `row 3`, or a file of a folder; of several files `b.csv, line 7`. */
export function placeOf(row: SourceRow, format: ImportFormat): string {
  if (row.kind !== 'cells' && row.file !== undefined) return row.file;
  const place = `${format === 'csv' || format === 'ndjson' ? 'line' : 'row'} ${row.at}`;
  return row.source === undefined ? place : `${row.source}, ${place}`;
}

/** Strings as themselves, all else as JSON; null and missing are no tag. */
function tagsOf(root: JsonNode, record: string, names: readonly string[]): readonly Tag[] {
  if (root.kind !== 'object') return [];
  const tags = names.flatMap((name): Tag[] => {
    const value = findMember(root, name)?.value;
    if (value === undefined || value.kind === 'null') return [];
    return [{ key: name, value: value.kind === 'string' ? value.value : printCompact(record, value) }];
  });
  return checkTags(tags);
}

/** Of a collection, what is needed to name and encode its records. */
export function importPlace({ bucket, prefix, codec, keyTemplate, storageRules }: Collection): ImportPlace {
  return { bucket, prefix, codec, keyTemplate, ...(storageRules === undefined ? {} : { storageRules }) };
}

/** Those of the import, then those of the collection where the import leaves the others to that. */
export function classRulesOf(
  { storageRules = [], storageClass }: Pick<ImportSettings, 'storageRules' | 'storageClass'>,
  place: Pick<Collection, 'storageRules'>,
): readonly StorageRule[] {
  return storageClass === null ? [...storageRules, ...(place.storageRules ?? [])] : storageRules;
}
