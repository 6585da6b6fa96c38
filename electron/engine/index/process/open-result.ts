import type { DuckDBConnection } from '@duckdb/node-api';
import type { CodecName } from '../../../../shared/collection.ts';
import type { JsonNode } from '../../../../shared/json/node.ts';
import type { ResultColumn, ResultPage, ResultRow } from '../../../../shared/page.ts';
import { AppFailure } from '../../../../shared/result.ts';
import { idOfKey } from '../../../../shared/record-key.ts';
import type { DecodedMember, DecodedRecord } from '../../records/codec.ts';
import { decodeRecord } from '../../records/decode-record.ts';
import { resultClosed } from '../index-failures.ts';
import type { KeyPage } from '../protocol.ts';
import { selectRows } from './database.ts';
import { PAGE_BYTES, PAGE_ROWS, PageBuilder, type PageRow } from './page-cells.ts';
import { numberAt, numberOrNullAt, textAt, textOrNullAt } from './row-cells.ts';
import { FORMS } from './row-chunks.ts';
import { readTexts } from './stored-texts.ts';

/** What an open answer is, of a query or of a statement in SQL. */
export interface ResultBase extends Turns {
  readonly handle: string;
  readonly collection: string;
  readonly prefix: string;
  readonly total: number;
}

/** One question at a time: a connection runs one query at a time. */
export interface Turns {
  readonly connection: DuckDBConnection;
  /** Until the rows are put together; it begins with that where nobody did before. */
  readonly ready: () => Promise<void>;
  turn: Promise<unknown>;
  closed: boolean;
}

/** The first rows of a result, with a connection of their own: they can be read while the table of all rows is made. */
export interface ResultHead extends Turns {
  readonly places: readonly ResultPlace[];
}

export interface ResultPlace {
  readonly rowId: number;
  readonly key: string;
}

/**
 * A snapshot of one query's answer: which records, in which order, in a temporary table `result` of a connection of its
 * own. Rows never shift. What a row shows is read when its page is: a record that changed since shows its new values in
 * its old place, one that was deleted since says so.
 */
export interface OpenResult extends ResultBase {
  readonly kind: 'query';
  readonly codec: CodecName;
  /** Of the index that was asked. */
  readonly version: number;
  readonly columns: readonly ResultColumn[];
  /** Null where the table was there first. */
  readonly head: ResultHead | null;
  /** Gives up what `ready` waits for. */
  readonly stopFilling: () => Promise<void>;
  /** Names of the selected fields; empty for all. */
  readonly select: readonly string[];
  /** The rules that the table `ruled` was made by (ruled-rows.ts), as JSON; null where there is none. */
  ruled: string | null;
}

/**
 * UTF-16 units of a text that is read with its row's other facts, which takes half the time of reading it by itself; a
 * page of them fits in memory.
 */
const SHORT_TEXT = 16 * 1024;

export const DELETED = 'This record was deleted after the query ran.';

export async function readPage(
  result: OpenResult,
  from: number,
  count: number,
  signal: AbortSignal,
): Promise<ResultPage> {
  return withPlaces(result, { from, count, signal }, async (places) => {
    const page = new PageBuilder(from, result.columns.length);
    const names = result.columns.map(({ name }) => name);
    for await (const row of readRows(result, places)) {
      const values = row.record === null ? names.map(() => null) : valuesOf(row.record, names);
      if (!page.add(row, { values, text: row.record?.text ?? '' })) break;
    }
    return page.finish();
  });
}

export async function readWholeRows(
  result: OpenResult,
  from: number,
  count: number,
  signal: AbortSignal,
): Promise<readonly ResultRow[]> {
  return withPlaces(result, { from, count, signal }, async (places) => {
    const rows: ResultRow[] = [];
    let bytes = 0;
    for await (const { id, key, problem, record } of readRows(result, places)) {
      const row: ResultRow = {
        id,
        key,
        problem,
        fields: record === null ? null : objectText(record, selected(record.fields, result.select)),
        metadata: record?.hasMetadata === true ? objectText(record, record.metadata) : null,
      };
      bytes += Buffer.byteLength(row.fields ?? '') + Buffer.byteLength(row.metadata ?? '') + key.length * 2;
      if (rows.length > 0 && bytes > PAGE_BYTES) break;
      rows.push(row);
    }
    return rows;
  });
}

