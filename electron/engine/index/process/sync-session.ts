import { BIGINT, BIT, type DuckDBConnection, INTEGER, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import { restForCalls } from '../../turns.ts';
import type { BeginSync, ListedBatch } from '../protocol.ts';
import { selectRows } from './database.ts';
import { readHashes } from './hashed-rows.ts';
import { KnownRows, PROBLEM, PROBLEM_OF_ROW } from './known-rows.ts';
import { numberAt, textAt } from './row-cells.ts';
import { appendColumns } from './row-chunks.ts';

/** Keys to read again that are remembered one by one; beyond, every batch is looked up. */
const MOST_REMEMBERED = 50_000;

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

/** What a listing says of a row beside ETag and size. */
export interface OtherFacts {
  readonly rowId: number;
  readonly lastModified: number;
  readonly storageClass: string;
}

export interface Comparison {
  /** Positions in the batch. */
  readonly read: readonly number[];
  readonly tooLarge: readonly number[];
  /** Rows of which facts alone differ. */
  readonly otherFacts: readonly OtherFacts[];
}

/** A listed object beside the row that is known of it. */
interface Match {
  /** In the batch. */
  readonly position: number;
  readonly rowId: number;
  readonly sameBody: boolean;
  readonly sameFacts: boolean;
  /** One of `PROBLEM`. */
  readonly problem: number;
}

/** The batch is in `temp.listing` afterwards. */
export async function compareListing(
  connection: DuckDBConnection,
  session: SyncSession,
  listing: ListedBatch,
): Promise<Comparison> {
  const { known } = session;
  if (known === null) return split(session, listing, () => true, []);

  await putListing(connection, listing);
  await restForCalls();
  // Where a listing may name a key twice, it is compared with what this very sync has read of it.
  const matches = session.mayRepeat ? await matchStored(connection) : await matchKnown(connection, known);
  const same = new Set<number>();
  const otherFacts: OtherFacts[] = [];
  for (const { position, rowId, sameBody, sameFacts, problem } of matches) {
    known.see(rowId);
    if (sameBody && !isWorthAnotherTry(session, problem, listing.sizes[position] ?? 0, sameFacts)) {
      same.add(position);
      if (!sameFacts) otherFacts.push({ rowId, ...factsAt(listing, position) });
    } else {
      rememberChanged(session, listing.keys[position] ?? '');
    }
  }
  return split(session, listing, (position) => !same.has(position), otherFacts);
}

async function matchKnown(connection: DuckDBConnection, known: KnownRows): Promise<readonly Match[]> {
  const matches: Match[] = [];
  for await (const listed of readHashes(connection, 'position', '0', 'temp.listing')) {
    for (const [row, position] of listed.numbers.entries()) {
      const found = known.find(listed, row);
      if (found === -1) continue;
      matches.push({
        position,
        rowId: known.rowIdOf(found),
        sameBody: known.hasBody(found, listed, row),
        sameFacts: known.hasFacts(found, listed, row),
        problem: known.problemOf(found),
      });
    }
  }
  return matches;
}

async function matchStored(connection: DuckDBConnection): Promise<readonly Match[]> {
  const rows = await selectRows(
    connection,
    `SELECT l.position, o.row_id, o.etag = l.etag AND o.size = l.size,
       o.storage_class = l.storage_class AND o.last_modified IS NOT DISTINCT FROM l.last_modified, ${PROBLEM_OF_ROW}
     FROM temp.listing l JOIN objects o ON o.key = l.key`,
  );
  return rows.map((row) => ({
    position: numberAt(row, 0),
    rowId: numberAt(row, 1),
    sameBody: row[2] === true,
    sameFacts: row[3] === true,
    problem: numberAt(row, 4),
  }));
}

/**
 * Facts that changed while ETag and size did not: the body is the same, so it is not read again. By number, because to join
 * with the keys reads all of them; a row that was written since has another one.
 */
export async function updateFacts(connection: DuckDBConnection, facts: readonly OtherFacts[]): Promise<void> {
  await connection.run(
    'CREATE OR REPLACE TEMP TABLE facts (row_id INTEGER, last_modified BIGINT, storage_class VARCHAR)',
  );
  await appendColumns(
    connection,
    { table: 'facts', temporary: true },
    [INTEGER, BIGINT, VARCHAR],
    [
      facts.map(({ rowId }) => rowId),
      facts.map(({ lastModified }) => BigInt(lastModified)),
      facts.map(({ storageClass }) => storageClass),
    ],
  );
  await connection.run(
    `UPDATE objects SET last_modified = f.last_modified, storage_class = f.storage_class
     FROM temp.facts f WHERE objects.row_id = f.row_id`,
  );
  await connection.run('DROP TABLE temp.facts');
}

function factsAt(listing: ListedBatch, position: number): Omit<OtherFacts, 'rowId'> {
  return {
    lastModified: listing.lastModified[position] ?? 0,
    storageClass: listing.storageClasses[position] ?? 'STANDARD',
  };
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
}

function split(
  session: SyncSession,
  listing: ListedBatch,
  differs: (position: number) => boolean,
  otherFacts: readonly OtherFacts[],
): Comparison {
  const read: number[] = [];
  const tooLarge: number[] = [];
  for (const [position, key] of listing.keys.entries()) {
    if (session.ownWrites.has(key) || !differs(position)) continue;
    if ((listing.sizes[position] ?? 0) > session.settings.sizeCap) tooLarge.push(position);
    else read.push(position);
  }
  return { read, tooLarge, otherFacts };
}

function isWorthAnotherTry(session: SyncSession, problem: number, size: number, sameFacts: boolean): boolean {
  if (problem === PROBLEM.tooLarge) return size <= session.settings.sizeCap;
  return problem === PROBLEM.outside && (session.settings.retryProblems || !sameFacts);
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
