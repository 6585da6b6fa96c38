import { bytesOf, type SizeCount } from '../../shared/class-offer.ts';
import type { Connection } from '../../shared/connection.ts';
import { formatBytes } from '../../shared/byte-size.ts';
import type { Job, JobRequest, Undoable } from '../../shared/job.ts';
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
import { replacedBytes, type ReplacedQuestion } from './replaced-bytes.ts';
import { beyondBudget, type QueryRuns } from './query-runs.ts';
import { ruledSizes, sizesOf } from './storage-offers.ts';

export interface JobRuns {
  /**
   * What a job sends and costs, as far as it is known before; null where that is nothing, or the job finds it out as it goes
   * on. Sends nothing.
   */
  readonly plan: (job: PlannedJob, signal: AbortSignal) => Promise<JobPlan | null>;
  /** `ask-first` where that is beyond the budget of the connection, or more is kept for an undo than anybody was asked about. */
  readonly start: (request: JobRequest, spending: Spending, signal: AbortSignal) => Promise<Job>;
  /** `Jobs.undo` and `Jobs.retry`, held to the budget in the same way. */
  readonly undo: (job: string, how: Undoable & { readonly spending: Spending }, signal: AbortSignal) => Promise<Job>;
  readonly retry: (job: string, spending: Spending, signal: AbortSignal) => Promise<Job>;
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

  /** Of this many records, of which these are the sizes, over so many bytes; null where nobody knows them. */
  const planOf = (task: PlannedTask, sizes: readonly SizeCount[] | null, replaced: number | null): JobPlan | null => {
    const kind = kindOf(task.kind);
    const target = findTarget(task.collection, 'read');
    const other = task.to === undefined ? target : findTarget(task.to, 'read');
    const [here, there] = [contextOf(target), contextOf(other)];
    const written = sizes?.filter((size) => kind.writes?.(size, task) ?? true) ?? null;
    const count = kind.writes === undefined || written === null ? task.records : objectsOf(written);
    const sent = kind.sends?.({ ...task, written: count, byServer: isOneService(target, other) });
    if (sent === undefined) return null;
    const fees = [
      ...(kind.endsObjects === true ? earlyEndFee(written ?? [], here) : []),
      ...(task.days === undefined ? [] : restoredCopiesFee(written ?? [], task.days, here)),
    ];
    const keeps = target.collection.memoryOnly ? null : (kind.keeps?.(task) ?? null);
    const recordBytes = sizes === null ? null : bytesOf(sizes);
    return {
      ...planJob(priced(sent, { here, there, sizes: written }), { here, there }),
      ...(fees.length === 0 ? {} : { fees }),
      ...(task.storageRules === undefined || sizes === null ? {} : { into: classesOf(sizes) }),
      kept: keeps === 'records' ? recordBytes : keeps === 'replaced' ? replaced : null,
    };
  };

  const planTask = async (task: PlannedTask, signal: AbortSignal): Promise<JobPlan | null> => {
    const target = findTarget(task.collection, 'read');
    if (task.kind === 'sync') {
      const sync = await queries.plan(target, SQL_ASKS_OF, 'forced', signal);
      const here = contextOf(target);
      return planJob(sync.everything?.requests ?? sync.requests, { here, there: here });
    }
    const { source: here } = await options.connect(target);
    const { of, storageRules: rules, storageClass } = task;
    const sizes =
      of === undefined
        ? null
        : rules === undefined
          ? await sizesOf(indexes, here, of, [], signal)
          : await ruledSizes(
              indexes,
              here,
              { ...of, rules: { rules, ...(storageClass === undefined ? {} : { usual: storageClass }) } },
              signal,
            );
    return planOf(task, sizes, await replacedBy(task, { here, sizes }, signal));
  };

