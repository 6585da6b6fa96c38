import type { RequestOf } from '../../../../shared/job.ts';
import { writeMany } from '../../records/batch/write-many.ts';
import { undelete } from '../../records/delete-markers.ts';
import { isListedKey } from '../../records/key-template.ts';
import type { ListedVersion } from '../../s3/s3-client.ts';
import type { KindOfJob, ListingContext, Pages } from './job-kind.ts';
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
  const { client, source, target } = await connectTo(collection, 'write');
  const { bucket, prefix } = source;
  const chosen = names === undefined ? null : new Set(names);
  const isMeant = ({ key, object, isLatest, lastModified }: ListedVersion): boolean =>
    object === null &&
    isLatest &&
    lastModified >= since &&
    isListedKey(target.collection.codec, prefix, key) &&
    chosen?.has(key.slice(prefix.length)) !== false;
  for await (const versions of client.listObjectVersions(bucket, { prefix, signal, lane: 'bulk' })) {
    const markers = versions.filter(isMeant);
    if (markers.length === 0) continue;
    yield { keys: markers.map(({ key }) => key), etags: markers.map(({ versionId }) => versionId) };
  }
}
