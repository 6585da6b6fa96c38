import { expect, test } from 'vitest';
import { BudgetMeter } from '../../electron/engine/cost/budget-meter.ts';
import { type KnownBefore, type PlanContext, planQuery } from '../../electron/engine/cost/plan-query.ts';
import { priceOfRequest, type PriceTable, pricesOf } from '../../electron/engine/cost/price-table.ts';
import { US_EAST_1 } from '../../electron/engine/cost/prices/us-east-1.ts';
import { createRateKeeper, NO_RATES, type RequestRates } from '../../electron/engine/cost/request-rates.ts';
import { type Plan, questionOf, totalOf } from '../../shared/plan.ts';
import { AppFailure } from '../../shared/result.ts';

const CONTEXT: PlanContext = {
  prices: pricesOf('us-east-1', [], US_EAST_1),
  isBilled: true,
  rates: NO_RATES,
  budget: null,
};

const KNOWN: KnownBefore = {
  freshness: 'complete',
  isFresh: false,
  isWhole: true,
  classes: [{ storageClass: 'STANDARD', objects: 1_000_000, bytes: 300_000_000 }],
  below: null,
  leftToRead: null,
  tags: null,
};

const counts = ({ requests }: Pick<Plan, 'requests'>): unknown =>
  requests.map(({ operation, count, exact }) => `${exact ? '' : 'at least '}${count} ${operation}`);

const naive = ({ everything }: Plan) => totalOf(everything ?? { requests: [] });

test('an index of a million records that is out of date is listed for half a cent, which reading all would take 40 cents for', () => {
  const plan = planQuery(KNOWN, CONTEXT);
  expect([plan.source, counts(plan)]).toEqual(['listing', ['at least 1000 ListObjectsV2', 'at least 0 GetObject']]);
  expect(totalOf(plan).dollars).toBeCloseTo(0.005, 9);
  expect(counts(plan.everything ?? { requests: [] })).toEqual(['1000 ListObjectsV2', '1000000 GetObject']);
  expect(naive(plan).dollars).toBeCloseTo(0.405, 9);
  expect([naive(plan).bytes, plan.seconds]).toEqual([300_000_000, null]);
});

test('within the TTL nothing is sent; before the first listing only one request is known of', () => {
  const fresh = planQuery({ ...KNOWN, isFresh: true }, CONTEXT);
  expect([fresh.source, fresh.requests, fresh.seconds]).toEqual(['index', [], 0]);
  expect(planQuery({ ...KNOWN, freshness: 'held' }, CONTEXT).requests).toEqual([]);
  expect(planQuery({ ...KNOWN, isFresh: true, freshness: 'forced' }, CONTEXT).source).toBe('listing');
  const first = planQuery(
    { ...KNOWN, isWhole: false, classes: [] },
    { ...CONTEXT, rates: { list: 1, read: 1, tags: 1 } },
  );
  expect([first.source, counts(first), first.seconds, first.everything]).toEqual([
    'reading',
    ['at least 1 ListObjectsV2', 'at least 0 GetObject'],
    null,
    null,
  ]);
});

test('tags are a request a record, at the price of its class', () => {
  const tags = {
    unread: [
      { storageClass: 'GLACIER_IR', objects: 3_000, bytes: 0 },
      { storageClass: 'STANDARD', objects: 5_000, bytes: 0 },
    ],
    known: 2_000,
    oldestReadAt: 7,
  };
  const plan = planQuery(
    { ...KNOWN, isFresh: true, tags },
    { ...CONTEXT, rates: { list: 10, read: 1_000, tags: null } },
  );
  // 3,000 × $0.01 and 5,000 × $0.0004 a thousand.
  expect([counts(plan), plan.seconds]).toEqual([['8000 GetObjectTagging'], 8]);
  expect(totalOf(plan).dollars).toBeCloseTo(0.032, 9);
  expect(plan.tags).toEqual({ toRead: 8_000, known: 2_000, oldestReadAt: 7, exact: true });
  expect([questionOf(plan, 'ask'), questionOf(plan, 'within-budget'), questionOf(plan, 'anything')]).toEqual([
    'tags',
    'tags',
    null,
  ]);
  expect(questionOf({ ...plan, budget: { requests: null, dollars: 0.03 } }, 'within-budget')).toBe('budget');
  expect(questionOf({ ...plan, budget: { requests: 8_000, dollars: 0.04 } }, 'within-budget')).toBe('tags');
  const few = planQuery({ ...KNOWN, isFresh: true, tags: { ...tags, unread: tags.unread.slice(0, 0) } }, CONTEXT);
  expect([few.requests, questionOf(few, 'ask')]).toEqual([[], null]);
});

test('bodies of colder classes are paid by their bytes too, archives when they are restored, other servers not at all', () => {
  const classes = [
    { storageClass: 'STANDARD_IA', objects: 1_000, bytes: 2 ** 30 },
    { storageClass: 'DEEP_ARCHIVE', objects: 1_000, bytes: 2 ** 30 },
  ];
  // 2 LIST; 1,000 × $0.001 a thousand and $0.01 for a gigabyte; 1,000 × $0.0004 a thousand.
  expect(naive(planQuery({ ...KNOWN, classes }, CONTEXT)).dollars).toBeCloseTo(0.000_01 + 0.001 + 0.01 + 0.0004, 9);
  const free = planQuery({ ...KNOWN, classes }, { ...CONTEXT, isBilled: false });
  expect([totalOf(free).dollars, naive(free).dollars]).toEqual([null, null]);
});

