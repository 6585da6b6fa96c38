import { versioningOf } from '../../records/delete-markers.ts';
import type { JobRun } from './job-run.ts';

/** False also where it may not be asked for: then nobody relies on it. */
export async function keepsVersions({ connection, signal }: Pick<JobRun, 'connection' | 'signal'>): Promise<boolean> {
  const { client, source } = connection;
  return (await versioningOf(client, source.bucket, { signal, lane: 'bulk' })) === 'enabled';
}
