import type { RecordsWork } from './records-work.ts';
import { writeRecords } from './write-records.ts';

export function deleteRecords(work: RecordsWork): Promise<boolean> {
  return writeRecords(work, (records, options) => work.connection.batches.delete(records, options));
}
