import { AppFailure } from '../../../shared/result.ts';
import type { Jobs } from './jobs.ts';

/** To be built. */
export function createJobs(): Jobs {
  const fail = (): Promise<never> => Promise.reject(new AppFailure('job-not-found', 'Jobs are not built yet.'));
  return {
    list: () => [],
    start: fail,
    pause: fail,
    resume: fail,
    cancel: fail,
    retry: fail,
    report: fail,
    remove: fail,
    dispose: () => Promise.resolve(),
  };
}
