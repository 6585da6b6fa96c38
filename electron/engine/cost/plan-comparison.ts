import type { PlannedRequests, PlannedWork } from '../../../shared/plan.ts';
import { KEYS_A_PAGE, type PlanContext } from './plan-query.ts';
import { priceOfRequest } from './price-table.ts';

/** What is sent to one end of a comparison. */
export interface SentToEnd {
  readonly context: PlanContext;
  readonly listed: number;
  readonly read: number;
  /** Of all answers, listings among them, as the plan line of a query counts them. */
  readonly bytes: number;
}

/** What a comparison sends at least: which bodies it reads the listings tell. `records`: of that end; null where nobody knows. */
export function sentAtLeast(context: PlanContext, records: number | null, first: number): SentToEnd {
  const listed = Math.max(1, Math.ceil(Math.min(records ?? 0, first) / KEYS_A_PAGE));
  return { context, listed, read: 0, bytes: 0 };
}

/** `isOver`: it was sent, and nothing comes behind it. */
export function workOfComparison(ends: readonly SentToEnd[], isOver: boolean): PlannedWork {
  const sum = (numberOf: (end: SentToEnd) => number): number => ends.reduce((total, end) => total + numberOf(end), 0);
  const isBilled = ends.some(({ context }) => context.isBilled);
  const requests = (operation: string, countOf: (end: SentToEnd) => number): PlannedRequests => ({
    operation,
    count: sum(countOf),
    exact: isOver,
    bytes: operation === 'GetObject' ? sum(({ bytes }) => bytes) : 0,
    dollars: isBilled ? sum((end) => countOf(end) * priceOf(operation, end.context)) : null,
  });
  const sent = [requests('ListObjectsV2', ({ listed }) => listed), requests('GetObject', ({ read }) => read)];
  return { requests: sent.filter(({ count }) => count > 0 || !isOver) };
}

function priceOf(operation: string, { isBilled, prices }: PlanContext): number {
  return isBilled ? priceOfRequest(prices.table, operation, null, 0) : 0;
}
