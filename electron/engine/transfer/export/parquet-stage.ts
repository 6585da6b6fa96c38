import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { totalmem } from 'node:os';
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
  VARCHAR,
} from '@duckdb/node-api';
import type { ExportColumnType, ExportCompression } from '../../../../shared/export.ts';
import { AppFailure } from '../../../../shared/result.ts';
import { ALLOCATOR } from '../../index/process/database.ts';
import { setColumn, VECTOR_ROWS } from '../../index/process/vector-writer.ts';
import { identifier, quoted } from '../../index/sql/quoted.ts';
import { localFileFailure } from '../../local-file-failure.ts';
import { STAGE_ENDS } from './part-names.ts';

/** Bytes of DuckDB's buffers; what is beyond them is in the file. */
const MEMORY_LIMIT = 96 * 1000 * 1000;
const THREADS = 2;
/** Rows of a group of DuckDB's own file: fewer than that go through its log first, and cost twice as much. */
export const STAGE_GROUP = 122_880;
/** Rows that a reader gets at once, and at most bytes of them: while DuckDB writes, it holds several such groups in memory. */
const GROUP_ROWS = 61_440;
const GROUP_BYTES = 8 * 1024 * 1024;

/** With texts of 16 kB, 6 were enough and 3 were not. */
const VECTORS_OF_A_THREAD = 8;

export interface StageColumn {
  readonly name: string;
  readonly type: ExportColumnType;
}

/**
 * Rows on their way into Parquet files: DuckDB writes such a file in one go, so that they wait in a file of its own until
 * then, from which they are gone on with after a crash. It is another database than that of the index, which may touch no
 * files. A writer in JavaScript took twice the time, most of it for collecting an array of bytes for each text.
 */
export class ParquetStage {
  readonly #path: string;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(path: string, instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#path = path;
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(path: string): Promise<ParquetStage> {
    return guarded(path, async () => {
      const instance = await DuckDBInstance.create(path, {
        memory_limit: `${String(MEMORY_LIMIT)}B`,
        threads: String(THREADS),
        temp_directory: `${path}.tmp`,
        checkpoint_threshold: '64MB',
        ...ALLOCATOR,
        // The file is read once.
        force_compression: 'uncompressed',
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
      });
      return new ParquetStage(path, instance, await instance.connect());
    });
  }

  /** The table of the file `name`, with its first `rows` rows. */
  async table(name: string, columns: readonly StageColumn[], rows: number): Promise<StageTable> {
    const table = `part_${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
    const definitions = columns.map(({ type }, place) => `c${String(place)} ${TYPES[type].toString()}`);
    return guarded(this.#path, async () => {
      await this.#connection.run(`CREATE TABLE IF NOT EXISTS ${table} (${definitions.join(', ')})`);
      const kept = await this.#connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${table}`);
      if (kept.getRows()[0]?.[0] !== rows) {
        await this.#connection.run(`CREATE OR REPLACE TABLE ${table} AS SELECT * FROM ${table} LIMIT ${String(rows)}`);
      }
      return new StageTable(this.#path, this.#connection, table, columns);
    });
  }

  /** Its file goes. */
  async remove(): Promise<void> {
    await this.close();
    for (const end of STAGE_ENDS) await rm(this.#path + end, { recursive: true, force: true });
  }

  close(): Promise<void> {
    this.#connection.closeSync();
    this.#instance.closeSync();
    return Promise.resolve();
  }
}

/** Rows of one Parquet file. */
export class StageTable {
  readonly #path: string;
  readonly #connection: DuckDBConnection;
  readonly #table: string;
  readonly #columns: readonly StageColumn[];
  readonly #types: readonly DuckDBType[];
  #appender: DuckDBAppender | null = null;

  constructor(path: string, connection: DuckDBConnection, table: string, columns: readonly StageColumn[]) {
    this.#path = path;
    this.#connection = connection;
    this.#table = table;
    this.#columns = columns;
    this.#types = columns.map(({ type }) => TYPES[type]);
  }

