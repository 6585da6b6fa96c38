import type { RequestOf } from '../../../../shared/job.ts';
import { writeMany } from '../../records/batch/write-many.ts';
import { deletionMarks, undelete } from '../../records/delete-markers.ts';
import { SENT_TO_UNDO, type KindOfJob, type ListingContext, type Pages } from './job-kind.ts';
import { writeRecords } from './write-records.ts';

/**
 * Brings back what was deleted in a bucket that keeps versions: removes the mark of each deletion, by the id that was listed.
 * The `etag` of a record is that id here.
 */
export const UNDELETE: KindOfJob<'undelete'> = {
  use: 'write',
  pauses: 'behind-records',
  retries: 'never',
  undo: 'writes',
  recordsOf: deleted,
  sends: ({ records: count }) => [
    { operation: 'ListObjectVersions', count, exact: false },
    { operation: 'DeleteObject', count, exact: true },
  ],
  undoSends: [SENT_TO_UNDO.look, SENT_TO_UNDO.delete],
  run: (run) => {
    const { client, source } = run.connection;
    return writeRecords(run, (records, options) =>
      writeMany(
        records,
        {
          prepare: (record) => record,
          sizeOf: () => 0,
          write: ({ key, etag }, call) => undelete(client, { bucket: source.bucket, key }, etag, call),
        },
        options,
      ),
    );
  },
};

async function* deleted(
  { collection, since, names }: RequestOf<'undelete'>,
  { connectTo }: ListingContext,
  signal: AbortSignal,
): Pages {
  const { client, target } = await connectTo(collection, 'write');
  const { prefix } = target.collection;
  const chosen = names === undefined ? null : new Set(names);
  for await (const marks of deletionMarks(client, target.collection, { signal, lane: 'bulk' })) {
    const meant = marks.filter(
      ({ key, lastModified }) => lastModified >= since && chosen?.has(key.slice(prefix.length)) !== false,
    );
    if (meant.length === 0) continue;
    yield { keys: meant.map(({ key }) => key), etags: meant.map(({ versionId }) => versionId) };
  }
}
