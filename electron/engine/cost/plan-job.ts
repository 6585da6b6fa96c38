import type { SizeCount } from '../../../shared/class-offer.ts';
import type { RestoreTier } from '../../../shared/job.ts';
import type { Budget, JobPlan, PlannedFee, PlannedRequests } from '../../../shared/plan.ts';
import { isArchived } from '../../../shared/storage-classes.ts';
import type { PlanContext } from './plan-query.ts';
import { priceOfRequest, priceOfRestore, retrievalOf, type PriceTable } from './price-table.ts';
import { secondsFor } from './request-rates.ts';

/** Requests that a kind of job sends for its records. */
export interface SentRequests extends Pick<PlannedRequests, 'operation' | 'count' | 'exact'> {
  /** What becomes of the bodies of the records: those that are read come here, those that are copied do not; both are retrieved. */
  readonly bodies?: 'read' | 'copied';
  /** Class that is written into; null: that of each record, or that each goes into. Left out of what writes no object. */
  readonly into?: string | null;
  /** Sent to the server that the records go to. */
  readonly isThere?: boolean;
  readonly tier?: RestoreTier;
}

/** The servers of a job, and its records by class and size; null where nobody knows them: then as of STANDARD. */
export interface JobPlanTerms {
  readonly here: PlanContext;
  readonly there: PlanContext;
  readonly sizes: readonly SizeCount[] | null;
}

export function planJob(requests: readonly PlannedRequests[], { here, there }: Omit<JobPlanTerms, 'sizes'>): JobPlan {
  const { prices, rates } = here;
  return {
    requests,
    seconds: secondsOf(requests, rates),
    everything: null,
    prices: { region: prices.table.region, date: prices.table.date, isOfRegion: prices.isOfRegion },
    budget: smallerOf(here.budget, there.budget),
    kept: null,
  };
}

/** With what they cost, by the classes of the records. */
export function priced(requests: readonly SentRequests[], { here, there, sizes }: JobPlanTerms): PlannedRequests[] {
  const classes = sizes ?? [];
  return requests.map((sent) => {
    const { operation, count, exact, bodies, isThere = false } = sent;
    const { prices, isBilled } = isThere ? there : here;
    return {
      operation,
      count,
      exact,
      bytes: bodies === 'read' ? sum(classes.map(({ bytes }) => bytes)) : 0,
      dollars: isBilled ? dollarsOf(sent, prices.table, classes) : null,
    };
  });
}

function dollarsOf(
  { operation, count, bodies, into, tier }: SentRequests,
  table: PriceTable,
  sizes: readonly SizeCount[],
) {
  if (tier !== undefined) return sum(sizes.map((size) => priceOfRestore(table, tier, size)));
  const objects = sum(sizes.map((size) => size.objects));
  if (objects === 0) return count * priceOfRequest(table, operation, into ?? null, 0);
  return sum(
    sizes.map((size) => {
      const share = (count * size.objects) / objects;
      const own = into === null ? (size.into ?? size.storageClass) : size.storageClass;
      const billedAs = into === undefined && WRITES_NO_OBJECT.test(operation) ? null : (into ?? own);
      const retrieved = bodies === undefined ? 0 : retrievalOf(table, size);
      return share * priceOfRequest(table, operation, billedAs, 0) + retrieved;
    }),
  );
}

/** At the price of STANDARD, whatever class the object is of. */
const WRITES_NO_OBJECT = /^(List|PutObjectTagging)/;

/** What objects of these sizes are billed to the end of their class's shortest time. */
export function earlyEndFee(sizes: readonly SizeCount[], { prices, isBilled }: PlanContext): readonly PlannedFee[] {
  const { classes } = prices.table;
  const dollars = sum(
    sizes.map(({ storageClass, byteDaysLeft = 0 }) => byteDaysLeft * perByteDay(classes[storageClass]?.storage ?? 0)),
  );
  return isBilled && dollars > 0 ? [{ of: 'early-end', dollars }] : [];
}

/** What copies of archived objects cost that can be read for so many days: they lie in STANDARD. */
export function restoredCopiesFee(
  sizes: readonly SizeCount[],
  days: number,
  { prices, isBilled }: PlanContext,
): readonly PlannedFee[] {
  const bytes = sum(sizes.filter(({ storageClass }) => isArchived(storageClass)).map((size) => size.bytes));
  const dollars = bytes * days * perByteDay(prices.table.classes['STANDARD']?.storage ?? 0);
  return isBilled && dollars > 0 ? [{ of: 'restored-copies', dollars }] : [];
}

const DAYS_A_MONTH = 30;
const GIGABYTE = 2 ** 30;

function perByteDay(dollarsAMonth: number): number {
  return dollarsAMonth / DAYS_A_MONTH / GIGABYTE;
}

/** Who writes to another server is held to what both allow. */
function smallerOf(a: Budget | null, b: Budget | null): Budget | null {
  if (a === null || b === null) return a ?? b;
  return { requests: smaller(a.requests, b.requests), dollars: smaller(a.dollars, b.dollars) };
}

function smaller(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

/** Writes are not measured. */
function secondsOf(requests: readonly PlannedRequests[], rates: PlanContext['rates']): number | null {
  const counts = { listed: 0, read: 0, tags: 0 };
  for (const { operation, count } of requests) {
    if (operation === 'ListObjectsV2') counts.listed += count;
    else if (operation === 'GetObject') counts.read += count;
    else if (operation === 'GetObjectTagging') counts.tags += count;
    else return null;
  }
  return secondsFor(rates, counts);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
