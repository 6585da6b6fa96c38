import { useEffect } from 'react';
import { hasEnded, type Job, type JobState } from '../../shared/job.ts';
import { jobTitle, outcomeText, stateWords } from '../../shared/job-words.ts';
import { onEvent } from '../api/events.ts';
import { sessionOf } from '../query/sessions.ts';
import { currentWorkspace } from '../shell/workspace.ts';

/**
 * Says what became of each job, and asks the queries of its collections again: rows that were deleted are no rows any more,
 * and those that were copied are some.
 * What was said before is old news once somebody starts a job, or lets one go on.
 */
export function useJobNews(): void {
  useEffect(() => {
    const states = new Map<string, JobState>();
    return onEvent('job:changed', (job) => {
      const before = states.get(job.id);
      states.set(job.id, job.state);
      const { say, unsay, tabs } = currentWorkspace();
      if (!hasEnded(job.state)) {
        if (before === undefined || (before === 'paused' && job.state !== 'paused')) unsay();
        return;
      }
      if (before !== undefined && hasEnded(before)) return;
      say(endText(job), job.id);
      // It changes nothing that a query could find.
      if (job.kind === 'export') return;
      for (const tab of tabs) {
        if (tab.collection === null) continue;
        // Of its own collection the index has what was written; the other one has to be listed for it.
        if (tab.collection === job.to?.collection) void sessionOf(tab, tab.collection).rerun('complete');
        else if (tab.collection === job.collection) void sessionOf(tab, tab.collection).rerun('first-rows');
      }
    });
  }, []);
}

export function endText(job: Job): string {
  const { state, error } = job;
  if (state === 'failed') return `${jobTitle(job)}: failed. ${error?.message ?? ''}`.trim();
  const records = outcomeText(job);
  return `${jobTitle(job)}: ${state === 'cancelled' ? `${stateWords(state)}, ${records}` : records}`;
}
