import type { DuckDBConnection } from '@duckdb/node-api';
import type { CodecName } from '../../../../shared/collection.ts';
import type { JsonNode } from '../../../../shared/json/node.ts';
import type { ResultColumn, ResultPage, ResultRow } from '../../../../shared/page.ts';
import { AppFailure } from '../../../../shared/result.ts';
import { idOfKey } from '../../../../shared/record-key.ts';
import type { DecodedMember, DecodedRecord } from '../../records/codec.ts';
import { decodeRecord } from '../../records/decode-record.ts';
import type { KeyPage } from '../protocol.ts';
import { selectRows } from './database.ts';
import { PAGE_BYTES, PAGE_ROWS, PageBuilder, type PageRow } from './page-cells.ts';
import { numberAt, numberOrNullAt, textAt, textOrNullAt } from './row-cells.ts';
import { FORMS } from './row-chunks.ts';
import { readTexts } from './stored-texts.ts';

/** What an open answer is, of a query or of a statement in SQL. */
export interface ResultBase {
  readonly handle: string;
  readonly collection: string;
  readonly prefix: string;
  readonly connection: DuckDBConnection;
  readonly total: number;
  /** One page at a time: a connection runs one query at a time. */
  turn: Promise<unknown>;
  closed: boolean;
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
  /** Names of the selected fields; empty for all. */
  readonly select: readonly string[];
}

export const DELETED = 'This record was deleted after the query ran.';

export async function readPage(result: OpenResult, from: number, count: number): Promise<ResultPage> {
  return inTurn(result, async () => {
    const page = new PageBuilder(from, result.columns.length);
    const names = result.columns.map(({ name }) => name);
    for await (const row of readRows(result, from, Math.min(count, PAGE_ROWS))) {
      const values = row.record === null ? names.map(() => null) : valuesOf(row.record, names);
      if (!page.add(row, { values, text: row.record?.text ?? '' })) break;
    }
    return page.finish();
  });
}

export async function readWholeRows(result: OpenResult, from: number, count: number): Promise<readonly ResultRow[]> {
  return inTurn(result, async () => {
    const rows: ResultRow[] = [];
    let bytes = 0;
    for await (const { id, key, problem, record } of readRows(result, from, Math.min(count, PAGE_ROWS))) {
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

export async function readKeys(result: OpenResult, from: number, count: number): Promise<KeyPage> {
  return inTurn(result, async () => {
    const rows = await selectRows(
      result.connection,
      `SELECT r.key, o.etag FROM temp.result r JOIN objects o ON o.row_id = r.row_id
       WHERE r.rowid >= ${String(from)} AND r.rowid < ${String(from + count)} ORDER BY r.rowid`,
    );
    return { keys: rows.map((row) => textAt(row, 0)), etags: rows.map((row) => textAt(row, 1)) };
  });
}

/** Runs `work` in a transaction on the result's connection, after what was asked of the result before. */
export async function inTurn<T>(result: ResultBase, work: () => Promise<T>): Promise<T> {
  const turn = result.turn.then(async () => {
    if (result.closed) throw new AppFailure('result-closed', 'This result is not open any more. Run the query again.');
    await result.connection.run('BEGIN');
    try {
      return await work();
    } finally {
      // Nothing is written; a transaction that was interrupted can be given up, but not committed.
      await result.connection.run('ROLLBACK');
    }
  });
  result.turn = turn.catch(() => undefined);
  return turn;
}

interface RowFacts extends PageRow {
  readonly rowId: number;
  /** Of its text, in characters. */
  readonly length: number;
}

/** Rows in the order of the result, with their records; texts are in memory a few megabytes at a time. */
async function* readRows(
  result: OpenResult,
  from: number,
  count: number,
): AsyncGenerator<RowFacts & { readonly record: DecodedRecord | null }, void, undefined> {
  const facts = await readFacts(result, from, count);
  let next = 0;
  const readable = facts.filter(({ length }) => length > 0);
  for await (const texts of readTexts(result.connection, readable)) {
    const byRow = new Map(texts.map(({ rowId, text }) => [rowId, text]));
    while (next < facts.length) {
      const row = facts[next];
      if (row === undefined || (row.length > 0 && !byRow.has(row.rowId))) break;
      const text = byRow.get(row.rowId);
      yield { ...row, record: text === undefined ? null : decodeRecord(result.codec, text) };
      next += 1;
    }
  }
  for (const row of facts.slice(next)) yield { ...row, record: null };
}

async function readFacts(result: OpenResult, from: number, count: number): Promise<readonly RowFacts[]> {
  const { connection, prefix } = result;
  const places = await selectRows(
    connection,
    `SELECT row_id, key FROM temp.result WHERE rowid >= ${String(from)} AND rowid < ${String(from + count)} ORDER BY rowid`,
  );
  if (places.length === 0) return [];
  const found = await selectRows(
    connection,
    `SELECT row_id, etag, size::DOUBLE, last_modified::DOUBLE, storage_class, form, problem, text_length
     FROM objects WHERE row_id IN (${places.map((row) => numberAt(row, 0)).join(',')})`,
  );
  const byRow = new Map(found.map((row) => [numberAt(row, 0), row]));
  return places.map((place): RowFacts => {
    const key = textAt(place, 1);
    const identity = { rowId: numberAt(place, 0), key, id: idOfKey(prefix, key) };
    const row = byRow.get(identity.rowId);
    if (row === undefined) {
      return {
        ...identity,
        form: 'plain',
        etag: '',
        size: 0,
        lastModified: null,
        storageClass: '',
        problem: DELETED,
        length: 0,
      };
    }
    return {
      ...identity,
      form: FORMS[numberAt(row, 5)] ?? 'plain',
      etag: textAt(row, 1),
      size: numberAt(row, 2),
      lastModified: numberOrNullAt(row, 3),
      storageClass: textAt(row, 4),
      problem: textOrNullAt(row, 6),
      length: numberAt(row, 7),
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
