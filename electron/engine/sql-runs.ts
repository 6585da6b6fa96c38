import type { Freshness } from '../../shared/contract.ts';
import type { OpenedQuery } from '../../shared/page.ts';
import { SQL_ASKS_OF, type SqlColumn } from '../../shared/sql.ts';
import type { CollectionTarget } from './engine.ts';
import type { Indexes } from './index/collection-index.ts';
import type { QueryRuns, QueryRunsOptions, RunTerms } from './query-runs.ts';

/** Statements of the SQL view. What they may cost is what the query costs that brings the index up to date for them. */
export interface SqlRuns {
  /** Nothing is asked of S3 for a statement that is refused. Its result is read and closed as a query's. */
  readonly open: (
    target: CollectionTarget,
    statement: string,
    freshness: Freshness,
    signal: AbortSignal,
    terms?: Pick<RunTerms, 'spending'>,
  ) => Promise<OpenedQuery>;
  /** Puts the rows of its open result into another order. */
  readonly sort: Indexes['sortSql'];
  readonly columns: (target: CollectionTarget) => Promise<readonly SqlColumn[]>;
}

export interface SqlRunsOptions extends Pick<QueryRunsOptions, 'connect'> {
  readonly indexes: Indexes;
  readonly queries: Pick<QueryRuns, 'open'>;
}

export function createSqlRuns({ indexes, connect, queries }: SqlRunsOptions): SqlRuns {
  return {
    open: async (target, statement, freshness, signal, terms) => {
      const { source } = await connect(target);
      await indexes.checkSql(source, statement, signal);
      const current = await queries.open(target, SQL_ASKS_OF, freshness, signal, terms);
      await indexes.close(current.result);
      const opened = await indexes.openSql(source, statement, signal);
      return {
        ...opened,
        statistics: { ...current.statistics, milliseconds: opened.statistics.milliseconds },
        notes: [...current.notes, ...opened.notes],
      };
    },
    sort: (result, sort) => indexes.sortSql(result, sort),
    columns: async (target) => {
      const { source } = await connect(target);
      return indexes.sqlColumns(source);
    },
  };
}
