import { AppFailure } from '../../../shared/result.ts';
import type { S3Client } from './s3-client.ts';
import { lookInDoubt, WriteInDoubt } from './write-in-doubt.ts';

/** A bucket of one's own; one that is there already is left as it is, where the server tells it from somebody else's. */
export async function createBucket(client: S3Client, bucket: string, signal: AbortSignal): Promise<void> {
  try {
    await client.createBucket(bucket, { signal });
  } catch (error) {
    if (error instanceof AppFailure && error.error.detail?.s3Code === 'BucketAlreadyOwnedByYou') return;
    if (!(error instanceof WriteInDoubt)) throw error;
    await lookInDoubt(() => client.headBucket(bucket, { signal }));
  }
}