/** `text` is null where there is none: of an object that is no record, or too large for the index, or gone. */
export interface StoredRow {
  readonly key: string;
  readonly text: string | null;
  readonly problem: string | null;
}

/** At most a page of rows with their objects' own texts. */
export async function readStoredRows(
  result: OpenResult,
  from: number,
  count: number,
  signal: AbortSignal,
): Promise<readonly StoredRow[]> {
  return withPlaces(result, { from, count, signal }, async (places) => {
    const rows: StoredRow[] = [];
    for await (const { key, problem, record } of readRows(result, places))
      rows.push({ key, problem, text: record?.text ?? null });
    return rows;
  });
}

/** In a turn of the caller's. `isRuled`: with the classes that rules give them, which were asked before. */
export async function readKeys(
  result: OpenResult,
  { from, count, isRuled }: { readonly from: number; readonly count: number; readonly isRuled: boolean },
): Promise<KeyPage> {
  const [into, join] = isRuled ? [', u.storage_class', ' JOIN temp.ruled u ON u.place = r.rowid'] : ['', ''];
  const rows = await selectRows(
    result.connection,
    `SELECT r.key, o.etag${into} FROM temp.result r JOIN objects o ON o.row_id = r.row_id${join}
     WHERE r.rowid >= ${String(from)} AND r.rowid < ${String(from + count)} ORDER BY r.rowid`,
  );
  const page = { keys: rows.map((row) => textAt(row, 0)), etags: rows.map((row) => textAt(row, 1)) };
  return isRuled ? { ...page, into: rows.map((row) => textOrNullAt(row, 2)) } : page;
}

interface FoundPlaces {
  readonly connection: DuckDBConnection;
  readonly places: readonly ResultPlace[];
}

interface Range {
  readonly from: number;
  readonly count: number;
  readonly signal: AbortSignal;
}

/** Runs `work` with a page of places: the first ones without waiting for the others. */
async function withPlaces<T>(
  result: OpenResult,
  { from, count, signal }: Range,
  work: (found: FoundPlaces) => Promise<T>,
): Promise<T> {
  const end = Math.min(from + Math.min(count, PAGE_ROWS), result.total);
  const { head } = result;
  if (head !== null && end <= head.places.length) {
    const found = { connection: head.connection, places: head.places.slice(from, end) };
    return takeTurn(head, () => work(found), signal).finally(() => {
      // The other rows are made ready behind the first page; how that went is told to whoever asks for them.
      if (!result.closed) result.ready().catch(() => undefined);
    });
  }
  return takeTurn(
    result,
    async () => work({ connection: result.connection, places: await readPlaces(result.connection, from, end) }),
    signal,
  );
}

async function readPlaces(connection: DuckDBConnection, from: number, end: number): Promise<readonly ResultPlace[]> {
  // Put in order here: DuckDB would take half as long again.
  const rows = await selectRows(
    connection,
    `SELECT rowid::INTEGER, row_id, key FROM temp.result WHERE rowid BETWEEN ${String(from)} AND ${String(end - 1)}`,
  );
  return rows
    .toSorted((a, b) => numberAt(a, 0) - numberAt(b, 0))
    .map((row): ResultPlace => ({ rowId: numberAt(row, 1), key: textAt(row, 2) }));
}

/** Runs `work` in a transaction on the result's connection, in a turn of its own. */
export function inTurn<T>(result: Turns, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const inTransaction = async (): Promise<T> => {
    await result.connection.run('BEGIN');
    try {
      return await work();
    } finally {
      await endReading(result.connection);
    }
  };
  return takeTurn(result, inTransaction, signal);
}

/** Nothing was written; a transaction that was interrupted can be given up, but not committed. */
async function endReading(connection: DuckDBConnection): Promise<void> {
  await connection.run('ROLLBACK');
}

/**
 * Runs `work` after what was asked of the result before; not at all where `signal` aborts until then: who jumps through
 * the rows waits for the last page alone.
 */
export async function takeTurn<T>(result: Turns, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const turn = result.turn.then(async () => {
    if (signal?.aborted === true) throw new AppFailure('aborted', 'The call was cancelled.');
    if (result.closed) throw resultClosed();
    await result.ready().catch((error: unknown) => {
      throw result.closed ? resultClosed() : error;
    });
    if (result.closed) throw resultClosed();
    return work();
  });
  result.turn = turn.catch(() => undefined);
  return turn;
}

