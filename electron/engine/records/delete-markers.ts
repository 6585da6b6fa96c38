import type { Collection } from '../../../shared/collection.ts';
import { MOST_DELETED, type DeletedRecord, type DeletedRecords } from '../../../shared/deleted-records.ts';
import { bareEtag } from '../s3/etag.ts';
import type { CallOptions, ListedVersion, S3Client } from '../s3/s3-client.ts';
import type { RecordCall } from './record-call.ts';
import type { RecordDone } from './record-done.ts';
import { isListedKey } from './key-template.ts';
import { hasCode, recordChanged, type Place } from './write-failures.ts';

/** What was deleted in a bucket with versions: the mark of its deletion, and the object behind it. */
export interface DeletedVersion {
  readonly marker: ListedVersion;
  readonly object: NonNullable<ListedVersion['object']>;
}

/** The marks of all records of a collection that were deleted, by the pages of the listing of versions. */
export async function* deletionMarks(
  client: S3Client,
  { bucket, prefix, codec }: Pick<Collection, 'bucket' | 'prefix' | 'codec'>,
  call: CallOptions,
): AsyncGenerator<readonly ListedVersion[], void, undefined> {
  for await (const versions of client.listObjectVersions(bucket, { ...call, prefix })) {
    yield versions.filter(
      ({ key, object, isLatest }) => object === null && isLatest && isListedKey(codec, prefix, key),
    );
  }
}

/** The same for a person to choose from. */
export async function findDeletedRecords(
  client: S3Client,
  collection: Pick<Collection, 'bucket' | 'prefix' | 'codec'>,
  call: CallOptions,
): Promise<DeletedRecords> {
  const versioning = await versioningOf(client, collection.bucket, call);
  const records: DeletedRecord[] = [];
  let more = false;
  for await (const marks of deletionMarks(client, collection, call)) {
    for (const { key, lastModified } of marks) {
      more = records.length >= MOST_DELETED;
      if (more) break;
      records.push({ name: key.slice(collection.prefix.length), deletedAt: lastModified });
    }
    if (more) break;
  }
  return { versioning, records: records.toSorted((a, b) => b.deletedAt - a.deletedAt), more };
}

/** Null also where the server does not know of versions. */
export async function versioningOf(
  client: S3Client,
  bucket: string,
  call: CallOptions,
): Promise<DeletedRecords['versioning']> {
  try {
    return await client.getBucketVersioning(bucket, call);
  } catch (error) {
    if (hasCode(error, 'access-denied', 'unsupported-by-server', 'not-s3')) return null;
    throw error;
  }
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
