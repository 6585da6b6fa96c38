import type { JobCounts } from '../../../../shared/job.ts';
import type { SyncProgress } from '../../../../shared/page.ts';
import type { KindOfJob } from './job-kind.ts';
import type { JobRun } from './job-run.ts';

/** Makes the index of a collection true. Nothing is journalled: what a sync has read is in the index, and stays there. */
export const SYNC: KindOfJob<'sync'> = {
  use: 'read',
  pauses: 'at-once',
  retries: 'anew',
  undo: null,
  recordsOf: null,
  run: async (run, { rebuild }) => {
    const { entry, indexes } = run;
    // Only once: what was read before a pause stays.
    if (rebuild && entry.standing.requests === 0) await indexes.forget(entry.header.collection);
    await sync(run);
    return true;
  },
};

async function sync({ entry, indexes, connection, signal }: JobRun): Promise<void> {
  const { requests, bytes } = entry.standing;
  const onProgress = (progress: SyncProgress): void => {
    entry.progress({
      counts: countsOf(progress),
      requests: requests + progress.requests,
      bytes: bytes + progress.bytes,
    });
  };
  await indexes.sync(connection.source, onProgress, signal);
}

function countsOf({ state, listed, toRead, read }: SyncProgress): JobCounts {
  return { total: state === 'listing' ? null : listed, done: read, unchanged: listed - toRead, failed: 0 };
}
