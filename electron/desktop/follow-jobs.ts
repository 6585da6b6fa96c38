import { hasEnded, isUnderWay, type Job } from '../../shared/job.ts';
import { createCaller } from '../ipc/caller.ts';
import type { Door } from '../ipc/door.ts';

export interface JobListener {
  readonly onChange: (underWay: readonly Job[]) => void;
  /** It has ended, or stands still because of something that a person has to correct; not where the settings say no. */
  readonly onStandstill: (job: Job) => void;
}

/** Tells which jobs are under way, now and at every change, for as long as the program runs. */
export async function followJobs(door: Door, { onChange, onStandstill }: JobListener): Promise<void> {
  const underWay = new Map<string, Job>();
  const ended = new Set<string>();
  let listed = false;
  let notifies = false;
  const keep = (job: Job): void => {
    if (isUnderWay(job.state)) underWay.set(job.id, job);
    else {
      underWay.delete(job.id);
      // The list may be older than this.
      if (!listed) ended.add(job.id);
    }
  };
  const caller = createCaller(door, (event) => {
    if (event.name === 'settings:changed') notifies = event.payload.notifyOfJobs;
    if (event.name !== 'job:changed') return;
    const job = event.payload;
    const wasUnderWay = underWay.has(job.id);
    keep(job);
    onChange([...underWay.values()]);
    const standsStill = hasEnded(job.state) || (job.state === 'paused' && job.error !== null);
    if (notifies && wasUnderWay && standsStill) onStandstill(job);
  });
  notifies = (await caller.call('settings:read', {})).notifyOfJobs;
  for (const job of await caller.call('jobs:list', {})) {
    if (!underWay.has(job.id) && !ended.has(job.id)) keep(job);
  }
  listed = true;
  ended.clear();
  onChange([...underWay.values()]);
}
