import type { S3Client } from '../s3/s3-client.ts';
import { copyInPlace } from './copy-in-place.ts';
import type { RecordCall } from './record-call.ts';
import type { RecordDone } from './record-done.ts';

/** Another storage class for the object that the person saw. `record-archived` where it has to be restored first. */
export async function setClass(
  client: S3Client,
  bucket: string,
  { key, etag }: { readonly key: string; readonly etag: string },
  storageClass: string,
  call: RecordCall,
): Promise<RecordDone> {
  const { announce: _, ...look } = call;
  const head = await client.headObject(bucket, key, { ...look, ifMatch: etag });
  const done = { key, etagBefore: head.etag, notes: [], written: null } as const;
  if (head.storageClass === storageClass) return { ...done, outcome: 'unchanged', etagAfter: head.etag };
  const answer = await copyInPlace(client, bucket, head, { storageClass }, call);
  return { ...done, outcome: 'done', etagAfter: answer.etag };
}
