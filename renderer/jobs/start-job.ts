import type { JobRequest } from '../../shared/job.ts';
import type { Spending } from '../../shared/plan.ts';
import { call, toAppError } from '../api/call.ts';
import { currentWorkspace } from '../shell/workspace.ts';

/**
 * Starts a job that no dialog asks about; the jobs bar says where it could not be started. `onAsk`: it is beyond the budget,
 * and a person is to be asked first.
 */
export function startJob(job: JobRequest, spending: Spending = 'within-budget', onAsk?: () => void): void {
  call('jobs:start', { job, spending }).catch((thrown: unknown) => {
    const { code, message } = toAppError(thrown);
    if (code === 'ask-first' && onAsk !== undefined) onAsk();
    else currentWorkspace().say(message);
  });
}
