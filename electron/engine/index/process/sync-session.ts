import { BIGINT, type DuckDBConnection, INTEGER, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import type { BeginSync, ListedBatch } from '../protocol.ts';
import { selectRows } from './database.ts';
import { numberAt, textAt, textOrNullAt } from './row-cells.ts';
import { appendColumns } from './row-chunks.ts';

/** Keys to read again that are remembered one by one; beyond, every batch is looked up. */
const MOST_REMEMBERED = 50_000;
/** Problems that an object's ETag says nothing of: they may be gone although the object is the same. */
const OUTSIDE_PROBLEMS: ReadonlySet<string> = new Set(['access-denied', 'record-archived']);

/** One sync as the index process sees it: what has been listed, and what must not be undone. */
export interface SyncSession {
  readonly settings: BeginSync;
  /** The index was empty, so nothing needs to be looked up or removed. */
  readonly startedEmpty: boolean;
  /** Keys that were written or deleted by ourselves since the sync began: the sync never touches them. */
  readonly ownWrites: Set<string>;
  /** Keys in the index that are to be read again; null: too many to remember. */
  changed: Set<string> | null;
  listed: number;
  /** The listing may name a key twice: rows of this very sync may have to be replaced. */
  mayRepeat: boolean;
}

export async function beginSession(
  connection: DuckDBConnection,
  settings: BeginSync,
  startedEmpty: boolean,
): Promise<SyncSession> {
  await connection.run('DROP TABLE IF EXISTS temp.listing');
  await connection.run(`CREATE TEMP TABLE listing (
    position INTEGER, key VARCHAR, etag VARCHAR, size BIGINT, last_modified BIGINT, storage_class VARCHAR)`);
  return {
    settings,
    startedEmpty,
    ownWrites: new Set(),
    changed: new Set(),
    listed: 0,
    mayRepeat: false,
  };
}

/** Whether rows of these keys may be in the index already. */
export function needsLookup(session: SyncSession | null, keys: readonly string[]): boolean {
  if (session === null || session.mayRepeat || session.changed === null) return true;
  const { changed } = session;
  return keys.some((key) => changed.has(key));
}

export interface Comparison {
  /** Positions in the batch. */
  readonly read: readonly number[];
  readonly tooLarge: readonly number[];
  /** True where only facts differ in some of the rows. */
  readonly factsDiffer: boolean;
  /** First position of this batch in the table `listing`. */
  readonly start: number;
}

export async function compareListing(
  connection: DuckDBConnection,
  session: SyncSession,
  listing: ListedBatch,
): Promise<Comparison> {
  const start = session.listed;
  session.listed += listing.keys.length;
  if (session.startedEmpty) return split(session, listing, start, () => true, false);

  await appendListing(connection, listing, start);
  const rows = await selectRows(
    connection,
    `SELECT l.position, o.row_id IS NOT NULL, o.etag = l.etag AND o.size = l.size, o.storage_class = l.storage_class,
       o.last_modified IS NOT DISTINCT FROM l.last_modified, o.problem_code
     FROM temp.listing l LEFT JOIN objects o ON o.key = l.key WHERE l.position >= ${String(start)}`,
  );
  const same = new Set<number>();
  let factsDiffer = false;
  for (const found of rows) {
    const [, exists, sameBody, sameClass, sameTime] = found;
    if (exists !== true) continue;
    const row = numberAt(found, 0) - start;
    const key = listing.keys[row] ?? '';
    if (
      sameBody === true &&
      !isWorthAnotherTry(session, textOrNullAt(found, 5), listing.sizes[row] ?? 0, sameClass === true)
    ) {
      same.add(row);
      factsDiffer ||= sameClass !== true || sameTime !== true;
    } else {
      rememberChanged(session, key);
    }
  }
  return split(session, listing, start, (row) => !same.has(row), factsDiffer);
}

/** Facts that changed while ETag and size did not: the body is the same, so it is not read again. */
export async function updateFacts(connection: DuckDBConnection, session: SyncSession, start: number): Promise<void> {
  await connection.run(
    `UPDATE objects SET last_modified = l.last_modified, storage_class = l.storage_class
     FROM (SELECT * FROM temp.listing WHERE position >= ${String(start)}) l
     WHERE objects.key = l.key AND objects.etag = l.etag AND objects.size = l.size
       AND (objects.last_modified IS DISTINCT FROM l.last_modified OR objects.storage_class <> l.storage_class)
       AND NOT list_contains($1, l.key)`,
    [listValue([...session.ownWrites])],
    [LIST(VARCHAR)],
  );
}

/** Rows in the index that a listing did not name: of all keys, or of those below some prefixes. */
export async function findUnlisted(
  connection: DuckDBConnection,
  session: SyncSession,
  below: readonly string[] | null,
): Promise<readonly { readonly rowId: number; readonly key: string }[]> {
  if (session.startedEmpty) return [];
  const found = await connection.runAndReadAll(
    `SELECT o.row_id, o.key FROM objects o ANTI JOIN temp.listing l ON l.key = o.key
     WHERE $1 IS NULL OR list_bool_or(list_transform($1, lambda prefix: starts_with(o.key, prefix))) ORDER BY o.row_id`,
    [below === null ? null : listValue([...below])],
    [LIST(VARCHAR)],
  );
  return found
    .getRows()
    .map((row) => ({ rowId: numberAt(row, 0), key: textAt(row, 1) }))
    .filter(({ key }) => !session.ownWrites.has(key));
}

export async function endSession(connection: DuckDBConnection): Promise<void> {
  await connection.run('DROP TABLE IF EXISTS temp.listing');
}

function split(
  session: SyncSession,
  listing: ListedBatch,
  start: number,
  differs: (row: number) => boolean,
  factsDiffer: boolean,
): Comparison {
  const read: number[] = [];
  const tooLarge: number[] = [];
  for (const [row, key] of listing.keys.entries()) {
    if (session.ownWrites.has(key) || !differs(row)) continue;
    if ((listing.sizes[row] ?? 0) > session.settings.sizeCap) tooLarge.push(row);
    else read.push(row);
  }
  return { read, tooLarge, factsDiffer, start };
}

function isWorthAnotherTry(session: SyncSession, problem: string | null, size: number, sameClass: boolean): boolean {
  if (problem === null) return false;
  if (problem === 'record-too-large') return size <= session.settings.sizeCap;
  return OUTSIDE_PROBLEMS.has(problem) && (session.settings.retryProblems || !sameClass);
}

function rememberChanged(session: SyncSession, key: string): void {
  if (session.changed === null) return;
  session.changed.add(key);
  if (session.changed.size > MOST_REMEMBERED) session.changed = null;
}

async function appendListing(connection: DuckDBConnection, listing: ListedBatch, start: number): Promise<void> {
  await appendColumns(
    connection,
    { table: 'listing', temporary: true },
    [INTEGER, VARCHAR, VARCHAR, BIGINT, BIGINT, VARCHAR],
    [
      listing.keys.map((_, row) => start + row),
      listing.keys,
      listing.etags,
      Array.from(listing.sizes, BigInt),
      Array.from(listing.lastModified, BigInt),
      listing.storageClasses,
    ],
  );
}
