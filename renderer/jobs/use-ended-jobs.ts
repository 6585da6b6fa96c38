import { useEffect } from 'react';
import { hasEnded, type Job } from '../../shared/job.ts';
import { jobTitle, outcomeText, stateWords } from '../../shared/job-words.ts';
import { onEvent } from '../api/events.ts';
import { sessionOf } from '../query/sessions.ts';
import { currentWorkspace } from '../shell/workspace.ts';

/** Says what became of each job, and asks the queries of its collection again: rows that were deleted are no rows any more. */
export function useEndedJobs(): void {
  useEffect(() => {
    const said = new Set<string>();
    return onEvent('job:changed', (job) => {
      if (!hasEnded(job.state) || said.has(job.id)) return;
      said.add(job.id);
      const { say, tabs } = currentWorkspace();
      say(endText(job));
      for (const { id, collection } of tabs) {
        if (collection === job.collection) void sessionOf(id, collection).rerun('first-rows');
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
