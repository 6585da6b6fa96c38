import type { ConnectionTest } from '../../../shared/contract.ts';
import { AppFailure } from '../../../shared/result.ts';
import type { S3Client } from './s3-client.ts';

/** One signed request that needs nothing but the right to sign: ListBuckets. Throws what stands in the way. */
export async function testClient(client: S3Client, signal: AbortSignal): Promise<ConnectionTest> {
  const started = performance.now();
  const buckets = await bucketCount(client, signal);
  return { milliseconds: Math.round(performance.now() - started), buckets };
}

async function bucketCount(client: S3Client, signal: AbortSignal): Promise<number | null> {
  try {
    return (await client.listBuckets({ signal })).length;
  } catch (error) {
    // The server knows the key and its secret, but the key may not list buckets: they are opened by name then.
    if (error instanceof AppFailure && error.error.code === 'access-denied') return null;
    throw error;
  }
}
