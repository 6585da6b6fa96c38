import type { DuckDBConnection } from '@duckdb/node-api';
import { selectRows } from '../database.ts';
import { jsonListAt, numberAt, numberOrNullAt, textAt, textOrNullAt } from '../row-cells.ts';

/** Some rows of a result, one after the other. */
export interface ExportChunk {
  readonly keys: readonly string[];
  /** Null where the object is no record, or is not there any more. */
  readonly texts: readonly (string | null)[];
  /** What is known of those without a text, by their places in the chunk. */
  readonly unread: ReadonlyMap<number, UnreadObject>;
  /** Places of keys that differ from another one in capitals alone; empty where nobody asked. */
  readonly twins: ReadonlySet<number>;
}

export interface UnreadObject {
  readonly problem: string | null;
  readonly problemCode: string | null;
  /** Null where it is not there any more. */
  readonly etag: string | null;
  readonly size: number;
}

/** UTF-16 units of the texts of a chunk; one text that is longer is read alone. */
const CHUNK_LENGTH = 4 * 1024 * 1024;
/** Rows of which the lengths are read at once, and at most those of a chunk. */
const LOOKED_AHEAD = 32_768;
/** Where chunk by chunk would take more scans of the objects than that, they are put in order first. */
const MOST_SCANS = 4;

/** What an export writes, a chunk at a time. */
export interface ExportRows {
  /** Null after the last. */
  next(): Promise<ExportChunk | null>;
  /** Nothing is read any more when it resolves. */
  close(): Promise<void>;
}

/**
 * Rows of the table `result`, in its order, a few megabytes at a time, and while a chunk is written the next one is read. To
 * sort all texts at once fills DuckDB's memory, and to take a text a row out of an answer costs more than to find it: so the
 * texts of a chunk come as one, which is cut here.
 */
export class RowStream implements ExportRows {
  readonly #connection: DuckDBConnection;
  readonly #hasTwins: boolean;
  readonly #end: number;
  #isSorted = false;
  #position: number;
  /** Of the texts of the rows from `#position` on, 0 of those without. */
  #lengths: readonly number[] = [];
  #next: Promise<ExportChunk | null>;

  private constructor(connection: DuckDBConnection, from: number, end: number, hasTwins: boolean) {
    this.#connection = connection;
    this.#position = from;
    this.#end = end;
    this.#hasTwins = hasTwins;
    this.#next = this.#prepare().then(() => this.#read());
    this.#next.catch(() => undefined);
  }

  /**
   * Rows `from` to `end`. `hasTwins`: whether keys are to be told apart that differ in capitals alone. The connection is this
   * stream's until it is closed.
   */
  static open(connection: DuckDBConnection, from: number, end: number, hasTwins: boolean): RowStream {
    return new RowStream(connection, from, end, hasTwins);
  }

  async next(): Promise<ExportChunk | null> {
    const chunk = await this.#next;
    if (chunk !== null) {
      this.#next = this.#read();
      this.#next.catch(() => undefined);
    }
    return chunk;
  }

