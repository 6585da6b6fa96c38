import type { ObjectFacts } from '../../../shared/record.ts';
import type { CallOptions, ObjectHead, S3Client } from '../s3/s3-client.ts';
import { readPresentTags } from './present-tags.ts';
import { MAXIMUM_BODY_BYTES } from './read-record.ts';
import type { RecordCall } from './record-call.ts';
import type { BeforeImage } from './write-intent.ts';
import { factsOf } from './write-object.ts';

/**
 * An object as it is now, for a journal, so that what is about to replace it can be undone. Its body is read where the bucket
 * keeps no version of it, where it is no larger than what a record may be, and where somebody wants it.
 */
export async function beforeImage(
  client: S3Client,
  bucket: string,
  head: ObjectHead,
  { keepsBody = true, ...call }: CallOptions & Pick<RecordCall, 'keepsBody'>,
): Promise<BeforeImage> {
  const { key, etag, size } = head;
  const facts = factsOf(head);
  if (!keepsBody || isVersion(facts) || size > MAXIMUM_BODY_BYTES) return { facts, body: null, tags: [] };
  const [found, present] = await Promise.all([
    client.getObject(bucket, key, { ...call, ifMatch: etag }),
    readPresentTags(client, bucket, head, false, call),
  ]);
  return { facts, body: found.body, tags: present.tags };
}

/** The bucket keeps it: what is called `null` is written over. */
export function isVersion({ versionId }: ObjectFacts): boolean {
  return versionId !== null && versionId !== 'null';
}
