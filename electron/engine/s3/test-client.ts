import type { ConnectionTest } from '../../../shared/contract.ts';
import { AppFailure } from '../../../shared/result.ts';
import type { S3Client } from './s3-client.ts';
import { uncheckedConditions } from './unchecked-conditions.ts';

/** Where something may be written to try the server out: beside the records of a collection. */
export interface TrialPlace {
  readonly bucket: string;
  readonly prefix: string;
}

/**
 * One signed request that needs nothing but the right to sign: ListBuckets; and, where there is a place for it, what the
 * server makes of conditions. Throws what stands in the way.
 */
export async function testClient(
  client: S3Client,
  place: TrialPlace | null,
  signal: AbortSignal,
): Promise<ConnectionTest> {
  const started = performance.now();
  const buckets = await bucketCount(client, signal);
  const milliseconds = Math.round(performance.now() - started);
  const notes = place === null ? [] : uncheckedConditions(await client.capabilities(place.bucket, place.prefix, {}));
  return { milliseconds, buckets, notes };
}

/** Milliseconds of that request alone. */
export async function answerTime(client: S3Client, signal: AbortSignal): Promise<number> {
  const started = performance.now();
  await bucketCount(client, signal);
  return Math.round(performance.now() - started);
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
