import type { Job, JobKind, JobRequest } from '../../shared/job.ts';
import { isOver, type JobPlan, type Spending, totalOf } from '../../shared/plan.ts';
import { SQL_ASKS_OF } from '../../shared/sql.ts';
import { planContext } from './cost/plan-context.ts';
import { planJob, priced } from './cost/plan-job.ts';
import type { PriceTable } from './cost/price-table.ts';
import type { RateKeeper } from './cost/request-rates.ts';
import type { CollectionTarget } from './engine.ts';
import type { Indexes } from './index/collection-index.ts';
import type { Jobs } from './jobs/jobs.ts';
import { kindOf } from './jobs/kinds/all-kinds.ts';
import type { Imports } from './transfer/import/create-imports.ts';
import { beyondBudget, type QueryRuns } from './query-runs.ts';

export interface JobRuns {
  /**
   * What a job of this kind sends for so many records, as far as it is known before; null where that is nothing, or the job
   * finds it out as it goes on.
   */
  readonly plan: (
    target: CollectionTarget,
    kind: JobKind,
    records: number,
    signal: AbortSignal,
  ) => Promise<JobPlan | null>;
  /** `ask-first` where that is beyond the budget of the connection. */
  readonly start: (request: JobRequest, spending: Spending, signal: AbortSignal) => Promise<Job>;
}

export interface JobRunsOptions {
  readonly jobs: Jobs;
  readonly indexes: Indexes;
  readonly imports: Pick<Imports, 'count'>;
  readonly queries: Pick<QueryRuns, 'plan'>;
  readonly findTarget: (collection: string, use: 'read' | 'write') => CollectionTarget;
  readonly rates: RateKeeper;
  readonly prices: readonly PriceTable[];
}

/** Jobs with what they may cost: known before they start, because their records are. */
export function createJobRuns({ jobs, indexes, imports, queries, findTarget, rates, prices }: JobRunsOptions): JobRuns {
  const plan: JobRuns['plan'] = async (target, kind, records, signal) => {
    const context = planContext(target.connection, rates, prices);
    if (kind === 'sync') {
      const sync = await queries.plan(target, SQL_ASKS_OF, 'forced', signal);
      return planJob(sync.everything?.requests ?? sync.requests, context);
    }
    const sent = kindOf(kind).sends?.(records) ?? null;
    return sent === null ? null : planJob(priced(sent, context), context);
  };

  const countOf = (request: JobRequest, target: CollectionTarget, signal: AbortSignal): number | Promise<number> => {
    if (request.kind === 'import') return imports.count(target, request.source, request.settings.reading, signal);
    if (!('records' in request)) return 0;
    const { records } = request;
    return 'result' in records ? indexes.countOf(records.result) : records.records.length;
  };

  return {
    plan,
    start: async (request, spending, signal) => {
      const target = findTarget(request.collection, kindOf(request.kind).use);
      const { budget } = target.connection;
      if (budget !== undefined && spending !== 'anything') {
        const planned = await plan(target, request.kind, await countOf(request, target, signal), signal);
        const { count, dollars } = totalOf(planned ?? { requests: [] });
        if (isOver(budget, count, dollars)) throw beyondBudget(target.connection);
      }
      return jobs.start(request);
    },
  };
}
