import type { Collection } from '../../../shared/collection.ts';
import type { NewRecord, RecordUpdate } from '../../../shared/contract.ts';
import type { RecordAddress, RecordDetail, WrittenRecord } from '../../../shared/record.ts';
import type { WrittenObject } from '../index/collection-index.ts';
import type { S3Client } from '../s3/s3-client.ts';
import type { CollectionBodies } from './body-cache.ts';
import { createRecord, prepareRecord, replaceRecord } from './create-record.ts';
import { deleteObject } from './delete-object.ts';
import { readRecord } from './read-record.ts';
import { updateRecord } from './update-record.ts';
import { recordGone } from './write-failures.ts';

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
      const write = record.ifExists === 'replace' ? replaceRecord : createRecord;
      return write(client, collection, prepareRecord(collection, record, now()), { signal });
    },
    update: (update, signal) => updateRecord(client, collection, update, now(), { signal }),
    delete: async (key, etag, signal) => {
      const place = { bucket: collection.bucket, key };
      const { existed, notes } = await deleteObject(client, place, etag, { signal });
      if (!existed) throw recordGone(place);
      return { notes };
    },
  };
}
