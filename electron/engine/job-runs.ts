import type { SizeCount } from '../../shared/class-offer.ts';
import type { Connection } from '../../shared/connection.ts';
import { formatBytes } from '../../shared/byte-size.ts';
import type { Job, JobRequest } from '../../shared/job.ts';
import { isOver, KEPT_UNASKED, type JobPlan, type Spending, totalOf } from '../../shared/plan.ts';
import { plannedTask, recordsOfRequest, type PlannedJob, type PlannedTask } from '../../shared/planned-job.ts';
import { AppFailure } from '../../shared/result.ts';
import { SQL_ASKS_OF } from '../../shared/sql.ts';
import { planContext } from './cost/plan-context.ts';
import type { PlanContext } from './cost/plan-query.ts';
import { earlyEndFee, planJob, priced, restoredCopiesFee } from './cost/plan-job.ts';
import type { PriceTable } from './cost/price-table.ts';
import type { RateKeeper } from './cost/request-rates.ts';
import type { CollectionTarget } from './engine.ts';
import type { Indexes, IndexSource } from './index/collection-index.ts';
import type { Jobs } from './jobs/jobs.ts';
import { isOneService } from './jobs/kinds/copy-route.ts';
import { kindOf } from './jobs/kinds/all-kinds.ts';
import type { Imports } from './transfer/import/create-imports.ts';
import { beyondBudget, type QueryRuns } from './query-runs.ts';
import { sizesOf } from './storage-offers.ts';

export interface JobRuns {
  /**
   * What a job sends and costs, as far as it is known before; null where that is nothing, or the job finds it out as it goes
   * on. Sends nothing.
   */
  readonly plan: (job: PlannedJob, signal: AbortSignal) => Promise<JobPlan | null>;
  /** `ask-first` where that is beyond the budget of the connection, or more is kept for an undo than anybody was asked about. */
  readonly start: (request: JobRequest, spending: Spending, signal: AbortSignal) => Promise<Job>;
  /** `Jobs.undo` and `Jobs.retry`, held to the budget in the same way. */
  readonly again: (as: 'undo' | 'retry', job: string, spending: Spending, signal: AbortSignal) => Promise<Job>;
}

export interface JobRunsOptions {
  readonly jobs: Jobs;
  readonly indexes: Indexes;
  readonly imports: Pick<Imports, 'count'>;
  readonly queries: Pick<QueryRuns, 'plan'>;
  readonly findTarget: (collection: string, use: 'read' | 'write') => CollectionTarget;
  readonly connect: (target: CollectionTarget) => Promise<{ readonly source: IndexSource }>;
  readonly rates: RateKeeper;
  readonly prices: readonly PriceTable[];
}

