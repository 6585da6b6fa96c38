import type { Collection } from '../../../shared/collection.ts';
import type { S3Client } from '../s3/s3-client.ts';
import { paced } from './batch/batch-calls.ts';
import { deleteMany } from './batch/delete-many.ts';
import { readMany } from './batch/read-many.ts';
import { doneOf, writeMany } from './batch/write-many.ts';
import { createRecord, prepareRecord, upsertRecord } from './create-record.ts';
import type { BatchRecord, RecordBatches } from './record-batches.ts';
import { updateRecord } from './update-record.ts';

export interface RecordBatchesOptions {
  /** The clock of `created_at` and `updated_at`. */
  readonly now?: () => Date;
}

export function createRecordBatches(
  client: S3Client,
  collection: Collection,
  { now = () => new Date() }: RecordBatchesOptions = {},
): RecordBatches {
  const prepare = (record: BatchRecord) => prepareRecord(collection, record, now());
  return {
    create: (records, options) =>
      writeMany(
        records,
        {
          prepare,
          sizeOf: sizeOfRecord,
          write: (prepared, call) => createRecord(client, collection, prepared, call).then(doneOf),
        },
        paced(client, options),
      ),
    read: (addresses, options) => readMany(client, collection, addresses, paced(client, options)),
    update: (changes, options) =>
      writeMany(
        changes,
        {
          prepare: (change) => change,
          sizeOf: () => null,
          write: (change, call) => updateRecord(client, collection, change, now(), call).then(doneOf),
        },
        paced(client, options),
      ),
    upsert: (records, options) =>
      writeMany(
        records,
        {
          prepare,
          // The object in its place is read too.
          sizeOf: (record) => 2 * sizeOfRecord(record),
          write: (prepared, call) => upsertRecord(client, collection, prepared, call).then(doneOf),
        },
        paced(client, options),
      ),
    delete: (targets, options) => deleteMany(client, collection.bucket, targets, paced(client, options)),
  };
}

/** The text and the body that is made of it. */
function sizeOfRecord({ record }: BatchRecord): number {
  return 2 * record.length;
}
