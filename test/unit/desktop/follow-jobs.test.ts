import { expect, test } from 'vitest';
import { followJobs } from '../../../electron/desktop/follow-jobs.ts';
import type { Door } from '../../../electron/ipc/door.ts';
import type { EventMessage } from '../../../shared/bridge.ts';
import type { Job, JobState } from '../../../shared/job.ts';
import { DEFAULT_SETTINGS } from '../../../shared/settings.ts';

function jobOf(id: string, state: JobState, change: Partial<Job> = {}): Job {
  return {
    id,
    kind: 'update',
    collection: 'notes',
    collectionName: 'notes',
    state,
    waitsFor: null,
    kept: true,
    createdAt: 0,
    startedAt: 0,
    endedAt: null,
    counts: { total: 10, done: 5, unchanged: 0, failed: 0 },
    requests: 5,
    bytes: 0,
    rate: null,
    timeLeft: null,
    error: null,
    ...change,
  };
}

const FULL = { code: 'disk-full', message: 'The disk is full.', retryable: false } as const;

/** An owner that had these jobs at its start, and says of them what a test does. */
async function follow(jobs: readonly Job[], notifyOfJobs: boolean) {
  const listeners: ((event: EventMessage) => void)[] = [];
  const emit = (event: EventMessage): void => listeners.forEach((listener) => listener(event));
  const answers: Readonly<Record<string, unknown>> = {
    'settings:read': { ...DEFAULT_SETTINGS, notifyOfJobs },
    'jobs:list': jobs,
  };
  const door: Door = {
    connect: (onEvent) => {
      listeners.push(onEvent);
      return {
        call: (_, channel) => Promise.resolve({ ok: true, value: answers[channel] }),
        cancel: () => undefined,
        close: () => undefined,
      };
    },
  };
  const underWay: string[] = [];
  const told: string[] = [];
  await followJobs(door, {
    onChange: (going) => underWay.push(going.map(({ id }) => id).join(' ')),
    onStandstill: ({ id, state }) => told.push(`${id} ${state}`),
  });
  return {
    underWay,
    told,
    says: (job: Job) => emit({ name: 'job:changed', payload: job }),
    sets: (notify: boolean) =>
      emit({ name: 'settings:changed', payload: { ...DEFAULT_SETTINGS, notifyOfJobs: notify } }),
  };
}

test('the end of a job that was under way is told once, and a standstill that needs a person; what a person did is not', async () => {
  const jobs = [jobOf('a', 'running'), jobOf('b', 'completed'), jobOf('c', 'running')];
  const { underWay, told, says } = await follow(jobs, true);
  says(jobOf('a', 'running'));
  says(jobOf('a', 'completed'));
  says(jobOf('a', 'completed'));
  says(jobOf('b', 'completed'));
  says(jobOf('c', 'paused'));
  says(jobOf('c', 'running'));
  says(jobOf('c', 'paused', { error: FULL }));
  says(jobOf('d', 'queued'));
  says(jobOf('d', 'failed', { error: FULL }));
  expect(told).toEqual(['a completed', 'c paused', 'd failed']);
  expect(underWay).toEqual(['a c', 'a c', 'c', 'c', 'c', '', 'c', '', 'd', '']);
});

test('nothing is told where the settings say so, from the moment that they do', async () => {
  const { told, says, sets } = await follow([jobOf('a', 'running'), jobOf('b', 'running')], false);
  says(jobOf('a', 'completed'));
  sets(true);
  says(jobOf('b', 'completed'));
  sets(false);
  says(jobOf('c', 'running'));
  says(jobOf('c', 'completed'));
  expect(told).toEqual(['b completed']);
});
