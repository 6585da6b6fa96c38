import { hasCode } from '../../records/write-failures.ts';
import type { JobRun } from './job-run.ts';

/** False also where it may not be asked for: then nobody relies on it. */
export async function keepsVersions({ connection, signal }: Pick<JobRun, 'connection' | 'signal'>): Promise<boolean> {
  const { client, source } = connection;
  try {
    return (await client.getBucketVersioning(source.bucket, { signal, lane: 'bulk' })) === 'enabled';
  } catch (error) {
    if (hasCode(error, 'access-denied', 'unsupported-by-server', 'not-s3')) return false;
    throw error;
  }
}
