import type { OpenedQuery } from '../../../shared/page.ts';
import { MOST_SQL_ROWS, SQL_SECONDS, type SqlColumn } from '../../../shared/sql.ts';
import type { IndexSource } from './collection-index.ts';
import type { IndexChannel } from './index-channel.ts';
import type { OpenIndexes } from './open-indexes.ts';
import { closeResult, type OpenResults } from './open-results.ts';
import type { SqlLimits } from './protocol.ts';
import { waitFor } from './waiting.ts';

const SQL_LIMITS: SqlLimits = { milliseconds: SQL_SECONDS * 1_000, rows: MOST_SQL_ROWS };

export interface SqlQueriesOptions {
  readonly channel: IndexChannel;
  readonly indexes: OpenIndexes;
  readonly results: OpenResults;
}

/** Statements over what the indexes hold; they send no request. */
export class SqlQueries {
  readonly #options: SqlQueriesOptions;

  constructor(options: SqlQueriesOptions) {
    this.#options = options;
  }

  async check(source: IndexSource, statement: string, signal: AbortSignal): Promise<void> {
    const { channel, indexes } = this.#options;
    const { collection } = await waitFor(indexes.ensureOpen(source), signal);
    await channel.call('checkSql', { collection, statement }, { signal });
  }

  async open(
    source: IndexSource,
    statement: string,
    signal: AbortSignal,
    limits: SqlLimits = SQL_LIMITS,
  ): Promise<OpenedQuery> {
    const { channel, indexes, results } = this.#options;
    const entry = await waitFor(indexes.ensureOpen(source), signal);
    const { collection } = entry;
    const found = await channel.call(
      'sql',
      { collection, statement, limits },
      { signal, late: ({ result }) => void closeResult(channel, result) },
    );
    results.add(found, collection);
    const { records, unreadable, syncedAt, version } = found.state;
    return {
      result: found.result,
      total: found.total,
      records,
      unreadable,
      complete: syncedAt !== null,
      syncing: entry.isSyncing,
      syncedAt,
      ...entry.costOf(syncedAt),
      version,
      columns: found.columns,
      statistics: { requests: {}, bytes: 0, scanned: records, milliseconds: found.milliseconds },
      notes: found.notes,
    };
  }

  async columns(source: IndexSource): Promise<readonly SqlColumn[]> {
    const { channel, indexes } = this.#options;
    const { collection } = await indexes.ensureOpen(source);
    return channel.call('sqlColumns', { collection });
  }
}
