import type { Collection } from '../../../../shared/collection.ts';
import type { ImportSettings } from '../../../../shared/import.ts';
import { doneOf } from '../../records/batch/write-many.ts';
import { createRecord, replaceExisting, type PreparedRecord } from '../../records/create-record.ts';
import type { RecordCall } from '../../records/record-call.ts';
import type { RecordDone } from '../../records/record-done.ts';
import { updateRecord } from '../../records/update-record.ts';
import { hasCode } from '../../records/write-failures.ts';
import type { FoundObject, S3Client } from '../../s3/s3-client.ts';
import { compareRow } from './compare-row.ts';
import type { GoodRow } from './reading/prepare-rows.ts';

export interface RowWriting {
  readonly client: S3Client;
  readonly collection: Collection;
  readonly settings: ImportSettings;
  /** Milliseconds since 1970. */
  readonly sourceModifiedAt: number;
  /** The clock of `created_at` and `updated_at`: the start of the job, so that each run writes the same bytes. */
  readonly now: Date;
}

/** Somebody else writes the same record meanwhile. */
const MOST_CONFLICTS = 5;

/** Writes one row as its settings say of a record that is there: `record-exists` where that is a failure. */
export async function writeRow(row: GoodRow, writing: RowWriting, call: RecordCall): Promise<RecordDone> {
  const { client, collection, settings, now } = writing;
  const prepared = preparedRecord(row, settings, now);
  const create = async (): Promise<RecordDone> => doneOf(await createRecord(client, collection, prepared, call));
  switch (settings.onConflict) {
    case 'fail':
      return create();
    case 'skip':
      return create().catch(keptIfThere(row.key));
    case 'overwrite':
    case 'newer':
    case 'merge':
      return writeOver(row, prepared, { ...writing, onConflict: settings.onConflict }, call);
  }
}

/**
 * Most imports are of new records, so a row is created first, and compared with what is there only once that was refused;
 * but to merge is to expect that it is there.
 */
async function writeOver(
  row: GoodRow,
  prepared: PreparedRecord,
  writing: RowWriting & { readonly onConflict: 'overwrite' | 'newer' | 'merge' },
  call: RecordCall,
): Promise<RecordDone> {
  const { client, collection } = writing;
  const createsFirst = writing.onConflict !== 'merge';
  for (let tries = 1; ; tries += 1) {
    try {
      if (createsFirst && tries === 1) return doneOf(await createRecord(client, collection, prepared, call));
      const found = await getOrNull(client, collection.bucket, row.key, call);
      if (found === null) return doneOf(await createRecord(client, collection, prepared, call));
      return await writeOverFound(row, prepared, found, writing, call);
    } catch (error) {
      const isConflict = hasCode(error, 'record-exists', 'record-changed', 'record-not-found');
      if (!isConflict || tries >= MOST_CONFLICTS) throw error;
    }
  }
}

async function writeOverFound(
  row: GoodRow,
  prepared: PreparedRecord,
  found: FoundObject,
  writing: RowWriting & { readonly onConflict: 'overwrite' | 'newer' | 'merge' },
  call: RecordCall,
): Promise<RecordDone> {
  const { client, collection, now } = writing;
  const decided = compareRow(row, found, writing);
  switch (decided.fate) {
    case 'same':
    case 'keep':
      return kept(row.key, found.head.etag);
    case 'replace':
      return doneOf(await replaceExisting(client, collection, prepared, { head: found.head, found }, call));
    case 'merge': {
      const change = { edits: decided.edits, ...(row.tags === null ? {} : { tags: row.tags }) };
      return doneOf(await updateRecord(client, collection, { key: row.key, etag: found.head.etag, change }, now, call));
    }
  }
}

function preparedRecord(row: GoodRow, settings: ImportSettings, now: Date): PreparedRecord {
  const { id, key, record, body, tags } = row;
  return {
    given: { id, record, keepsTimes: true, headers: headersOf(row, settings), ...(tags === null ? {} : { tags }) },
    encoded: { id, text: body ?? record },
    key,
    now,
  };
}

function headersOf(row: GoodRow, settings: ImportSettings): PreparedRecord['given']['headers'] {
  const { userMetadata, encryption } = settings;
  const storageClass = row.storageClass ?? settings.storageClass;
  return {
    ...(userMetadata.length === 0 ? {} : { userMetadata }),
    // Servers without classes refuse the header, and STANDARD is what S3 takes by itself.
    ...(storageClass === null ? {} : { storageClass: storageClass === 'STANDARD' ? null : storageClass }),
    ...(encryption === null ? {} : { encryption }),
  };
}

/** Another record is there, and is to stay. `etag`: null where it was not looked at. */
function kept(key: string, etag: string | null): RecordDone {
  return { outcome: 'unchanged', key, etagBefore: etag, etagAfter: etag, notes: [], written: null };
}

function keptIfThere(key: string): (error: unknown) => RecordDone {
  return (error) => {
    if (!hasCode(error, 'record-exists')) throw error;
    return kept(key, null);
  };
}

export async function getOrNull(
  client: S3Client,
  bucket: string,
  key: string,
  call: RecordCall,
): Promise<FoundObject | null> {
  try {
    return await client.getObject(bucket, key, call);
  } catch (error) {
    if (!hasCode(error, 'record-not-found')) throw error;
    return null;
  }
}
