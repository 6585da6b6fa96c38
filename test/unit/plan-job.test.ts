import { expect, test } from 'vitest';
import {
  earlyEndFee,
  planJob,
  priced,
  restoredCopiesFee,
  type JobPlanTerms,
} from '../../electron/engine/cost/plan-job.ts';
import type { PlanContext } from '../../electron/engine/cost/plan-query.ts';
import { US_EAST_1 } from '../../electron/engine/cost/prices/us-east-1.ts';
import { kindOf } from '../../electron/engine/jobs/kinds/all-kinds.ts';
import type { SizeCount } from '../../shared/class-offer.ts';
import type { JobKind, RestoreTier } from '../../shared/job.ts';
import { workText } from '../../shared/plan-text.ts';
import { totalOf } from '../../shared/plan.ts';
import type { PlannedTask } from '../../shared/planned-job.ts';

const GIGABYTE = 2 ** 30;
const AMAZON: PlanContext = {
  prices: { table: US_EAST_1, isOfRegion: true },
  isBilled: true,
  rates: { list: null, read: null, tags: null },
  budget: null,
};
const OWN: PlanContext = { ...AMAZON, isBilled: false };

/** A thousand objects of a gigabyte together. */
function thousand(storageClass: string, change: Partial<SizeCount> = {}): SizeCount {
  return { storageClass, bound: 5, objects: 1_000, bytes: GIGABYTE, ...change };
}

function dollars(
  kind: JobKind,
  sizes: readonly SizeCount[] | null,
  change: Partial<PlannedTask> & { readonly byServer?: boolean } = {},
  terms: Partial<JobPlanTerms> = {},
): number | null {
  const task = { collection: 'one', kind, records: 1_000, written: 1_000, byServer: true, ...change };
  const sent = kindOf(kind).sends?.(task) ?? [];
  return totalOf({ requests: priced(sent, { here: AMAZON, there: AMAZON, sizes, ...terms }) }).dollars;
}

test('a change costs what reading and writing costs in the class of each record, and retrieval', () => {
  expect(dollars('update', null)).toBeCloseTo(0.0004 + 0.005, 9);
  expect(dollars('update', [thousand('STANDARD_IA')])).toBeCloseTo(0.001 + 0.01 + 0.01, 9);
  const half = [thousand('STANDARD', { objects: 500 }), thousand('STANDARD_IA', { objects: 500 })];
  expect(dollars('update', half)).toBeCloseTo(0.0002 + 0.0025 + 0.0005 + 0.005 + 0.01, 9);
});

test('a copy is billed at the price of the class that it goes to, by who is there', () => {
  expect(dollars('set-class', [thousand('STANDARD')], { storageClass: 'GLACIER_IR' })).toBeCloseTo(0.0004 + 0.02, 9);
  expect(dollars('copy', [thousand('STANDARD_IA')])).toBeCloseTo(0.001 + 0.01 + 0.01, 9);
  const toOwn = { byServer: false };
  expect(dollars('copy', [thousand('STANDARD_IA')], toOwn, { there: OWN })).toBeCloseTo(0.001 + 0.001 + 0.01, 9);
  expect(dollars('copy', [thousand('STANDARD_IA')], toOwn, { here: OWN })).toBeCloseTo(0.01, 9);
});

test.each<[RestoreTier, string, number]>([
  ['Bulk', 'GLACIER', 0],
  ['Standard', 'GLACIER', 0.05 + 0.01],
  ['Expedited', 'GLACIER', 10 + 0.03],
  ['Bulk', 'DEEP_ARCHIVE', 0.025 + 0.0025],
  ['Standard', 'DEEP_ARCHIVE', 0.1 + 0.02],
])('a restore by %s of %s costs so much beside looking', (tier, storageClass, price) => {
  expect(dollars('restore', [thousand(storageClass)], { tier })).toBeCloseTo(0.0004 + price, 9);
});

test('what leaves its class early, and copies that are kept, are billed besides', () => {
  const sizes = [thousand('GLACIER', { byteDaysLeft: 30 * GIGABYTE }), thousand('STANDARD')];
  const fees = [...earlyEndFee(sizes, AMAZON), ...restoredCopiesFee(sizes, 15, AMAZON)];
  expect(fees).toEqual([
    { of: 'early-end', dollars: expect.closeTo(0.0036, 9) },
    { of: 'restored-copies', dollars: expect.closeTo(0.0115, 9) },
  ]);
  expect(workText({ requests: [{ operation: 'CopyObject', count: 2, exact: true, bytes: 0, dollars: 1 }], fees })).toBe(
    '2 COPY, $1.02, of it $0.004 for objects that leave their class before their days are over, of it $0.01 for keeping the copies',
  );
  expect([earlyEndFee(sizes, OWN), restoredCopiesFee(sizes, 15, OWN)]).toEqual([[], []]);
});

test('who writes to another server is held to what both allow', () => {
  const here = { ...AMAZON, budget: { requests: 100, dollars: null } };
  const there = { ...AMAZON, budget: { requests: 1_000, dollars: 2 } };
  expect(planJob([], { here, there }).budget).toEqual({ requests: 100, dollars: 2 });
});
