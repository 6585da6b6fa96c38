import type { Freshness } from '../../../shared/contract.ts';
import type { QueryStatistics, RequestStatistics } from '../../../shared/page.ts';
import { BudgetMeter } from '../cost/budget-meter.ts';
import type { QueryRun } from './collection-index.ts';
import type { RunningSync } from './running-sync.ts';

/** Of whoever need not be asked. */
export function unlimitedRun(freshness: Freshness): QueryRun {
  return {
    freshness,
    meter: new BudgetMeter(null),
    tagsUnasked: Infinity,
    tagsReadBefore: null,
    measured: () => undefined,
  };
}

/** Who may spend what it takes does not wait for a sync that must not. */
export function joined(sync: RunningSync, run: QueryRun): RunningSync {
  if (run.meter.isUnlimited) sync.meter.lift();
  return sync;
}

/** What the run sent itself, and the sync that it waited for, whoever began that. */
export function statisticsOf({ meter }: QueryRun, sync: RunningSync | null): Spent {
  const own = meter.statistics();
  if (sync === null || sync.meter === meter) return withDollars(own, meter.dollars);
  const shared = sync.meter.statistics();
  const requests = { ...shared.requests };
  for (const [operation, count] of Object.entries(own.requests)) {
    requests[operation] = (requests[operation] ?? 0) + count;
  }
  const dollars = meter.dollars === null ? null : meter.dollars + (sync.meter.dollars ?? 0);
  return withDollars({ requests, bytes: own.bytes + shared.bytes }, dollars);
}

type Spent = RequestStatistics & Pick<QueryStatistics, 'dollars'>;

function withDollars(statistics: RequestStatistics, dollars: number | null): Spent {
  return dollars === null ? statistics : { ...statistics, dollars };
}