  const replacedBy = async (
    task: PlannedTask,
    { here, sizes }: Pick<ReplacedQuestion, 'here' | 'sizes'>,
    signal: AbortSignal,
  ): Promise<number | null> => {
    if (task.replaces !== true) return task.replaces ?? null;
    const there = task.to === undefined ? here : (await options.connect(findTarget(task.to, 'read'))).source;
    return replacedBytes({ indexes, task, sizes, here, there }, signal);
  };

  /** What an import writes over can be much only where there is much: to count its rows takes a reading of them all. */
  const mayKeepMuch = async (request: JobRequest, target: CollectionTarget, signal: AbortSignal): Promise<boolean> => {
    const task = plannedTask(request, 0);
    if ((kindOf(request.kind).keeps?.(task) ?? null) === null || saysWhatIsKept(request)) return false;
    if (request.kind !== 'import') return true;
    const { source } = await options.connect(target);
    return bytesOf(await indexes.objectSizes(source, null, signal)) > KEPT_UNASKED;
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
    const { sizes, kept } = await jobs.undone(id);
    const requests = undoSends.flatMap(({ of, ...sent }) => {
      const meant = of === undefined ? sizes : sizes.filter(({ into }) => (into === undefined) === (of === 'created'));
      // A record of which a power cut took what was there before.
      const count = of === undefined ? counts.done : objectsOf(meant);
      return count === 0 ? [] : priced([{ ...sent, count, exact: false }], { here, there: here, sizes: meant });
    });
    const fees = earlyEndFee(sizes, here);
    return {
      ...planJob(requests, { here, there: here }),
      ...(fees.length === 0 ? {} : { fees }),
      kept: job.kept ? kept : null,
    };
  };

  const permitAgain = async (
    as: 'undo' | 'retry',
    job: string,
    { undoable, spending }: { readonly undoable?: boolean | undefined; readonly spending: Spending },
    signal: AbortSignal,
  ): Promise<void> => {
    const plan = spending === 'anything' ? null : await planAgain(as, job, signal);
    const found = jobs.list().find(({ id }) => id === job);
    if (plan === null || found === undefined) return;
    hold(plan, findTarget(found.collection, 'read').connection);
    if (undoable === undefined) refuseToKeep(plan);
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
      if (isBudgeted || (await mayKeepMuch(request, target, signal))) {
        const records = await countOf(request, target, signal);
        const plan = await planTask(plannedTask(request, records, recordsOfRequest(request)), signal);
        allow(plan);
        if (!saysWhatIsKept(request)) refuseToKeep(plan);
      }
      // Of those that find their records by themselves, each page of them counts.
      return jobs.start(request, ({ records, promoted }) => {
        const plan = planOf(plannedTask(request, records), promoted?.sizes ?? null, promoted?.replaced ?? null);
        allow(plan);
        if (!saysWhatIsKept(request)) refuseToKeep(plan);
      });
    },
    undo: async (job, { undoable, spending }, signal) => {
      await permitAgain('undo', job, { undoable, spending }, signal);
      return jobs.undo(job, undoable === undefined ? {} : { undoable });
    },
    retry: async (job, spending, signal) => {
      await permitAgain('retry', job, { spending }, signal);
      return jobs.retry(job);
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
    `So that it can be undone, this job would keep ${formatBytes(plan.kept)} of what is there now on this machine. Say whether it is to. Nothing was written.`,
    { detail: { kept: plan.kept } },
  );
}

/** How many records are in which class behind the job. */
function classesOf(sizes: readonly SizeCount[]): NonNullable<JobPlan['into']> {
  const classes = [...new Set(sizes.map(({ storageClass, into = storageClass }) => into))].toSorted();
  return classes.map((name) => {
    const going = sizes.filter(({ storageClass, into = storageClass }) => into === name);
    const records = objectsOf(going);
    return { storageClass: name, records, there: objectsOf(going.filter(({ storageClass }) => storageClass === name)) };
  });
}

function objectsOf(sizes: readonly SizeCount[]): number {
  return sizes.reduce((sum, { objects }) => sum + objects, 0);
}
