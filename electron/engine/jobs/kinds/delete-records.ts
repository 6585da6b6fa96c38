import { writeRecords, type RecordsWork } from './write-records.ts';

export function deleteRecords(work: RecordsWork): Promise<boolean> {
  return writeRecords(work, (records, options) => work.connection.batches.delete(records, options));
}
