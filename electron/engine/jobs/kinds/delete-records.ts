import { writeMany } from '../../records/batch/write-many.ts';
import { deleteKept } from '../../records/delete-kept.ts';
import { keepsVersions } from './keeps-versions.ts';
import { namedRecords, SENT_TO_UNDO, type KindOfJob } from './job-kind.ts';
import { writeRecords } from './write-records.ts';

/** S3's own limit. */
const DELETED_AT_ONCE = 1_000;

export const DELETE: KindOfJob<'delete'> = {
  use: 'write',
  pauses: 'behind-records',
  retries: 'failed-records',
  undo: 'writes',
  recordsOf: namedRecords,
  sends: ({ records: count, undoable = false }) =>
    undoable
      ? [
          // Where the bucket keeps versions there is nothing to be read.
          { operation: 'GetObject', count, exact: true, bodies: 'read' },
          { operation: 'DeleteObject', count, exact: true },
        ]
      : // One by one where the server does not check in a request for many that records are unchanged.
        [{ operation: 'DeleteObjects', count: Math.ceil(count / DELETED_AT_ONCE), exact: false }],
  undoSends: [SENT_TO_UNDO.look, SENT_TO_UNDO.write],
  endsObjects: true,
  keeps: ({ undoable = false }) => (undoable ? 'records' : null),
  run: async (run, { undoable = false }) => {
    const { batches, client, source } = run.connection;
    // Where the bucket keeps what is deleted, a thousand can go with one request.
    if (!undoable || (await keepsVersions(run))) {
      return writeRecords(run, (records, options) => batches.delete(records, options));
    }
    return writeRecords(run, (records, options) =>
      writeMany(
        records,
        {
          prepare: (record) => record,
          sizeOf: () => null,
          write: (record, call) => deleteKept(client, source.bucket, record, call),
        },
        options,
      ),
    );
  },
};