interface RowFacts extends PageRow {
  readonly rowId: number;
  /** Of its text, in characters; 0 where it has none. */
  readonly length: number;
  /** Null where there is none, and where it is long. */
  readonly text: string | null;
}

interface ReadRow extends RowFacts {
  readonly record: DecodedRecord | null;
}

/**
 * Rows in the order of the result, with their records. Nearly always by one query, which agrees with itself; a transaction
 * around it would be two more turns of DuckDB's, for which a page that somebody waits for has no time.
 */
async function* readRows(result: OpenResult, { connection, places }: FoundPlaces): AsyncGenerator<ReadRow, void> {
  const rows = await readFacts(connection, result.prefix, places);
  if (rows.some(({ length }) => length > SHORT_TEXT)) yield* readLongRows(result, { connection, places });
  else for (const row of rows) yield withRecord(result, row, row.text);
}

/** The same where texts are read by themselves, a few megabytes at a time: facts and texts have to agree. */
async function* readLongRows(result: OpenResult, { connection, places }: FoundPlaces): AsyncGenerator<ReadRow, void> {
  await connection.run('BEGIN');
  try {
    const rows = await readFacts(connection, result.prefix, places);
    const longTexts = readTexts(
      connection,
      rows.filter(({ length }) => length > SHORT_TEXT),
    );
    let group: ReadonlyMap<number, string> = new Map();
    for (const row of rows) {
      if (row.length > SHORT_TEXT && !group.has(row.rowId)) {
        const { value } = await longTexts.next();
        group = new Map(value?.map(({ rowId, text }) => [rowId, text]));
      }
      yield withRecord(result, row, row.text ?? group.get(row.rowId) ?? null);
    }
  } finally {
    await endReading(connection);
  }
}

function withRecord({ codec }: OpenResult, row: RowFacts, text: string | null): ReadRow {
  return { ...row, record: text === null ? null : decodeRecord(codec, text) };
}

async function readFacts(
  connection: DuckDBConnection,
  prefix: string,
  places: readonly ResultPlace[],
): Promise<readonly RowFacts[]> {
  if (places.length === 0) return [];
  const found = await selectRows(
    connection,
    `SELECT row_id, etag, size::DOUBLE, last_modified::DOUBLE, storage_class, form, problem, text_length,
       CASE WHEN text_length <= ${String(SHORT_TEXT)} THEN body END
     FROM objects WHERE row_id IN (${places.map(({ rowId }) => rowId).join(',')})`,
  );
  const byRow = new Map(found.map((row) => [numberAt(row, 0), row]));
  return places.map(({ rowId, key }): RowFacts => {
    const id = idOfKey(prefix, key);
    const row = byRow.get(rowId);
    if (row === undefined) {
      return {
        rowId,
        key,
        id,
        form: 'plain',
        etag: '',
        size: 0,
        lastModified: null,
        storageClass: '',
        problem: DELETED,
        length: 0,
        text: null,
      };
    }
    return {
      rowId,
      key,
      id,
      form: FORMS[numberAt(row, 5)] ?? 'plain',
      etag: textAt(row, 1),
      size: numberAt(row, 2),
      lastModified: numberOrNullAt(row, 3),
      storageClass: textAt(row, 4),
      problem: textOrNullAt(row, 6),
      length: numberAt(row, 7),
      text: textOrNullAt(row, 8),
    };
  });
}

function valuesOf(record: DecodedRecord, names: readonly string[]): readonly (JsonNode | null)[] {
  const byName = new Map(record.fields.map(({ name, value }) => [name, value]));
  return names.map((name) => byName.get(name) ?? null);
}

function selected(fields: readonly DecodedMember[], select: readonly string[]): readonly DecodedMember[] {
  if (select.length === 0) return fields;
  const byName = new Map(fields.map((field) => [field.name, field]));
  return [...new Set(select)].map((name) => byName.get(name)).filter((field) => field !== undefined);
}

/** The values' own text, whatever its digits, escapes and line breaks. */
function objectText({ text }: DecodedRecord, members: readonly DecodedMember[]): string {
  const parts = members.map(({ name, value }) => `${JSON.stringify(name)}: ${text.slice(value.start, value.end)}`);
  return `{${parts.join(', ')}}`;
}
