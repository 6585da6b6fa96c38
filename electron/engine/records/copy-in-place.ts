import { copyInParts, LARGEST_COPY } from '../s3/multipart/copy-in-parts.ts';
import type { ObjectHead, ObjectHeaders, PutAnswer, S3Client } from '../s3/s3-client.ts';
import type { RecordCall } from './record-call.ts';
import { settleSent } from './settle-write.ts';
import { hasCode, type Place } from './write-failures.ts';
import type { IntendedFacts } from './write-intent.ts';
import { factsOf, keptHeaders } from './write-object.ts';

/** What is to be said of an object from now on. */
export type ChangedFacts = Required<Pick<IntendedFacts, 'storageClass'>> | Required<Pick<IntendedFacts, 'contentType'>>;

/**
 * Says something else of an object, whose body stays where it is: the server copies it onto itself, above 5 GiB in parts.
 * Content headers, user metadata, tags and encryption stay. Every server looks at the condition on the source, which is the
 * same object here; where it looks at the one on what it replaces too, nobody can come between.
 */
export async function copyInPlace(
  client: S3Client,
  bucket: string,
  head: ObjectHead,
  facts: ChangedFacts,
  { announce, ...call }: RecordCall,
): Promise<PutAnswer> {
  const { key, etag, size } = head;
  const place: Place = { bucket, key };
  const expectation = { etag };
  const after = { md5: null, size, facts };
  const { conditionalReplace } = await client.capabilities(bucket, key, call);
  const isLarge = size > LARGEST_COPY;
  // Parts take nothing along by themselves.
  const tags = isLarge ? await client.getObjectTagging(bucket, key, call) : [];
  await announce?.({ ...place, expectation, after, before: { facts: factsOf(head), body: null, tags } });
  const source = { ...place, ifMatch: etag };
  const headers: ObjectHeaders = { ...keptHeaders(head, tags), ...facts };
  const copy = async (ifMatch: { readonly ifMatch?: string }): Promise<PutAnswer> => {
    if (isLarge) return copyInParts(client, bucket, key, { ...source, size }, { ...call, ...ifMatch, headers });
    const { storageClass = null, encryption = null, tags: _kept, ...described } = headers;
    // Taken along by the server as it is, unless something else is to be said; a redirect never is.
    const isNew = 'contentType' in facts || head.websiteRedirect !== null;
    const say = isNew ? { headers: described } : {};
    return client.copyObject(bucket, key, source, { ...call, ...ifMatch, ...say, storageClass, encryption });
  };
  const send = async (): Promise<PutAnswer> => {
    if (conditionalReplace !== true) return copy({});
    try {
      return await copy({ ifMatch: etag });
    } catch (error) {
      if (!hasCode(error, 'unsupported-by-server')) throw error;
      return copy({});
    }
  };
  return settleSent(client, { ...place, expectation }, () => after, send, call);
}
