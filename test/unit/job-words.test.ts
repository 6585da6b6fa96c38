import { describe, expect, test } from 'vitest';
import type { Job } from '../../shared/job.ts';
import { reportHead, reportLines } from '../../shared/job-report-text.ts';
import { jobTitle, outcomeText, paceWords, progressText, reasonAgainst } from '../../shared/job-words.ts';

const running: Job = {
  id: 'job',
  kind: 'delete',
  collection: 'notes',
  collectionName: 'notes',
  state: 'running',
  waitsFor: null,
  kept: true,
  createdAt: 0,
  startedAt: 0,
  endedAt: null,
  counts: { total: 50_000, done: 40_000, unchanged: 669, failed: 2 },
  requests: 41,
  bytes: 0,
  rate: 8412.3,
  timeLeft: 1_100,
  error: null,
};

describe('a job in words', () => {
  test('says what it does, how far it is, how fast and for how long', () => {
    expect([jobTitle(running), progressText(running), ...paceWords(running), outcomeText(running)]).toEqual([
      'Delete 50,000 records of notes',
      '40,671 of 50,000',
      '8,412/s',
      '2 s left',
      '40,000 deleted, 669 gone already, 2 failed',
    ]);
  });

  test('says no pace while it stands still, and no total that nobody knows', () => {
    const listing: Job = {
      ...running,
      kind: 'update',
      state: 'paused',
      counts: { total: null, done: 1, unchanged: 0, failed: 0 },
    };
    expect([jobTitle(listing), progressText(listing), ...paceWords(listing), outcomeText(listing)]).toEqual([
      'Change records of notes',
      '1 so far',
      '1 changed',
    ]);
  });

  test('says why it cannot be undone', () => {
    const ended = { ...running, state: 'completed' } as const;
    const reasons = [
      running,
      ended,
      { ...ended, kind: 'export' as const },
      { ...ended, counts: { ...ended.counts, done: 0 } },
      { ...ended, kind: 'undo' as const, undoes: 'before' },
    ].map((job) => reasonAgainst('undo', job));
    expect(reasons).toEqual(['It has not ended yet', null, 'It changes no record', 'It changed no record', null]);
  });

  test('says why nothing can be done about it now', () => {
    const actions = ['pause', 'resume', 'cancel', 'retry', 'remove'] as const;
    const reasons = (job: Partial<Job>) => actions.map((action) => reasonAgainst(action, { ...running, ...job }));
    expect(reasons({})).toEqual([
      null,
      'It is running',
      null,
      'It has not ended yet',
      'It has not ended yet; cancel it first',
    ]);
    expect(reasons({ state: 'paused' }).slice(0, 3)).toEqual(['It is paused', null, null]);
    expect(reasons({ state: 'completed-with-errors' })).toEqual([
      'It has ended',
      'It has ended',
      'It has ended',
      null,
      null,
    ]);
    const done = { state: 'completed', counts: { total: 1, done: 1, unchanged: 0, failed: 0 } } as const;
    expect(reasons(done)[3]).toBe('No record of it failed');
  });
});

test('a report as CSV makes no formula of a key, and as NDJSON keeps every member', () => {
  const outcome = {
    index: 7,
    key: '=notes/1,2.json',
    outcome: 'failed',
    action: 'none',
    etagBefore: '"a"',
    etagAfter: null,
    error: { code: 'record-changed', message: 'It was changed.', retryable: false },
  } as const;
  expect(reportHead('csv') + reportLines([outcome], 'csv')).toBe(
    'key,outcome,action,etag_before,etag_after,error_code,error,note\r\n"\'=notes/1,2.json",failed,none,"""a""",,record-changed,It was changed.,\r\n',
  );
  expect(JSON.parse(reportHead('ndjson') + reportLines([outcome], 'ndjson'))).toEqual(outcome);
});
