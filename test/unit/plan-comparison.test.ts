import { expect, test } from 'vitest';
import { sentAtLeast, workOfComparison } from '../../electron/engine/cost/plan-comparison.ts';
import type { PlanContext } from '../../electron/engine/cost/plan-query.ts';
import { US_EAST_1 } from '../../electron/engine/cost/prices/us-east-1.ts';
import { workText } from '../../shared/plan-text.ts';

const AMAZON: PlanContext = {
  prices: { table: US_EAST_1, isOfRegion: true },
  isBilled: true,
  rates: { list: null, read: null, tags: null },
  budget: null,
};
const OWN: PlanContext = { ...AMAZON, isBilled: false };

/** Where the first 10,000 names are compared of a collection of 25,000, and of one that was never listed. */
function plan(one: PlanContext, other: PlanContext): string {
  const ends = [sentAtLeast(one, 25_000, 10_000), sentAtLeast(other, null, 10_000)];
  return workText(workOfComparison(ends, false));
}

test('a comparison says what it lists of both ends before, and what it took afterwards, at the price of who bills', () => {
  expect(plan(AMAZON, AMAZON)).toBe('at least 11 LIST, GETs unknown until listed, at least $0.00006');
  expect(plan(AMAZON, OWN)).toBe('at least 11 LIST, GETs unknown until listed, at least $0.00005');
  expect(plan(OWN, OWN)).toBe('at least 11 LIST, GETs unknown until listed');
  const sent = [
    { context: AMAZON, listed: 10, read: 300, bytes: 30_000 },
    { context: OWN, listed: 9, read: 300, bytes: 33_000 },
  ];
  expect(workText(workOfComparison(sent, true))).toBe('19 LIST, 600 GET, 61.5 KB, $0.0002');
  expect(workText(workOfComparison([{ context: OWN, listed: 2, read: 0, bytes: 0 }], true))).toBe('2 LIST');
});
