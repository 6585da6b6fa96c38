import { sameEtag } from '../s3/etag.ts';
import type { S3Client } from '../s3/s3-client.ts';
import { beforeImage } from './before-image.ts';
import { deleteObject } from './delete-object.ts';
import type { RecordCall } from './record-call.ts';
import type { RecordDone } from './record-done.ts';
import { headOrNull } from './settle-write.ts';
import { recordChanged } from './write-failures.ts';

/** Deletes the object that the person saw, once all of it is in the journal. */
export async function deleteKept(
  client: S3Client,
  bucket: string,
  { key, etag }: { readonly key: string; readonly etag: string },
  call: RecordCall,
): Promise<RecordDone> {
  const place = { bucket, key };
  const { announce: _, ...look } = call;
  const gone = { outcome: 'unchanged', key, etagBefore: null, etagAfter: null, notes: [], written: null } as const;
  const head = await headOrNull(client, place, look);
  if (head === null) return gone;
  if (!sameEtag(head.etag, etag)) throw recordChanged(place);
  const { existed, notes } = await deleteObject(
    client,
    place,
    etag,
    call,
    await beforeImage(client, bucket, head, look),
  );
  return existed ? { ...gone, outcome: 'done', etagBefore: head.etag, notes } : gone;
}
