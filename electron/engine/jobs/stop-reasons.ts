import { AppFailure } from '../../../shared/result.ts';

/** Why work was broken off. */
export const STOPPED = {
  pause: new AppFailure('aborted', 'The job was paused.'),
  cancel: new AppFailure('aborted', 'The job was cancelled.'),
  quit: new AppFailure('aborted', 'Dipper is closing. The job goes on at the next start.'),
  moved: new AppFailure(
    'collection-not-found',
    'The collection is another one now than when this job was started. Start the job again from what the collection shows now.',
  ),
} as const;
