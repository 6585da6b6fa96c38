import type { Collection } from '../../../shared/collection.ts';
import type { NewRecord, RecordUpdate } from '../../../shared/contract.ts';
import type { RecordAddress, RecordDetail, WrittenRecord } from '../../../shared/record.ts';
import type { WrittenObject } from '../index/collection-index.ts';
import type { S3Client } from '../s3/s3-client.ts';
import type { CollectionBodies } from './body-cache.ts';
import { createRecord, prepareRecord, upsertRecord } from './create-record.ts';
import { sameEtag } from './etag.ts';
import { readRecord } from './read-record.ts';
import { headOrNull, settleDelete } from './settle-write.ts';
import { UNCHECKED_DELETE } from './unchecked-conditions.ts';
import { updateRecord } from './update-record.ts';
import { hasCode, recordChanged, recordGone } from './write-failures.ts';

/** The answer to the person and what the index is to be told. */
export interface RecordWritten {
  /** `unchanged`: nothing had to be written. */
  readonly outcome: 'done' | 'unchanged';
  /** Null where there was no object. */
  readonly etagBefore: string | null;
  readonly answer: WrittenRecord;
  readonly written: WrittenObject;
}

/** One collection's records in S3, read and written one at a time. Every failure is an `AppFailure`. */
export interface RecordStore {
  read(address: RecordAddress, signal: AbortSignal): Promise<RecordDetail>;
  create(record: NewRecord, signal: AbortSignal): Promise<RecordWritten>;
  update(update: RecordUpdate, signal: AbortSignal): Promise<RecordWritten>;
  /** `etag`: what the person saw; null deletes whatever is there. */
  delete(key: string, etag: string | null, signal: AbortSignal): Promise<{ readonly notes: readonly string[] }>;
}

export interface RecordStoreOptions {
  /** The clock of `created_at` and `updated_at`. */
  readonly now?: () => Date;
  /** Keeps large bodies on disk; null for a collection of which nothing may be there. */
  readonly bodies?: CollectionBodies | null;
}

export function createRecordStore(
  client: S3Client,
  collection: Collection,
  options: RecordStoreOptions = {},
): RecordStore {
  const now = options.now ?? (() => new Date());
  return {
    read: (address, signal) => readRecord(client, collection, address, signal, options.bodies ?? null),
    create: async (record, signal) => {
      const write = record.ifExists === 'replace' ? upsertRecord : createRecord;
      return write(client, collection, prepareRecord(collection, record, now()), { signal });
    },
    update: (update, signal) => updateRecord(client, collection, update, now(), { signal }),
    delete: (key, etag, signal) => deleteRecord(client, collection.bucket, key, etag, signal),
  };
}

/** HEAD first: a missing object is said, and servers that do not check conditions are guarded all the same. */
async function deleteRecord(
  client: S3Client,
  bucket: string,
  key: string,
  etag: string | null,
  signal: AbortSignal,
): Promise<{ readonly notes: readonly string[] }> {
  const place = { bucket, key };
  const head = await headOrNull(client, place, { signal });
  if (head === null) throw recordGone(place);
  if (etag !== null && !sameEtag(head.etag, etag)) throw recordChanged(place);
  if (etag === null) {
    await settleDelete(client, place, etag, { conditional: false, signal });
    return { notes: [] };
  }
  const { conditionalDelete } = await client.capabilities(bucket, key, { signal });
  if (conditionalDelete !== false) {
    try {
      await settleDelete(client, place, etag, { conditional: true, signal });
      return { notes: [] };
    } catch (error) {
      if (!hasCode(error, 'unsupported-by-server')) throw error;
    }
  }
  await settleDelete(client, place, etag, { conditional: false, signal });
  return { notes: [UNCHECKED_DELETE] };
}
