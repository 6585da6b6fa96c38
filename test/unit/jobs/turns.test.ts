import { describe, expect, test } from 'vitest';
import { takeTurns } from '../../../electron/engine/jobs/job-line.ts';
import { JobRate, timeLeft } from '../../../electron/engine/jobs/job-rate.ts';
import { isAtWork, mayFollow, stateAfterRestart } from '../../../electron/engine/jobs/job-states.ts';
import { JOURNAL_FORMAT, type JournalHeader } from '../../../electron/engine/jobs/journal/journal.ts';
import { hasEnded, type JobState } from '../../../shared/job.ts';

const STATES: readonly JobState[] = [
  'queued',
  'waiting',
  'running',
  'pausing',
  'paused',
  'cancelling',
  'interrupted',
  'completed',
  'completed-with-errors',
  'cancelled',
  'failed',
];

function reached(from: JobState): ReadonlySet<JobState> {
  const found = new Set([from]);
  for (const state of found) for (const next of STATES) if (mayFollow(state, next)) found.add(next);
  return found;
}

describe('the states of a job', () => {
  test('an end is never left; from everywhere else an end can be reached, and work can be gone on with', () => {
    for (const state of STATES) {
      if (hasEnded(state)) expect([state, ...reached(state)]).toEqual([state, state]);
      else expect([state, [...reached(state)].some(hasEnded)]).toEqual([state, true]);
    }
    for (const state of ['paused', 'interrupted', 'waiting', 'queued'] as const) {
      expect([state, reached(state).has('running')]).toEqual([state, true]);
    }
  });

  test('nothing is at work after a restart but what was being cancelled', () => {
    for (const state of STATES) {
      const after = stateAfterRestart(state);
      expect([state, isAtWork(after)]).toEqual([state, state === 'cancelling']);
      expect([state, hasEnded(after)]).toEqual([state, hasEnded(state)]);
    }
    expect((['pausing', 'paused', 'running', 'waiting'] as const).map(stateAfterRestart)).toEqual([
      'paused',
      'paused',
      'interrupted',
      'interrupted',
    ]);
  });
});

function job(
  collection: string,
  kind: 'delete' | 'sync' = 'delete',
  prefix = `${collection}/`,
): { readonly header: JournalHeader } {
  return {
    header: {
      format: JOURNAL_FORMAT,
      id: collection,
      collection,
      collectionName: collection,
      work: kind === 'sync' ? { kind, rebuild: false } : { kind },
      place: { connection: 'x', bucket: 'b', prefix, codec: 'plain' },
      createdAt: 0,
    },
  };
}

describe('the line of jobs', () => {
  test('jobs of one collection follow each other, those of others pass them by', () => {
    const [first, second, other, third] = [job('a'), job('a', 'sync'), job('b'), job('a')];
    const { start, waiting } = takeTurns([second, other, third], [first]);
    expect(start).toEqual([other]);
    expect([waiting.get(second), waiting.get(third)]).toEqual([first, first]);
  });

  test('two that write below one prefix follow each other, whatever their collections', () => {
    const [all, some, sync] = [job('all', 'delete', ''), job('some'), job('sync', 'sync', 'some/')];
    const { start, waiting } = takeTurns([all, some, sync], []);
    expect(start).toEqual([all, sync]);
    expect(waiting).toEqual(new Map([[some, all]]));
  });

  test('a few run at once; who comes later waits for a place, not for a job', () => {
    const jobs = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => job(name));
    const { start, waiting } = takeTurns(jobs.slice(2), jobs.slice(0, 2));
    expect([start, waiting.size]).toEqual([jobs.slice(2, 4), 0]);
  });
});

test('the rate is that of the last seconds, and unknown at first', () => {
  const rate = new JobRate(0, 100);
  expect(rate.perSecond(400, 120)).toBeNull();
  for (let at = 200; at <= 20_000; at += 200) rate.note(at, at <= 10_000 ? 100 + at : 10_100 + (at - 10_000) / 10);
  expect(rate.perSecond(20_000, 11_100)).toBeCloseTo(100, -1);
  expect(timeLeft(12_100, 11_100, 100)).toBe(10_000);
  expect([timeLeft(null, 1, 1), timeLeft(5, 1, null), timeLeft(5, 1, 0)]).toEqual([null, null, null]);
});
