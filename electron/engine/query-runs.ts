import type { Connection } from '../../shared/connection.ts';
import type { Freshness } from '../../shared/contract.ts';
import type { OpenedQuery, RecordCount, RequestStatistics } from '../../shared/page.ts';
import { type Plan, questionOf, type Spending, TAGS_UNASKED } from '../../shared/plan.ts';
import { budgetText } from '../../shared/plan-text.ts';
import { AppFailure } from '../../shared/result.ts';
import { BudgetMeter } from './cost/budget-meter.ts';
import { planContext } from './cost/plan-context.ts';
import { type PlanContext, planQuery } from './cost/plan-query.ts';
import type { PriceTable } from './cost/price-table.ts';
import type { RateKeeper } from './cost/request-rates.ts';
import type { CollectionTarget } from './engine.ts';
import { findsEverything } from './index/query/finds-everything.ts';
import { parseQuery } from './index/query/parse-query.ts';
import type { Indexes, IndexSource, QueryRun } from './index/collection-index.ts';
import { isListedKey } from './records/key-template.ts';
import { markCollection } from './s3/request-purpose.ts';
import type { S3Client } from './s3/s3-client.ts';

/** How a query is run. */
export interface RunTerms {
  /** Default `within-budget`. */
  readonly spending?: Spending;
  /** Tags that were read before are read again; milliseconds since 1970; null, the default: any are good enough. */
  readonly tagsReadBefore?: number | null;
}

export interface QueryRuns {
  readonly plan: (
    target: CollectionTarget,
    query: string,
    freshness: Freshness,
    signal: AbortSignal,
    terms?: RunTerms,
  ) => Promise<Plan>;
  /** `ask-first` where it would send more than `spending` allows: before anything was sent where that is known then. */
  readonly open: (
    target: CollectionTarget,
    query: string,
    freshness: Freshness,
    signal: AbortSignal,
    terms?: RunTerms,
  ) => Promise<OpenedQuery>;
  /**
   * How many rows a query finds. All records of a collection that was never read are counted by their keys, which takes a
   * request for a thousand of them: then `unreadable` is null, because nobody knows.
   */
  readonly count: (
    target: CollectionTarget,
    query: string,
    freshness: Freshness,
    signal: AbortSignal,
    terms?: RunTerms,
  ) => Promise<RecordCount>;
  readonly countKeys: (
    target: CollectionTarget,
    signal: AbortSignal,
    spending?: Spending,
  ) => Promise<{ count: number; statistics: RequestStatistics }>;
}

export interface QueryRunsOptions {
  readonly indexes: Indexes;
  readonly connect: (target: CollectionTarget) => Promise<{ readonly client: S3Client; readonly source: IndexSource }>;
  readonly rates: RateKeeper;
  /** Of regions besides us-east-1. */
  readonly prices: readonly PriceTable[];
}

const TAGS_BY_SPENDING: Readonly<Record<Spending, number>> = {
  ask: 0,
  'within-budget': TAGS_UNASKED,
  anything: Infinity,
};

/** Queries with what they may cost: planned before they run, and held to the budget of their connection while they do. */
export function createQueryRuns({ indexes, connect, rates, prices: tables }: QueryRunsOptions): QueryRuns {
  const contextOf = (connection: Connection): PlanContext => planContext(connection, rates, tables);

  const meterOf = (connection: Connection, spending: Spending): BudgetMeter => {
    const { budget, prices, isBilled: billed } = contextOf(connection);
    return new BudgetMeter({
      budget: spending === 'anything' ? null : budget,
      prices: billed ? prices.table : null,
      connection: connection.name,
    });
  };

  const plan: QueryRuns['plan'] = async (target, query, freshness, signal, { tagsReadBefore = null } = {}) => {
    const { source } = await connect(target);
    const known = await indexes.knownBefore(source, query, { freshness, tagsReadBefore }, signal);
    return planQuery(known, contextOf(target.connection));
  };

  /** Refuses what is known to go beyond the budget before anything was sent. */
  const begin = async (
    target: CollectionTarget,
    query: string,
    freshness: Freshness,
    signal: AbortSignal,
    terms: RunTerms,
  ): Promise<{ source: IndexSource; run: QueryRun }> => {
    const { connection } = target;
    const { spending = 'within-budget', tagsReadBefore = null } = terms;
    // Only a budget can forbid what is known before; tags are asked about once it is known how many there are.
    if (connection.budget !== undefined && spending !== 'anything' && freshness !== 'held') {
      const question = questionOf(await plan(target, query, freshness, signal, terms), spending);
      if (question === 'budget') throw beyondBudget(connection);
    }
    const { source } = await connect(target);
    const run = {
      freshness,
      tagsReadBefore,
      meter: meterOf(connection, spending),
      tagsUnasked: TAGS_BY_SPENDING[spending],
      measured: (requests: Readonly<Record<string, number>>, seconds: number) =>
        rates.measured(connection.id, requests, seconds),
    };
    return { source, run };
  };

  const open: QueryRuns['open'] = async (target, query, freshness, signal, terms = {}) => {
    const { source, run } = await begin(target, query, freshness, signal, terms);
    return indexes.open(source, query, run, signal);
  };

  const countKeys: QueryRuns['countKeys'] = async (target, signal, spending = 'within-budget') => {
    const { collection, connection } = target;
    markCollection(signal, collection.id);
    const { client } = await connect(target);
    const meter = meterOf(connection, spending);
    let count = 0;
    const pages = client.listAllObjectsAtOnce(collection.bucket, {
      prefix: collection.prefix,
      lane: 'bulk',
      signal,
      meter,
    });
    for await (const page of pages) {
      if (page.startsAgain) count = 0;
      for (const { key } of page.objects) if (isListedKey(collection.codec, collection.prefix, key)) count += 1;
    }
    return { count, statistics: meter.statistics() };
  };

  return {
    plan,
    open,
    countKeys,
    count: async (target, query, freshness, signal, terms = {}) => {
      const { collection } = target;
      const isWhole = (await indexes.known(collection.id)) !== null;
      if (!isWhole && freshness === 'complete' && findsEverything(parseQuery(query))) {
        const { source } = await connect(target);
        const begun = performance.now();
        const listedAt = Date.now();
        const young = await indexes.keyCounts.young(source);
        const { count, statistics } =
          young === null
            ? await countKeys(target, signal, terms.spending)
            : { count: young.keys, statistics: { requests: {}, bytes: 0 } };
        if (young === null) await indexes.keyCounts.keep(source, { keys: count, listedAt });
        const milliseconds = performance.now() - begun;
        return {
          total: count,
          unreadable: null,
          notes: [],
          statistics: { ...statistics, scanned: count, milliseconds },
        };
      }
      const { source, run } = await begin(target, query, freshness, signal, terms);
      return indexes.count(source, query, run, signal);
    },
  };
}

export function beyondBudget({ name, budget }: Pick<Connection, 'name' | 'budget'>): AppFailure {
  const limit = budget === undefined ? '' : `, ${budgetText(budget)}`;
  return new AppFailure(
    'ask-first',
    `This run would go beyond the budget of connection "${name}" for one run${limit}. Nothing was sent.`,
  );
}
