import { writeMany } from '../../records/batch/write-many.ts';
import { changeTags } from '../../records/change-tags.ts';
import { namedRecords, SENT_TO_UNDO, type KindOfJob } from './job-kind.ts';
import { writeRecords } from './write-records.ts';

/** Adds, removes or replaces tags; bodies stay. */
export const TAG: KindOfJob<'tag'> = {
  use: 'write',
  pauses: 'behind-records',
  retries: 'failed-records',
  undo: 'writes',
  recordsOf: namedRecords,
  sends: ({ records: count }) => [
    { operation: 'GetObjectTagging', count, exact: false },
    { operation: 'PutObjectTagging', count, exact: false },
  ],
  undoSends: [SENT_TO_UNDO.look, SENT_TO_UNDO.readTags, SENT_TO_UNDO.writeTags],
  run: (run, { change }) =>
    writeRecords(run, (records, options) => {
      const { client, source } = run.connection;
      return writeMany(
        records,
        {
          prepare: (record) => record,
          sizeOf: () => 0,
          write: (record, call) => changeTags(client, source.bucket, record, change, call),
        },
        options,
      );
    }),
};