  /** By columns of so many rows. */
  append(rows: number, columns: readonly (readonly DuckDBValue[])[]): Promise<void> {
    return guarded(this.#path, async () => {
      this.#appender ??= await this.#connection.createAppender(this.#table);
      for (let from = 0; from < rows; from += VECTOR_ROWS) {
        const count = Math.min(VECTOR_ROWS, rows - from);
        const chunk = DuckDBDataChunk.create(this.#types, count);
        for (const [column, type] of this.#types.entries())
          setColumn(chunk, column, type, columns[column] ?? [], from, count);
        this.#appender.appendDataChunk(chunk);
      }
    });
  }

  /** What was appended is there after a crash too. */
  keep(): Promise<void> {
    return guarded(this.#path, () => {
      this.#appender?.closeSync();
      this.#appender = null;
      return Promise.resolve();
    });
  }

  /** Writes the Parquet file, with a text in its own metadata. `rowBytes`: of a row, as near as it is known. */
  async write(path: string, compression: ExportCompression, description: string, rowBytes: number): Promise<void> {
    await this.keep();
    const groupRows = Math.min(GROUP_ROWS, Math.max(VECTOR_ROWS, Math.floor(GROUP_BYTES / Math.max(1, rowBytes))));
    const columns = this.#columns.map(({ name }, place) => `c${String(place)} AS ${identifier(name)}`);
    await guarded(path, async () => {
      await this.#makeRoom(VECTOR_ROWS * rowBytes);
      await this.#connection.run(
        `COPY (SELECT ${columns.join(', ')} FROM ${this.#table}) TO ${quoted(path)} (FORMAT parquet,
           COMPRESSION ${CODECS[compression]}, ROW_GROUP_SIZE ${String(groupRows)},
           KV_METADATA {dipper: ${quoted(description)}})`,
      );
    });
    await guarded(this.#path, () => this.#connection.run(`DROP TABLE ${this.#table}`));
  }

  /** For each thread DuckDB has several vectors in memory, however large their rows are. */
  async #makeRoom(vectorBytes: number): Promise<void> {
    const needed = VECTORS_OF_A_THREAD * vectorBytes;
    const threads = needed * THREADS <= MEMORY_LIMIT ? THREADS : 1;
    const limit = Math.max(MEMORY_LIMIT, Math.min(needed, totalmem() / 2));
    await this.#connection.run(`SET threads = ${String(threads)}`);
    await this.#connection.run(`SET memory_limit = '${String(Math.floor(limit))}B'`);
  }

  close(): void {
    this.#appender?.closeSync();
    this.#appender = null;
  }
}

const TYPES: Readonly<Record<ExportColumnType, DuckDBType>> = {
  string: VARCHAR,
  // As text: a type of its own would be read as text elsewhere too.
  json: VARCHAR,
  integer: BIGINT,
  number: DOUBLE,
  boolean: BOOLEAN,
};

/** Snappy is what is usual where nothing else is wanted. */
const CODECS: Readonly<Record<ExportCompression, string>> = { none: 'snappy', gzip: 'gzip', zstd: 'zstd' };

/** DuckDB's words for what the file system refused. */
async function guarded<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppFailure || !(error instanceof Error)) throw error;
    if (/out of memory/i.test(error.message)) throw tooLargeRows(error);
    const code = FAULTS.find(([words]) => words.test(error.message))?.[1];
    if (code === undefined) throw error;
    throw localFileFailure(path, 'written', Object.assign(new Error(code, { cause: error }), { code }));
  }
}

/** DuckDB has 2,048 rows in memory several times, however large they are. */
function tooLargeRows(cause: Error): AppFailure {
  return new AppFailure(
    'invalid-arguments',
    'The records are too large to be written as Parquet in the memory that there is for it. Export them as NDJSON, or choose fewer fields.',
    { cause },
  );
}

const FAULTS: readonly (readonly [words: RegExp, code: string])[] = [
  [/no space left|disk full|max_temp_directory_size/i, 'ENOSPC'],
  [/read-only file system/i, 'EROFS'],
  [/permission denied/i, 'EACCES'],
  [/is a directory/i, 'EISDIR'],
  [/no such file|cannot open file/i, 'ENOENT'],
  [/input\/output error/i, 'EIO'],
];