/** Jobs with what they may cost: known before they start, because their records are. */
export function createJobRuns(options: JobRunsOptions): JobRuns {
  const { jobs, indexes, imports, queries, findTarget, rates, prices } = options;
  const contextOf = ({ connection }: CollectionTarget): PlanContext => planContext(connection, rates, prices);

  /** Of this many records, of which these are the sizes; null where nobody knows them. */
  const planOf = (task: PlannedTask, sizes: readonly SizeCount[] | null): JobPlan | null => {
    const kind = kindOf(task.kind);
    const target = findTarget(task.collection, 'read');
    const other = task.to === undefined ? target : findTarget(task.to, 'read');
    const [here, there] = [contextOf(target), contextOf(other)];
    const written = sizes?.filter(({ storageClass }) => kind.writes?.(storageClass, task) ?? true) ?? null;
    const count = kind.writes === undefined || written === null ? task.records : objectsOf(written);
    const sent = kind.sends?.({ ...task, written: count, byServer: isOneService(target, other) });
    if (sent === undefined) return null;
    const fees = [
      ...(kind.endsObjects === true ? earlyEndFee(written ?? [], here) : []),
      ...(task.days === undefined ? [] : restoredCopiesFee(written ?? [], task.days, here)),
    ];
    const keeps = kind.keeps?.(task) === true && !target.collection.memoryOnly;
    return {
      ...planJob(priced(sent, { here, there, sizes: written }), { here, there }),
      ...(fees.length === 0 ? {} : { fees }),
      kept: keeps && sizes !== null ? sizes.reduce((sum, { bytes }) => sum + bytes, 0) : null,
    };
  };

  const planTask = async (task: PlannedTask, signal: AbortSignal): Promise<JobPlan | null> => {
    const target = findTarget(task.collection, 'read');
    if (task.kind === 'sync') {
      const sync = await queries.plan(target, SQL_ASKS_OF, 'forced', signal);
      const here = contextOf(target);
      return planJob(sync.everything?.requests ?? sync.requests, { here, there: here });
    }
    if (task.of === undefined) return planOf(task, null);
    const { source } = await options.connect(target);
    return planOf(task, await sizesOf(indexes, source, task.of, signal));
  };

  const planAgain = async (as: 'undo' | 'retry', id: string, signal: AbortSignal): Promise<JobPlan | null> => {
    const job = jobs.list().find((each) => each.id === id);
    if (job === undefined) return null;
    const { kind, counts, collection, to } = job;
    if (as === 'retry') {
      const destination = to === undefined ? {} : { to: to.collection };
      const records = kindOf(kind).retries === 'anew' ? (counts.total ?? 0) : counts.failed;
      return planTask({ collection, kind, records, ...destination }, signal);
    }
    const { undo, undoSends } = kindOf(kind);
    if (undo === null || undoSends === undefined) return null;
    const here = contextOf(findTarget(undo === 'writes-there' ? (to?.collection ?? collection) : collection, 'read'));
    const sent = undoSends.map((operation) => ({ operation, count: counts.done, exact: false }));
    return planJob(priced(sent, { here, there: here, sizes: null }), { here, there: here });
  };

  const countOf = (request: JobRequest, target: CollectionTarget, signal: AbortSignal): number | Promise<number> => {
    if (request.kind === 'import') return imports.count(target, request.source, request.settings.reading, signal);
    if (!('records' in request)) return 0;
    const { records } = request;
    return 'result' in records ? indexes.countOf(records.result) : records.records.length;
  };

  return {
    plan: (job, signal) => ('job' in job ? planAgain(job.as, job.job, signal) : planTask(job, signal)),
    start: async (request, spending, signal) => {
      const target = findTarget(request.collection, kindOf(request.kind).use);
      if (spending === 'anything') return jobs.start(request);
      const allow = (plan: JobPlan | null): void => hold(plan, target.connection);
      const isBudgeted = 'to' in request || target.connection.budget !== undefined;
      const keeps = kindOf(request.kind).keeps?.(plannedTask(request, 0)) === true;
      if (isBudgeted || keeps) {
        const records = await countOf(request, target, signal);
        const plan = await planTask(plannedTask(request, records, recordsOfRequest(request)), signal);
        allow(plan);
        if (!saysWhatIsKept(request)) refuseToKeep(plan);
      }
      // Of those that find their records by themselves, each page of them counts.
      return jobs.start(request, (records) => allow(planOf(plannedTask(request, records), null)));
    },
    again: async (as, job, spending, signal) => {
      const plan = spending === 'anything' ? null : await planAgain(as, job, signal);
      const found = jobs.list().find(({ id }) => id === job);
      if (plan !== null && found !== undefined) hold(plan, findTarget(found.collection, 'read').connection);
      return as === 'undo' ? jobs.undo(job) : jobs.retry(job);
    },
  };
}

function hold(plan: JobPlan | null, connection: Connection): void {
  if (plan === null || plan.budget === null) return;
  const { count, dollars } = totalOf(plan);
  if (isOver(plan.budget, count, dollars)) throw beyondBudget({ name: connection.name, budget: plan.budget });
}

/** A delete has been asked by the number of its records. */
function saysWhatIsKept(request: JobRequest): boolean {
  return request.kind === 'delete' || ('undoable' in request && request.undoable !== undefined);
}

function refuseToKeep(plan: JobPlan | null): void {
  if (plan?.kept == null || plan.kept <= KEPT_UNASKED) return;
  throw new AppFailure(
    'ask-first',
    `To be undone, this job would keep ${formatBytes(plan.kept)} of what the records are now on this machine. Say whether it is to. Nothing was sent.`,
  );
}

function objectsOf(sizes: readonly SizeCount[]): number {
  return sizes.reduce((sum, { objects }) => sum + objects, 0);
}
