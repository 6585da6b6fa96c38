import type { JobCounts } from '../../../../shared/job.ts';
import type { SyncProgress } from '../../../../shared/page.ts';
import type { Indexes, IndexSource } from '../../index/collection-index.ts';
import type { JobEntry } from '../job-entry.ts';

/** Makes the index of a collection true. Nothing is journalled: what a sync has read is in the index, and stays there. */
export async function syncCollection(
  entry: JobEntry,
  indexes: Indexes,
  source: IndexSource,
  signal: AbortSignal,
): Promise<void> {
  const { requests, bytes } = entry.standing;
  const onProgress = (progress: SyncProgress): void => {
    entry.progress({
      counts: countsOf(progress),
      requests: requests + progress.requests,
      bytes: bytes + progress.bytes,
    });
  };
  await indexes.sync(source, onProgress, signal);
}

function countsOf({ state, listed, toRead, read }: SyncProgress): JobCounts {
  return { total: state === 'listing' ? null : listed, done: read, unchanged: listed - toRead, failed: 0 };
}
