import { isUnderWay, type Job } from '../../shared/job.ts';
import { createCaller } from '../ipc/caller.ts';
import type { Door } from '../ipc/door.ts';

/** Tells which jobs are under way, now and at every change, for as long as the program runs. */
export async function followJobs(door: Door, onChange: (underWay: readonly Job[]) => void): Promise<void> {
  const underWay = new Map<string, Job>();
  const ended = new Set<string>();
  let listed = false;
  const keep = (job: Job): void => {
    if (isUnderWay(job.state)) underWay.set(job.id, job);
    else {
      underWay.delete(job.id);
      // The list may be older than this.
      if (!listed) ended.add(job.id);
    }
  };
  const caller = createCaller(door, (event) => {
    if (event.name !== 'job:changed') return;
    keep(event.payload);
    onChange([...underWay.values()]);
  });
  for (const job of await caller.call('jobs:list', {})) {
    if (!underWay.has(job.id) && !ended.has(job.id)) keep(job);
  }
  listed = true;
  ended.clear();
  onChange([...underWay.values()]);
}
