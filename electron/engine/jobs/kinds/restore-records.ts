import { isArchived } from '../../../../shared/storage-classes.ts';
import { writeMany } from '../../records/batch/write-many.ts';
import type { RecordCall } from '../../records/record-call.ts';
import type { RecordDone } from '../../records/record-done.ts';
import type { S3Client } from '../../s3/s3-client.ts';
import type { JobRecord, WorkOf } from '../journal/journal.ts';
import { namedRecords, type KindOfJob } from './job-kind.ts';
import { writeRecords } from './write-records.ts';

/** Asks for readable copies of archived objects. Asked twice it does no harm, so that nothing is written ahead. */
export const RESTORE: KindOfJob<'restore'> = {
  use: 'write',
  pauses: 'behind-records',
  retries: 'failed-records',
  undo: null,
  recordsOf: namedRecords,
  sends: ({ records, written, tier = 'Standard' }) => [
    { operation: 'HeadObject', count: records, exact: true },
    // Those that are on their way already are not asked for again.
    { operation: 'RestoreObject', count: written, exact: true, tier },
  ],
  writes: ({ storageClass }) => isArchived(storageClass),
  run: (run, work) => {
    const { client, source } = run.connection;
    return writeRecords(
      run,
      (records, options) =>
        writeMany(
          records,
          {
            prepare: (record) => record,
            sizeOf: () => 0,
            write: (record, call) => restore(client, source.bucket, record, work, call),
          },
          options,
        ),
      // Bodies and classes stay.
      () => Promise.resolve(),
    );
  },
};

async function restore(
  client: S3Client,
  bucket: string,
  { key, etag }: JobRecord,
  { days, tier }: WorkOf<'restore'>,
  call: RecordCall,
): Promise<RecordDone> {
  const head = await client.headObject(bucket, key, { ...call, ifMatch: etag });
  const done = { key, etagBefore: head.etag, etagAfter: head.etag, notes: [], written: null } as const;
  if (!isArchived(head.storageClass)) return { ...done, outcome: 'unchanged' };
  const answer = await client.restoreObject(bucket, key, { ...call, days, tier });
  return { ...done, outcome: answer === 'pending' ? 'unchanged' : 'done' };
}
