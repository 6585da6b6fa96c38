import { namedRecords, type KindOfJob } from './job-kind.ts';
import { writeRecords } from './write-records.ts';

export const DELETE: KindOfJob<'delete'> = {
  use: 'write',
  pauses: 'behind-records',
  retries: 'failed-records',
  recordsOf: namedRecords,
  run: (run) => writeRecords(run, (records, options) => run.connection.batches.delete(records, options)),
};
