import type { JobRequest } from '../../shared/job.ts';
import { call, toAppError } from '../api/call.ts';
import { currentWorkspace } from '../shell/workspace.ts';

/** Starts a job that needs no answer of a person first; the jobs bar says where it could not be started. */
export function startJob(job: JobRequest): void {
  call('jobs:start', { job }).catch((thrown: unknown) => currentWorkspace().say(toAppError(thrown).message));
}
