import type { Tag, TagChange } from '../../../shared/record.ts';
import { sameTags } from '../../../shared/same-tags.ts';
import type { S3Client } from '../s3/s3-client.ts';
import type { RecordCall } from './record-call.ts';
import type { RecordDone } from './record-done.ts';
import { checkTags } from './tag-mapping.ts';
import { factsOf } from './write-object.ts';

/** The tags after a change. Those that are there keep their place; `invalid-arguments` where S3 can hold no such set. */
export function tagsAfter(present: readonly Tag[], change: TagChange): readonly Tag[] {
  if ('replace' in change) return checkTags(change.replace);
  const tags = new Map(present.map(({ key, value }) => [key, value]));
  for (const key of change.remove) tags.delete(key);
  for (const { key, value } of change.add) tags.set(key, value);
  return checkTags(Array.from(tags, ([key, value]) => ({ key, value })));
}

/**
 * Other tags for the object that the person saw; body and ETag stay. S3 has no condition for tags: the object is looked at
 * right before, and so are the tags that are kept.
 */
export async function changeTags(
  client: S3Client,
  bucket: string,
  { key, etag }: { readonly key: string; readonly etag: string },
  change: TagChange,
  { announce, ...call }: RecordCall,
): Promise<RecordDone> {
  const [head, present] = await Promise.all([
    client.headObject(bucket, key, { ...call, ifMatch: etag }),
    client.getObjectTagging(bucket, key, call),
  ]);
  const tags = tagsAfter(present, change);
  const done = { key, etagBefore: head.etag, etagAfter: head.etag, notes: [], written: null } as const;
  if (sameTags(present, tags)) return { ...done, outcome: 'unchanged' };
  await announce?.({
    bucket,
    key,
    expectation: { etag: head.etag },
    after: { md5: null, size: head.size, facts: { tags } },
    before: { facts: factsOf(head), body: null, tags: present },
  });
  await client.putObjectTagging(bucket, key, tags, call);
  return { ...done, outcome: 'done', tagged: tags };
}
