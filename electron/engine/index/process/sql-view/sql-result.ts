import { type DuckDBType, DuckDBTypeId } from '@duckdb/node-api';
import { readJson } from '../../../../../shared/json/read-json.ts';
import type { FieldKind, ResultPage, ResultRow } from '../../../../../shared/page.ts';
import type { FieldSortKey } from '../../../../../shared/query.ts';
import { AppFailure } from '../../../../../shared/result.ts';
import { selectRows } from '../database.ts';
import { inTurn, type ResultBase, takeTurn } from '../open-result.ts';
import { PAGE_BYTES, PAGE_ROWS, PageBuilder } from '../page-cells.ts';
import { numberAt, type Row, textAt, textOrNullAt } from '../row-cells.ts';
import { lowerCase } from './check-statement.ts';
import type { ViewColumn } from './view-columns.ts';

/** What a statement answered: a temporary table `result` of a connection of its own, with a column `c{n}` each. */
export interface SqlResult extends ResultBase {
  readonly kind: 'sql';
  readonly columns: readonly AnswerColumn[];
  /** The index has ids to find a record's key by. */
  readonly hasIds: boolean;
  /** The rows are shown in the order of a table `sorted`, which holds their rowids. */
  isSorted: boolean;
}

export interface AnswerColumn {
  readonly name: string;
  readonly kind: FieldKind;
  /** Of the column of `result`. */
  readonly type: string;
  /** SQL of a cell's text. */
  readonly text: (column: string) => string;
  /** Its texts are JSON; else they are strings. */
  readonly isJson: boolean;
}

const NUMBERS: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.DECIMAL,
]);

const TIMES: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.TIMESTAMP,
  DuckDBTypeId.TIMESTAMP_S,
  DuckDBTypeId.TIMESTAMP_MS,
  DuckDBTypeId.TIMESTAMP_NS,
]);

const FLOATS: ReadonlySet<DuckDBTypeId> = new Set([DuckDBTypeId.FLOAT, DuckDBTypeId.DOUBLE]);
const LISTS: ReadonlySet<DuckDBTypeId> = new Set([DuckDBTypeId.LIST, DuckDBTypeId.ARRAY]);
const OBJECTS: ReadonlySet<DuckDBTypeId> = new Set([DuckDBTypeId.STRUCT, DuckDBTypeId.MAP, DuckDBTypeId.UNION]);

const asText = (column: string): string => `${column}::VARCHAR`;
const inUtc = (column: string): string => `replace((${column} AT TIME ZONE 'UTC')::VARCHAR, ' ', 'T') || 'Z'`;
const asJson = (column: string): string => `to_json(${column})::VARCHAR`;

/** How the columns of an answer are kept and shown. One that is a column of the view keeps its kind. */
export function answerColumns(
  names: readonly string[],
  types: readonly DuckDBType[],
  view: readonly ViewColumn[],
): readonly AnswerColumn[] {
  const known = new Map(view.map(({ name, kind }) => [lowerCase(name), kind]));
  return names.map((name, place) => {
    const type = types[place];
    if (type === undefined) throw new TypeError(`The answer has no type for its column ${name}.`);
    return { name, type: String(type), ...shown(type, known.get(lowerCase(name)) ?? null) };
  });
}

function shown(type: DuckDBType, known: FieldKind | null): Pick<AnswerColumn, 'kind' | 'text' | 'isJson'> {
  const { typeId } = type;
  if (NUMBERS.has(typeId)) return { kind: 'number', text: asText, isJson: true };
  if (TIMES.has(typeId)) {
    return { kind: 'date', text: (column) => `replace(${column}::VARCHAR, ' ', 'T')`, isJson: false };
  }
  if (FLOATS.has(typeId)) return { kind: 'number', text: shortNumber, isJson: true };
  if (LISTS.has(typeId)) return { kind: 'list', text: asJson, isJson: true };
  if (OBJECTS.has(typeId)) return { kind: 'object', text: asJson, isJson: true };
  if (typeId === DuckDBTypeId.BOOLEAN) return { kind: 'boolean', text: asText, isJson: true };
  if (typeId === DuckDBTypeId.DATE) return { kind: 'date', text: asText, isJson: false };
  if (typeId === DuckDBTypeId.TIMESTAMP_TZ) {
    return { kind: 'date', text: inUtc, isJson: false };
  }
  return type.alias === 'JSON'
    ? { kind: known ?? 'object', text: asText, isJson: true }
    : { kind: 'string', text: asText, isJson: false };
}

/** Without the `.0` that DuckDB ends whole doubles with. */
function shortNumber(column: string): string {
  return `CASE WHEN abs(${column}) < 1e18 AND ${column} = trunc(${column})
    THEN ${column}::BIGINT::VARCHAR ELSE to_json(${column})::VARCHAR END`;
}

/** Puts the rows into another order; equal ones stand as the statement answered them. No key gives its own order back. */
export async function sortSqlResult(result: SqlResult, sort: readonly FieldSortKey[]): Promise<void> {
  const terms = sort.map(({ field, direction }) => {
    const place = result.columns.findIndex(({ name }) => name === field);
    if (place !== -1) return `c${String(place)} ${direction === 'asc' ? 'ASC' : 'DESC'} NULLS LAST`;
    throw new AppFailure('invalid-arguments', `The answer has no column ${JSON.stringify(field)} to be sorted by.`);
  });
  await takeTurn(result, async () => {
    if (terms.length > 0) {
      await result.connection.run(
        `CREATE OR REPLACE TEMP TABLE sorted AS SELECT rowid AS place FROM temp.result ORDER BY ${terms.join(', ')}, rowid`,
      );
    }
    result.isSorted = terms.length > 0;
  });
}

