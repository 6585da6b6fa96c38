import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { AppFailure } from '../../../../shared/result.ts';
import type { OpenIndex } from '../protocol.ts';
import { parameterTypes, type Sql } from '../sql/sql-text.ts';
import { diskFault } from './disk-fault.ts';
import { numberAt, numberOrNullAt, type Row } from './row-cells.ts';

/** Grows whenever a file of the version before cannot be read as it is: then it is deleted and made anew. */
const FORMAT = 2;

/** Of DuckDB's buffers, for one collection; beyond it spills to the temporary folder. It fills up as time goes by. */
const MEMORY_LIMIT = '256MB';
/** Where nothing may be written to disk there is nowhere to spill to. */
const MEMORY_LIMIT_IN_MEMORY = '2GB';

/**
 * Of the log beside the file. With DuckDB's 16 MB a first sync spends a fifth of its time in checkpoints, each of which writes the
 * index of row numbers anew; a log of 64 MB is read again in a second where the process was killed.
 */
const CHECKPOINT_THRESHOLD = '64MB';

/**
 * What DuckDB has let go of goes back to the system at once: by itself each thread keeps up to 128 MB of it, beside the buffers
 * that the limit is of. Its own background threads for that (`allocator_background_threads`) were seen to give back less.
 */
export const ALLOCATOR = {
  allocator_flush_threshold: '8MB',
  allocator_bulk_deallocation_flush_threshold: '16MB',
};

const LOCK_PATIENCE_MILLISECONDS = 5000;
const LOCK_PAUSE_MILLISECONDS = 50;

export interface Database {
  readonly instance: DuckDBInstance;
  /** The only connection that writes. */
  readonly writer: DuckDBConnection;
  /** There was a file in its place that is no index any more, and it was made anew. */
  readonly isRemade: boolean;
}

/** What the one row of `meta` says. */
export interface Meta {
  readonly version: number;
  readonly records: number;
  readonly unreadable: number;
  readonly syncedAt: number | null;
  /** The version that the profile in `fields` is of: another one means that it was not kept when the process ended. */
  readonly profileVersion: number;
}

/**
 * Opens the file of a collection or makes it: whatever is broken, older or of another collection is deleted, because the
 * index is a cache. `data-folder-in-use` when another process holds the file, which is no reason to delete it.
 */
export async function openDatabase(settings: OpenIndex): Promise<Database> {
  let isRemade = false;
  if (settings.file !== null) {
    const found = await openExisting(settings);
    if (typeof found !== 'string') return found;
    isRemade = found === 'damaged';
    await removeDatabase(settings.file);
  }
  const made = await connect(settings.file);
  await createTables(made.writer, settings);
  return { ...made, isRemade };
}

export async function removeDatabase(file: string): Promise<void> {
  for (const path of [file, `${file}.wal`, `${file}.tmp`]) await rm(path, { recursive: true, force: true });
}

async function openExisting(settings: OpenIndex): Promise<Database | 'none' | 'damaged'> {
  if (settings.file === null || !existsSync(settings.file)) return 'none';
  let database: Database | null = null;
  let outcome: 'none' | 'damaged' = 'none';
  try {
    database = await connectWhenFree(settings.file);
    const rows = await database.writer.runAndReadAll('SELECT format, bucket, prefix, codec FROM meta');
    const [row] = rows.getRows();
    if (row !== undefined && isDeepEqual(row, [FORMAT, settings.bucket, settings.prefix, settings.codec])) {
      return database;
    }
  } catch (error) {
    if (isLockConflict(error)) {
      throw new AppFailure(
        'data-folder-in-use',
        'Another process holds the index of this collection. Close the other Dipper, or use another data folder.',
        { retryable: true, cause: error },
      );
    }
    const fault = diskFault(error);
    // A full disk is no reason to delete what is on it.
    if (fault !== null) throw fault;
    // Anything else is a file that is no index of ours any more.
    outcome = 'damaged';
  }
  if (database !== null) closeDatabase(database);
  return outcome;
}

export function closeDatabase({ instance, writer }: Pick<Database, 'instance' | 'writer'>): void {
  writer.closeSync();
  instance.closeSync();
}

/**
 * Only one Dipper owns a data folder: who holds the file is most often the index process of one that was killed, which
 * ends a moment later.
 */
