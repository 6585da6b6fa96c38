import { expect, test } from 'vitest';
import { asKeptFailure, keptText, undoableOf } from '../../../electron/cli/kept-for-undo.ts';
import { UsageError } from '../../../electron/cli/usage-error.ts';
import { KEPT_UNASKED, type JobPlan } from '../../../shared/plan.ts';
import { AppFailure } from '../../../shared/result.ts';

const plan = (kept: number | null): JobPlan => ({
  requests: [],
  seconds: null,
  everything: null,
  prices: { region: 'us-east-1', date: '2026-11-22', isOfRegion: true },
  budget: null,
  kept,
});

test('what is kept for an undo is said where it is much, with how to keep nothing', () => {
  expect([keptText(null), keptText(plan(null)), keptText(plan(KEPT_UNASKED))]).toEqual(['', '', '']);
  expect(keptText(plan(300 * 1024 * 1024))).toBe(
    ' It keeps up to 300.0 MB of what is there now on this machine, so that it can be undone; --no-undo keeps nothing.',
  );
  expect([undoableOf({}), undoableOf({ undo: true }), undoableOf({ undo: false })]).toEqual([
    {},
    {},
    { undoable: false },
  ]);
});

test('a job that keeps too much unasked says how it is started', () => {
  const budget = new AppFailure('ask-first', 'Beyond the budget.');
  expect(asKeptFailure(budget)).toBe(budget);
  const kept = asKeptFailure(new AppFailure('ask-first', 'It would keep 300 MB.', { detail: { kept: 1 } }));
  expect(kept).toBeInstanceOf(UsageError);
  expect(kept).toMatchObject({ message: 'It would keep 300 MB. Add --yes to keep it, or --no-undo.' });
});