export async function readSqlPage(
  result: SqlResult,
  from: number,
  count: number,
  signal: AbortSignal,
): Promise<ResultPage> {
  return inTurn(
    result,
    async () => {
      const page = new PageBuilder(from, result.columns.length);
      for (const { cells, key, id } of await readRows(result, from, count)) {
        const text = `[${cells.join(',')}]`;
        const root = readJson(text);
        const values = root.kind === 'array' ? root.items : [];
        const fits = page.add(
          { key, id, form: 'plain', etag: '', size: 0, lastModified: null, storageClass: '', problem: null },
          { values, text },
        );
        if (!fits) break;
      }
      return page.finish();
    },
    signal,
  );
}

export async function readSqlRows(
  result: SqlResult,
  from: number,
  count: number,
  signal: AbortSignal,
): Promise<readonly ResultRow[]> {
  return inTurn(
    result,
    async () => {
      const rows = await readRows(result, from, count);
      return rows.map(({ cells, key, id }): ResultRow => {
        const members = cells.map((cell, place) => `${JSON.stringify(result.columns[place]?.name ?? '')}: ${cell}`);
        return { id, key, problem: null, fields: `{${members.join(', ')}}`, metadata: null };
      });
    },
    signal,
  );
}

interface SqlRow {
  /** JSON texts. */
  readonly cells: readonly string[];
  /** Of the record that the row is of; empty where it is of none. */
  readonly key: string;
  readonly id: string;
}

async function readRows(result: SqlResult, from: number, count: number): Promise<readonly SqlRow[]> {
  const rows = await readTexts(result, from, count);
  const keys = rows.length === 0 ? [] : await recordKeys(result, rows, from);
  return rows.map((row, place): SqlRow => ({ cells: cellsOf(result, row), ...(keys[place] ?? { key: '', id: '' }) }));
}

/** Rows as JSON objects by the names of their columns, as many as fit. */
export async function readSqlObjects(result: SqlResult, from: number, count: number): Promise<readonly string[]> {
  const names = result.columns.map(({ name }) => JSON.stringify(name));
  const rows = await readTexts(result, from, count);
  return rows.map(
    (row) =>
      `{${cellsOf(result, row)
        .map((cell, place) => `${names[place] ?? ''}:${cell}`)
        .join(',')}}`,
  );
}

async function readTexts(result: SqlResult, from: number, count: number): Promise<readonly Row[]> {
  const texts = result.columns.map(({ text }, place) => text(`c${String(place)}`));
  const taken = await rowsThatFit(result, texts, from, Math.min(count, PAGE_ROWS));
  return taken === 0 ? [] : selectRows(result.connection, rangeSql(result, texts.join(', '), from, taken));
}

function cellsOf({ columns }: SqlResult, row: Row): readonly string[] {
  return columns.map(({ isJson }, column) => {
    const text = textOrNullAt(row, column);
    return text === null ? 'null' : isJson ? text : JSON.stringify(text);
  });
}

/** Texts of any size are never in memory together: at most what a page holds, or one row. */
async function rowsThatFit(result: SqlResult, texts: readonly string[], from: number, count: number): Promise<number> {
  const size = texts.map((text) => `coalesce(strlen(${text}), 4)`).join(' + ');
  const rows = await selectRows(result.connection, rangeSql(result, `(${size})::DOUBLE`, from, count));
  let bytes = 0;
  const end = rows.findIndex((row, place) => {
    bytes += numberAt(row, 0);
    return place > 0 && bytes > PAGE_BYTES;
  });
  return end === -1 ? rows.length : end;
}

function rangeSql({ isSorted }: SqlResult, selected: string, from: number, count: number): string {
  const within = (rowid: string): string =>
    `WHERE ${rowid} >= ${String(from)} AND ${rowid} < ${String(from + count)} ORDER BY ${rowid}`;
  return isSorted
    ? `SELECT ${selected} FROM temp.sorted s JOIN temp.result r ON r.rowid = s.place ${within('s.rowid')}`
    : `SELECT ${selected} FROM temp.result ${within('rowid')}`;
}

/** A row with a key is of that record; one with an id alone is looked up. */
async function recordKeys(
  result: SqlResult,
  rows: readonly Row[],
  from: number,
): Promise<readonly { readonly key: string; readonly id: string }[]> {
  const { connection, columns, hasIds } = result;
  const placeOf = (wanted: string): number =>
    columns.findIndex(({ name, kind }) => lowerCase(name) === wanted && kind === 'string');
  const keyAt = placeOf('key');
  const idAt = placeOf('id');
  const textsAt = (place: number): readonly string[] =>
    rows.map((row) => (place === -1 ? '' : (textOrNullAt(row, place) ?? '')));
  const ids = textsAt(idAt);
  if (keyAt !== -1) return textsAt(keyAt).map((key, row) => ({ key, id: ids[row] ?? '' }));
  if (idAt === -1 || !hasIds) return [];
  const found = await selectRows(
    connection,
    `SELECT f0_text, min(key) FROM main.records
     WHERE f0_text IN (${rangeSql(result, `c${String(idAt)}`, from, rows.length)}) GROUP BY 1`,
  );
  const byId = new Map(found.map((row) => [textAt(row, 0), textAt(row, 1)]));
  return ids.map((id) => ({ key: byId.get(id) ?? '', id }));
}
