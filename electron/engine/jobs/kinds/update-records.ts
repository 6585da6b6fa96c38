import type { RecordEdit } from '../../../../shared/record.ts';
import type { BatchChange } from '../../records/record-batches.ts';
import type { JobRecord } from '../journal/journal.ts';
import type { RecordsWork } from './records-work.ts';
import { writeRecords } from './write-records.ts';

/** Sets the same values in every record. */
export function updateRecords(work: RecordsWork, edits: readonly RecordEdit[]): Promise<boolean> {
  return writeRecords(work, (records, options) =>
    work.connection.batches.update(withChange(records, { edits }), options),
  );
}

async function* withChange(
  records: AsyncGenerator<JobRecord, void, undefined>,
  change: BatchChange['change'],
): AsyncGenerator<BatchChange, void, undefined> {
  for await (const record of records) yield { ...record, change };
}