test('a key condition lists below its prefixes, page by page, also where the index was never read', () => {
  const below = { prefixes: ['a/1', 'a/7'], objects: [2_500, 0] };
  const plan = planQuery(
    { ...KNOWN, isWhole: false, below },
    { ...CONTEXT, rates: { list: 2, read: null, tags: null } },
  );
  expect([plan.source, counts(plan), plan.below, plan.seconds]).toEqual([
    'listing',
    ['at least 4 ListObjectsV2', 'at least 0 GetObject'],
    ['a/1', 'a/7'],
    2,
  ]);
});

test('prices of another region are known from a file alone', () => {
  const frankfurt: PriceTable = { ...US_EAST_1, region: 'eu-central-1', date: '2026-11-01' };
  expect(pricesOf('eu-central-1', [], US_EAST_1)).toEqual({ table: US_EAST_1, isOfRegion: false });
  expect(pricesOf('eu-central-1', [frankfurt], US_EAST_1)).toEqual({ table: frankfurt, isOfRegion: true });
  expect(planQuery(KNOWN, { ...CONTEXT, prices: pricesOf('eu-central-1', [], US_EAST_1) }).prices).toEqual({
    region: 'us-east-1',
    date: '2026-11-22',
    isOfRegion: false,
  });
});

/** What the collected prices say of storing a million records of 300 bytes, and where a colder class pays off. */
test('the table of prices says what its sources do', () => {
  const { STANDARD, STANDARD_IA, ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE } = US_EAST_1.classes;
  const gigabyte = 2 ** 30;
  const monthly = (bytes: number): number => (bytes / gigabyte) * (STANDARD_IA?.storage ?? 0);
  expect(monthly(1e6 * (STANDARD_IA?.leastBytes ?? 0))).toBeCloseTo(1.53, 2);
  expect(((1e6 * 300) / gigabyte) * (STANDARD?.storage ?? 0)).toBeCloseTo(0.0064, 4);
  expect(1e6 * priceOfRequest(US_EAST_1, 'CopyObject', 'STANDARD_IA', 0)).toBeCloseTo(10, 9);
  const standard = STANDARD?.storage ?? 0;
  const breakEven = [STANDARD_IA, ONEZONE_IA, GLACIER_IR].map((one) => ((one?.storage ?? 0) / standard) * 128);
  expect(breakEven.map((kilobytes) => kilobytes.toFixed(1))).toEqual(['69.6', '55.7', '22.3']);
  const archived = [GLACIER, DEEP_ARCHIVE].map((one) => {
    const own = one?.storage ?? 0;
    return (32 * own + 8 * standard) / (standard - own);
  });
  expect(archived.map((kilobytes) => kilobytes.toFixed(1))).toEqual(['15.4', '9.8']);
});

test('a run is held to its budget before the request that goes beyond it', () => {
  const limit = { budget: { requests: 3, dollars: null }, prices: US_EAST_1, connection: 'Archive' };
  const meter = new BudgetMeter(limit);
  for (let sent = 0; sent < 3; sent += 1) meter.permit('GetObject');
  expect(codeOf(() => meter.permit('GetObject'))).toBe('ask-first');
  meter.lift();
  meter.permit('GetObject');

  // 2 LIST are a cent a thousand; a gigabyte of Glacier IR is 3 cents by itself.
  const money = new BudgetMeter({ ...limit, budget: { requests: null, dollars: 0.02 } });
  money.permit('ListObjectsV2');
  money.expect('STANDARD', 10 * 2 ** 30);
  expect(codeOf(() => money.expect('GLACIER_IR', 2 ** 30))).toBe('ask-first');
  expect(codeOf(() => money.need('GetObjectTagging', 50_000))).toBe('ask-first');
  expect(
    codeOf(() => new BudgetMeter({ ...limit, budget: { requests: 0, dollars: 0 }, prices: null }).permit('X')),
  ).toBe('ask-first');
});

test('rates are those of the last syncs of a connection, and kept', () => {
  let kept: Readonly<Record<string, RequestRates>> = {};
  const rates = createRateKeeper({ rates: {}, onChanged: (changed) => (kept = changed) });
  rates.measured('aws', { ListObjectsV2: 10, GetObject: 5 }, 1);
  expect(kept).toEqual({});
  rates.measured('aws', { ListObjectsV2: 10 }, 2);
  rates.measured('aws', { ListObjectsV2: 1, GetObject: 100 }, 1);
  rates.measured('aws', { GetObject: 300 }, 1);
  rates.measured('aws', { GetObjectTagging: 50 }, 1);
  const again = createRateKeeper({ rates: kept, onChanged: () => undefined });
  expect([again.of('aws'), again.of('other')]).toEqual([{ list: 5, read: 200, tags: 50 }, NO_RATES]);
});

function codeOf(work: () => void): string | null {
  try {
    work();
    return null;
  } catch (error) {
    return error instanceof AppFailure ? error.error.code : 'thrown';
  }
}
