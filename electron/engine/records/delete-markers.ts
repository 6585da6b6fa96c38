import { bareEtag } from '../s3/etag.ts';
import type { CallOptions, ListedVersion, S3Client } from '../s3/s3-client.ts';
import type { RecordCall } from './record-call.ts';
import type { RecordDone } from './record-done.ts';
import { recordChanged, type Place } from './write-failures.ts';

/** What was deleted in a bucket with versions: the mark of its deletion, and the object behind it. */
export interface DeletedVersion {
  readonly marker: ListedVersion;
  readonly object: NonNullable<ListedVersion['object']>;
}

/** Null where the latest of a key's versions is no mark, or nothing is behind it. */
export async function findDeleted(
  client: S3Client,
  { bucket, key }: Place,
  call: CallOptions,
): Promise<DeletedVersion | null> {
  for await (const page of client.listObjectVersions(bucket, { ...call, prefix: key, maxKeys: 2 })) {
    const [marker, version] = page.filter((listed) => listed.key === key);
    const object = version?.object ?? null;
    return marker?.object === null && object !== null ? { marker, object } : null;
  }
  return null;
}

/** Removes the mark, so that the object is there again as it was. */
export async function removeMarker(
  client: S3Client,
  place: Place,
  { marker, object }: DeletedVersion,
  { announce, ...call }: RecordCall,
): Promise<RecordDone> {
  const { bucket, key } = place;
  const after = { md5: bareEtag(object.etag), size: object.size };
  await announce?.({ ...place, expectation: { absent: true }, after, before: null });
  await client.deleteObject(bucket, key, { ...call, versionId: marker.versionId });
  return { outcome: 'done', key, etagBefore: null, etagAfter: object.etag, notes: [], written: null };
}

/** The same for a mark that a person saw: another one is somebody else's. */
export async function undelete(
  client: S3Client,
  place: Place,
  markerId: string,
  call: RecordCall,
): Promise<RecordDone> {
  const { announce: _, ...look } = call;
  const found = await findDeleted(client, place, look);
  if (found === null || found.marker.versionId !== markerId) throw recordChanged(place);
  return removeMarker(client, place, found, call);
}
