import type { JobPlan, PlannedRequests } from '../../../shared/plan.ts';
import type { PlanContext } from './plan-query.ts';
import { priceOfRequest } from './price-table.ts';
import { secondsFor } from './request-rates.ts';

/** Requests that a kind of job sends for its records. */
export type SentRequests = Pick<PlannedRequests, 'operation' | 'count' | 'exact'>;

/** With what they cost, in STANDARD: of what class each object is, only the job finds out. */
export function priced(requests: readonly SentRequests[], { prices, isBilled }: PlanContext): PlannedRequests[] {
  return requests.map(({ operation, count, exact }) => ({
    operation,
    count,
    exact,
    bytes: 0,
    dollars: isBilled ? count * priceOfRequest(prices.table, operation, null, 0) : null,
  }));
}

export function planJob(requests: readonly PlannedRequests[], { prices, rates, budget }: PlanContext): JobPlan {
  return {
    requests,
    seconds: secondsOf(requests, rates),
    everything: null,
    prices: { region: prices.table.region, date: prices.table.date, isOfRegion: prices.isOfRegion },
    budget,
  };
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
