import { BIGINT, BIT, type DuckDBConnection, INTEGER, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import type { BeginSync, ListedBatch } from '../protocol.ts';
import { selectRows } from './database.ts';
import { KnownRows } from './known-rows.ts';
import { numberAt, numberOrNullAt, textAt, textOrNullAt } from './row-cells.ts';
import { appendColumns } from './row-chunks.ts';

/** Keys to read again that are remembered one by one; beyond, every batch is looked up. */
const MOST_REMEMBERED = 50_000;
/** Problems that an object's ETag says nothing of: they may be gone although the object is the same. */
const OUTSIDE_PROBLEMS: ReadonlySet<string> = new Set(['access-denied', 'record-archived']);

/** One sync as the index process sees it: what has been listed, and what must not be undone. */
export interface SyncSession {
  readonly settings: BeginSync;
  /** Null: the index was empty, so nothing needs to be looked up or removed. */
  readonly known: KnownRows | null;
  /** Keys that were written or deleted by ourselves since the sync began: the sync never touches them. */
  readonly ownWrites: Set<string>;
  /** Keys in the index that are to be read again; null: too many to remember. */
  changed: Set<string> | null;
  /** The listing may name a key twice: rows of this very sync may have to be replaced. */
  mayRepeat: boolean;
}

/** `nextRowId`: numbers of rows are below; null for an index without rows. */
export async function beginSession(
  connection: DuckDBConnection,
  settings: BeginSync,
  nextRowId: number | null,
): Promise<SyncSession> {
  return {
    settings,
    known: nextRowId === null ? null : await KnownRows.load(connection, nextRowId),
    ownWrites: new Set(),
    changed: new Set(),
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
}

/** Rows beside `l`, a row of `temp.listing`: number, whether body and facts are the same, code of the problem. */
const AS_KNOWN = `k.row_id, k.body = hash(l.etag, l.size), k.facts = hash(l.storage_class, l.last_modified), k.problem_code
  FROM temp.listing l LEFT JOIN temp.known k ON k.key = hash(l.key)`;
/** Where a listing may name a key twice, it is compared with what this very sync has read of it. */
const AS_STORED = `k.row_id, k.etag = l.etag AND k.size = l.size,
  k.storage_class = l.storage_class AND k.last_modified IS NOT DISTINCT FROM l.last_modified, k.problem_code
  FROM temp.listing l LEFT JOIN objects k ON k.key = l.key`;

/** The batch is in `temp.listing` afterwards. */
export async function compareListing(
  connection: DuckDBConnection,
  session: SyncSession,
  listing: ListedBatch,
): Promise<Comparison> {
  const { known } = session;
  if (known === null) return split(session, listing, () => true, false);

  await putListing(connection, listing);
  const rows = await selectRows(connection, `SELECT l.position, ${session.mayRepeat ? AS_STORED : AS_KNOWN}`);
  const same = new Set<number>();
  let factsDiffer = false;
  for (const found of rows) {
    const [, , sameBody, sameFacts] = found;
    const position = numberAt(found, 0);
    const rowId = numberOrNullAt(found, 1);
    if (rowId === null) continue;
    known.see(rowId);
    const problem = textOrNullAt(found, 4);
    if (sameBody === true && !isWorthAnotherTry(session, problem, listing.sizes[position] ?? 0, sameFacts === true)) {
      same.add(position);
      factsDiffer ||= sameFacts !== true;
    } else {
      rememberChanged(session, listing.keys[position] ?? '');
    }
  }
  return split(session, listing, (position) => !same.has(position), factsDiffer);
}

/** Facts that changed while ETag and size did not, of the last batch: the body is the same, so it is not read again. */
export async function updateFacts(connection: DuckDBConnection, session: SyncSession): Promise<void> {
  await connection.run(
    `UPDATE objects SET last_modified = l.last_modified, storage_class = l.storage_class
     FROM temp.listing l
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
  { known, ownWrites }: SyncSession,
  below: readonly string[] | null,
): Promise<readonly { readonly rowId: number; readonly key: string }[]> {
  if (known === null || known.areAllSeen) return [];
  const found = await connection.runAndReadAll(
    // Rows that were written since have no bit, and to ask for it is a fault: AND asks for both sides as it likes.
    `SELECT row_id, key FROM objects
     WHERE CASE WHEN row_id < bit_length($1) THEN get_bit($1, row_id) = 0 ELSE false END
       AND ($2 IS NULL OR list_bool_or(list_transform($2, lambda prefix: starts_with(key, prefix)))) ORDER BY row_id`,
    [known.seen(), below === null ? null : listValue([...below])],
    [BIT, LIST(VARCHAR)],
  );
  return found
    .getRows()
    .map((row) => ({ rowId: numberAt(row, 0), key: textAt(row, 1) }))
    .filter(({ key }) => !ownWrites.has(key));
}

export async function endSession(connection: DuckDBConnection): Promise<void> {
  await connection.run('DROP TABLE IF EXISTS temp.listing');
  await KnownRows.drop(connection);
}

function split(
  session: SyncSession,
  listing: ListedBatch,
  differs: (position: number) => boolean,
  factsDiffer: boolean,
): Comparison {
  const read: number[] = [];
  const tooLarge: number[] = [];
  for (const [position, key] of listing.keys.entries()) {
    if (session.ownWrites.has(key) || !differs(position)) continue;
    if ((listing.sizes[position] ?? 0) > session.settings.sizeCap) tooLarge.push(position);
    else read.push(position);
  }
  return { read, tooLarge, factsDiffer };
}

function isWorthAnotherTry(session: SyncSession, problem: string | null, size: number, sameFacts: boolean): boolean {
  if (problem === null) return false;
  if (problem === 'record-too-large') return size <= session.settings.sizeCap;
  return OUTSIDE_PROBLEMS.has(problem) && (session.settings.retryProblems || !sameFacts);
}

function rememberChanged(session: SyncSession, key: string): void {
  if (session.changed === null) return;
  session.changed.add(key);
  if (session.changed.size > MOST_REMEMBERED) session.changed = null;
}

async function putListing(connection: DuckDBConnection, listing: ListedBatch): Promise<void> {
  await connection.run(`CREATE OR REPLACE TEMP TABLE listing (
    position INTEGER, key VARCHAR, etag VARCHAR, size BIGINT, last_modified BIGINT, storage_class VARCHAR)`);
  await appendColumns(
    connection,
    { table: 'listing', temporary: true },
    [INTEGER, VARCHAR, VARCHAR, BIGINT, BIGINT, VARCHAR],
    [
      listing.keys.map((_, position) => position),
      listing.keys,
      listing.etags,
      Array.from(listing.sizes, BigInt),
      Array.from(listing.lastModified, BigInt),
      listing.storageClasses,
    ],
  );
}