  async close(): Promise<void> {
    this.#connection.interrupt();
    await Promise.allSettled([this.#next]);
  }

  async #prepare(): Promise<void> {
    if (this.#hasTwins) {
      await this.#connection.run(
        `CREATE TEMP TABLE twins AS SELECT place FROM (
           SELECT rowid AS place, count(*) OVER (PARTITION BY lower(nfc_normalize(key))) AS alike FROM temp.result)
         WHERE alike > 1`,
      );
    }
    const [spans = []] = await selectRows(
      this.#connection,
      `SELECT coalesce(sum(last - first + 1), 0)::DOUBLE, coalesce(max(last) - min(first) + 1, 0)::DOUBLE
       FROM (SELECT max(row_id) AS last, min(row_id) AS first FROM temp.result GROUP BY rowid // ${String(LOOKED_AHEAD)})`,
    );
    if (numberAt(spans, 0) <= MOST_SCANS * numberAt(spans, 1)) return;
    await this.#connection.run(
      `CREATE TEMP TABLE sorted AS SELECT ${PLACED_COLUMNS} FROM ${PLACED_ROWS} ORDER BY r.rowid`,
    );
    this.#isSorted = true;
  }

  async #read(): Promise<ExportChunk | null> {
    if (this.#lengths.length === 0) this.#lengths = await this.#readLengths();
    const count = this.#countOf(this.#lengths);
    if (count === 0) return null;
    const lengths = this.#lengths.slice(0, count);
    const from = this.#position;
    const rows = this.#rows(from, from + count);
    const [row = []] = await selectRows(
      this.#connection,
      // A decoder takes a mark of the byte order away where it comes first, so something else does.
      `SELECT to_json(list(key ORDER BY place)), concat(' ', string_agg(body, '' ORDER BY place)) FROM ${rows}`,
    );
    const unread = lengths.includes(0) ? await this.#readUnread(from, rows) : NONE_UNREAD;
    const twins = this.#hasTwins ? await this.#readTwins(from, from + count) : NO_TWINS;
    this.#lengths = this.#lengths.slice(count);
    this.#position += count;
    return { keys: jsonListAt(row, 0).map(String), texts: cut(textAt(row, 1), 1, lengths), unread, twins };
  }

  /** How many of the rows are a chunk. */
  #countOf(lengths: readonly number[]): number {
    let total = 0;
    const end = lengths.findIndex((length, place) => {
      total += length;
      return place > 0 && total > CHUNK_LENGTH;
    });
    return end === -1 ? lengths.length : end;
  }

  async #readLengths(): Promise<readonly number[]> {
    const end = Math.min(this.#position + LOOKED_AHEAD, this.#end);
    if (this.#position >= end) return [];
    const found = await this.#connection.runAndReadAll(
      `SELECT coalesce(text_length, 0) FROM ${this.#rows(this.#position, end)} ORDER BY place`,
    );
    const [lengths = []] = found.getColumns();
    return lengths.map(Number);
  }

  async #readUnread(from: number, rows: string): Promise<ReadonlyMap<number, UnreadObject>> {
    const found = await selectRows(
      this.#connection,
      `SELECT place::DOUBLE, problem, problem_code, etag, size::DOUBLE FROM ${rows} WHERE coalesce(text_length, 0) = 0`,
    );
    return new Map(
      found.map((row) => [
        numberAt(row, 0) - from,
        {
          problem: textOrNullAt(row, 1),
          problemCode: textOrNullAt(row, 2),
          etag: textOrNullAt(row, 3),
          size: numberOrNullAt(row, 4) ?? 0,
        },
      ]),
    );
  }

  async #readTwins(from: number, end: number): Promise<ReadonlySet<number>> {
    const found = await selectRows(
      this.#connection,
      `SELECT place::DOUBLE FROM temp.twins WHERE place >= ${String(from)} AND place < ${String(end)}`,
    );
    return new Set(found.map((row) => numberAt(row, 0) - from));
  }

  #rows(from: number, end: number): string {
    const within = (place: string): string => `${place} >= ${String(from)} AND ${place} < ${String(end)}`;
    return this.#isSorted
      ? `(FROM temp.sorted WHERE ${within('place')})`
      : `(SELECT ${PLACED_COLUMNS} FROM ${PLACED_ROWS} WHERE ${within('r.rowid')})`;
  }
}

const PLACED_COLUMNS = 'r.rowid AS place, r.key, o.body, o.text_length, o.problem, o.problem_code, o.etag, o.size';
const PLACED_ROWS = 'temp.result r LEFT JOIN objects o USING (row_id)';

const NONE_UNREAD: ReadonlyMap<number, UnreadObject> = new Map();
const NO_TWINS: ReadonlySet<number> = new Set();

function cut(joined: string, start: number, lengths: readonly number[]): readonly (string | null)[] {
  let from = start;
  return lengths.map((length) => {
    if (length === 0) return null;
    from += length;
    return joined.slice(from - length, from);
  });
}
