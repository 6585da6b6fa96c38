import type { BatchChange } from '../../records/record-batches.ts';
import { checkPatch } from '../../records/record-patch.ts';
import type { JobRecord } from '../journal/journal.ts';
import { namedRecords, SENT_TO_UNDO, type KindOfJob } from './job-kind.ts';
import { writeRecords } from './write-records.ts';

/** The same change of every record. */
export const UPDATE: KindOfJob<'update'> = {
  use: 'write',
  pauses: 'behind-records',
  retries: 'failed-records',
  undo: 'writes',
  recordsOf: namedRecords,
  sends: ({ records: count }) => [
    { operation: 'GetObject', count, exact: true, bodies: 'read' },
    { operation: 'PutObject', count, exact: true, into: null },
  ],
  undoSends: [SENT_TO_UNDO.look, SENT_TO_UNDO.read, SENT_TO_UNDO.write],
  endsObjects: true,
  keeps: ({ undoable = true }) => (undoable ? 'records' : null),
  check: async ({ patch }) => {
    if (patch !== undefined) checkPatch(patch);
  },
  run: (run, { kind: _kind, ...bulk }) =>
    writeRecords(run, (records, options) => run.connection.batches.update(withChange(records, { bulk }), options)),
};

async function* withChange(
  records: AsyncGenerator<JobRecord, void, undefined>,
  change: BatchChange['change'],
): AsyncGenerator<BatchChange, void, undefined> {
  for await (const record of records) yield { change, ...record };
}