async function connectWhenFree(file: string): Promise<Database> {
  for (const until = Date.now() + LOCK_PATIENCE_MILLISECONDS; ;) {
    try {
      return await connect(file);
    } catch (error) {
      if (!isLockConflict(error) || Date.now() >= until) throw error;
    }
    await pause(LOCK_PAUSE_MILLISECONDS);
  }
}

async function connect(file: string | null): Promise<Database> {
  const instance = await DuckDBInstance.create(file ?? ':memory:', {
    memory_limit: file === null ? MEMORY_LIMIT_IN_MEMORY : MEMORY_LIMIT,
    threads: String(Math.min(4, availableParallelism())),
    temp_directory: file === null ? '' : `${file}.tmp`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    enable_external_access: 'false',
    checkpoint_threshold: CHECKPOINT_THRESHOLD,
    ...ALLOCATOR,
    lock_configuration: 'true',
  });
  return { instance, writer: await instance.connect(), isRemade: false };
}

/**
 * `objects` holds what S3 says of an object and its text, found by its number through an index, so that a page costs the
 * same in every size of collection. `records` holds what conditions and sort keys are asked of, a row an object too; it
 * gets columns as fields are found and has no index, because DuckDB alters a table without one faster.
 *
 * ETags are not compressed: to read one of a compressed column, DuckDB adds up the lengths of all that stand before it in
 * its segment, which are thousands, since they are short.
 */
async function createTables(writer: DuckDBConnection, settings: OpenIndex): Promise<void> {
  await writer.run('BEGIN');
  await writer.run(`CREATE TABLE meta (
    format INTEGER, bucket VARCHAR, prefix VARCHAR, codec VARCHAR,
    version BIGINT, records BIGINT, unreadable BIGINT, synced_at BIGINT, profile_version BIGINT)`);
  await writer.run('INSERT INTO meta VALUES ($1, $2, $3, $4, $5, 0, 0, NULL, $5)', [
    FORMAT,
    settings.bucket,
    settings.prefix,
    settings.codec,
    // Also the versions of an index that was made anew are above those of the one before.
    BigInt(Date.now()),
  ]);
  await writer.run(`CREATE TABLE objects (
    row_id INTEGER, key VARCHAR, etag VARCHAR USING COMPRESSION uncompressed, size BIGINT, last_modified BIGINT,
    storage_class VARCHAR, form UTINYINT, problem VARCHAR, problem_code VARCHAR, text_length INTEGER, body VARCHAR)`);
  // A row a tag of an object whose tags were read, and one a such object. `kind`, `text`, `instant` as in slots.
  await writer.run('CREATE TABLE tags (row_id INTEGER, name VARCHAR, kind UTINYINT, text VARCHAR, instant BIGINT)');
  await writer.run('CREATE TABLE tags_read (row_id INTEGER, read_at BIGINT)');
  await writer.run('CREATE INDEX objects_by_row ON objects (row_id)');
  await writer.run('CREATE TABLE records (row_id INTEGER, key VARCHAR, readable BOOLEAN)');
  await writer.run('CREATE TABLE fields (position INTEGER, slot INTEGER, part VARCHAR, path VARCHAR, counts VARCHAR)');
  await writer.run('COMMIT');
}

export async function readMeta(connection: DuckDBConnection): Promise<Meta> {
  const [row = []] = await selectRows(
    connection,
    'SELECT version::DOUBLE, records::DOUBLE, unreadable::DOUBLE, synced_at::DOUBLE, profile_version::DOUBLE FROM meta',
  );
  return {
    version: numberAt(row, 0),
    records: numberAt(row, 1),
    unreadable: numberAt(row, 2),
    syncedAt: numberOrNullAt(row, 3),
    profileVersion: numberAt(row, 4),
  };
}

export async function selectRows(
  connection: DuckDBConnection,
  sql: string,
  values: DuckDBValue[] = [],
): Promise<readonly Row[]> {
  return (await connection.runAndReadAll(sql, values)).getRows();
}

export async function selectSql(connection: DuckDBConnection, { text, parameters }: Sql): Promise<readonly Row[]> {
  return (await connection.runAndReadAll(text, [...parameters], parameterTypes(parameters))).getRows();
}

function isLockConflict(error: unknown): boolean {
  return error instanceof Error && /could not set lock|being used by another process/i.test(error.message);
}

function isDeepEqual(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((value, position) => value === right[position]);
}
