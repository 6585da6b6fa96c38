import { hasEnded, type JobState } from '../../../shared/job.ts';

/**
 * Which state may follow which; everything that changes a job's state asks here. A person's wish and the work itself run
 * at the same time, so a job that is `pausing` or `cancelling` may still come to an end of its own.
 */
const FOLLOWING: Readonly<Record<JobState, readonly JobState[]>> = {
  queued: ['waiting', 'running', 'paused', 'cancelling', 'cancelled', 'interrupted', 'failed'],
  waiting: ['queued', 'running', 'paused', 'cancelling', 'cancelled', 'interrupted', 'failed'],
  running: ['pausing', 'paused', 'cancelling', 'interrupted', 'completed', 'completed-with-errors', 'failed'],
  pausing: ['paused', 'cancelling', 'interrupted', 'completed', 'completed-with-errors', 'failed'],
  paused: ['queued', 'cancelling', 'cancelled', 'failed'],
  cancelling: ['cancelled', 'interrupted'],
  interrupted: ['queued', 'waiting', 'running', 'paused', 'cancelling', 'cancelled', 'failed'],
  completed: [],
  'completed-with-errors': [],
  cancelled: [],
  failed: [],
};

export function mayFollow(from: JobState, to: JobState): boolean {
  return FOLLOWING[from].includes(to);
}

/** Whether the job's work is under way. */
export function isAtWork(state: JobState): boolean {
  return state === 'running' || state === 'pausing' || state === 'cancelling';
}

/** Whether the job waits for its turn. */
export function isInLine(state: JobState): boolean {
  return state === 'queued' || state === 'waiting' || state === 'interrupted';
}

/**
 * What a job is that was in `state` when the process ended: what ran or waited is `interrupted` and goes on; what a person
 * paused stays so; what was being cancelled is cancelled to its end.
 */
export function stateAfterRestart(state: JobState): JobState {
  if (hasEnded(state) || state === 'paused' || state === 'cancelling') return state;
  return state === 'pausing' ? 'paused' : 'interrupted';
}
