import { AppFailure } from '../../../shared/result.ts';
import type { S3Client } from './s3-client.ts';

/** Milliseconds of one request that needs nothing but the right to sign. Throws what stands in the way. */
export async function answerTime(client: S3Client, signal: AbortSignal): Promise<number> {
  const started = performance.now();
  try {
    await client.listBuckets({ signal });
  } catch (error) {
    // The server knows the key and its secret, but the key may not list buckets: they are opened by name then.
    if (!(error instanceof AppFailure) || error.error.code !== 'access-denied') throw error;
  }
  return Math.round(performance.now() - started);
}
