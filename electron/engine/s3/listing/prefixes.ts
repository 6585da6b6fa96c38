import type { PrefixPage, ObjectCount } from '../../../../shared/prefix-page.ts';
import type { CallOptions, S3Client } from '../s3-client.ts';

/** Pages without a folder that are looked through before the person is asked whether to go on: 10,000 objects. */
const MOST_PAGES = 10;
/** Beyond, a count takes longer than it tells. */
const MOST_COUNTED = 10_000;

/**
 * Folders directly below a prefix: of the first page of the listing that has any, since they stand between the objects
 * that lie beside them. `from` is the `next` of the page before; null for the first.
 */
export async function listPrefixes(
  client: S3Client,
  bucket: string,
  prefix: string,
  from: string | null,
  call: CallOptions,
): Promise<PrefixPage> {
  let token = from;
  for (let pages = 1; ; pages += 1) {
    const page = await client.listObjectsV2(bucket, {
      ...call,
      prefix,
      delimiter: '/',
      ...(token === null ? {} : { continuationToken: token }),
    });
    token = page.nextContinuationToken;
    if (page.commonPrefixes.length > 0 || token === null || pages === MOST_PAGES)
      return { prefixes: page.commonPrefixes, more: page.truncated, next: token };
  }
}

/** Objects below a prefix, whatever folders they are in; 10,000 of them are counted at most. */
export async function countObjects(
  client: S3Client,
  bucket: string,
  prefix: string,
  call: CallOptions,
): Promise<ObjectCount> {
  let count = 0;
  for await (const { objects, truncated } of client.listAllObjects(bucket, { ...call, prefix })) {
    count += objects.length;
    if (count >= MOST_COUNTED) return { count: MOST_COUNTED, more: truncated || count > MOST_COUNTED };
  }
  return { count, more: false };
}
