import type { DuckDBConnection } from '@duckdb/node-api';
import { SLOT_KINDS, type SlotKind, slotColumn } from '../slots.ts';
import { allOf, bound, joined, parameterTypes, raw, type Sql, sql, TRUE } from '../sql/sql-text.ts';
import { type BinScale, type CalendarScale, calendarScale, numberScale } from './profile-bins.ts';
import { drawnColumn, isDrawn, type ProfiledField } from './profiled-field.ts';
import { numberAt, numberOrNullAt, type Row, textOrNullAt } from './row-cells.ts';

/** Values of a field that are counted one by one, at most. */
const MOST_VALUES = 1_000;
/** Up to so many rows all values are counted; of more, a sample says whether that is worth it. */
const FEW_ROWS = 50_000;
const SAMPLED_ROWS = 20_000;
/** Of the sample: more different values are counted one by one only where they are frequent. */
const MANY_VALUES = 10_000;
const MOST_FREQUENT = 12;
/** Times in the sample: of very many values that are all as frequent, some are there three or four times by chance. */
const FREQUENT = 5;

/** How the values of one field are told apart. */
export type Keys =
  | { readonly shape: 'numbers'; readonly scale: BinScale; readonly whole: boolean }
  | { readonly shape: 'dates'; readonly scale: CalendarScale; readonly days: boolean }
  | {
      readonly shape: 'values';
      /** Null: all values. */
      readonly frequent: readonly string[] | null;
      /** Different values in the sample. */
      readonly sampled: number;
    }
  | { readonly shape: 'none' };

/** Rows by bin or value. */
export interface KeyCounts {
  /** The most frequent ones. */
  readonly keys: Map<string, number>;
  readonly distinct: number;
}

/** By kind too. */
export interface RowCounts extends KeyCounts {
  /** Readable ones, also those without the field. */
  readonly rows: number;
  readonly kinds: ReadonlyMap<SlotKind, number>;
}

/** Least and greatest of what is drawn: numbers, or milliseconds since 1970. */
export interface Limits {
  readonly least: number;
  readonly greatest: number;
}

const MICROSECONDS = 1_000;
/** The rows of a result that are there as they were. */
export const RESULT_ROWS = raw('records JOIN temp.result USING (row_id)');

const ALL_VALUES: Keys = { shape: 'values', frequent: null, sampled: 0 };

/** How the values of each field are told apart, by those of the whole collection. */
export async function chooseKeys(
  connection: DuckDBConnection,
  fields: readonly ProfiledField[],
  limits: readonly (Limits | null)[],
  records: number,
): Promise<readonly Keys[]> {
  const round = await readRound(connection, fields);
  const samples = await sampleTexts(
    connection,
    records > FEW_ROWS ? fields.filter(({ kind }) => kind === 'string') : [],
    records,
  );
  return fields.map((field, place): Keys => {
    if (field.kind === 'boolean') return ALL_VALUES;
    if (field.kind === 'string') return samples.get(field) ?? ALL_VALUES;
    const limit = limits[place] ?? null;
    if (limit === null) return { shape: 'none' };
    const { least, greatest } = limit;
    return field.kind === 'number'
      ? { shape: 'numbers', scale: numberScale(least, greatest, round.has(field)), whole: round.has(field) }
      : { shape: 'dates', scale: calendarScale(least, greatest), days: round.has(field) };
  });
}

/** Of texts that are nearly all different only the frequent ones are counted one by one: a sample says which. */
async function sampleTexts(
  connection: DuckDBConnection,
  fields: readonly ProfiledField[],
  records: number,
): Promise<ReadonlyMap<ProfiledField, Keys>> {
  const share = (100 * SAMPLED_ROWS) / Math.max(records, 1);
  const sample = raw(`records TABLESAMPLE system(${String(share)}%) REPEATABLE (1)`);
  const all = fields.map(() => ALL_VALUES);
  const counts = await countKeys(connection, sample, fields, all);
  const chosen = new Map<ProfiledField, Keys>();
  for (const [place, { keys, distinct }] of counts.entries()) {
    const field = fields[place];
    if (field === undefined || distinct <= MANY_VALUES) continue;
    const frequent = [...keys].filter(([, rows]) => rows >= FREQUENT).slice(0, MOST_FREQUENT);
    chosen.set(field, { shape: 'values', frequent: frequent.map(([value]) => value), sampled: distinct });
  }
  return chosen;
}

/** Of numbers and dates; null of other fields, and where no row has any. */
export async function readLimits(
  connection: DuckDBConnection,
  from: Sql,
  fields: readonly ProfiledField[],
): Promise<readonly (Limits | null)[]> {
  const measured = fields.filter(isMeasured);
  if (measured.length === 0) return fields.map(() => null);
  const limits = measured.map((field) => {
    const column = drawnColumn(field) ?? '';
    // Without a filter DuckDB answers from its statistics.
    const condition = isDrawn(field);
    const filter = condition === null ? '' : ` FILTER (${condition})`;
    const of = (limit: string): string =>
      field.kind === 'number' ? limit : `floor((${limit})::DOUBLE / ${String(MICROSECONDS)})`;
    return raw(`${of(`min(${column})${filter}`)}, ${of(`max(${column})${filter}`)}`);
  });
  const [row = []] = await select(connection, sql`SELECT ${joined(limits, ', ')} FROM ${from}`);
  return fields.map((field) => {
    const place = measured.indexOf(field) * 2;
    const [least, greatest] = place < 0 ? [null, null] : [numberOrNullAt(row, place), numberOrNullAt(row, place + 1)];
    return least === null || greatest === null ? null : { least, greatest };
  });
}

function isMeasured({ kind }: ProfiledField): boolean {
  return kind === 'number' || kind === 'date';
}

/** Whether all numbers of a field are integers, all dates midnights. The first one that is not ends the scan. */
async function readRound(
  connection: DuckDBConnection,
  fields: readonly ProfiledField[],
): Promise<ReadonlySet<ProfiledField>> {
  const measured = fields.filter(isMeasured);
  if (measured.length === 0) return new Set();
  const columns = measured.map((field) => {
    const column = drawnColumn(field) ?? '';
    const isNotRound = field.kind === 'number' ? `${column} <> trunc(${column})` : `${column} % 86400000000 <> 0`;
    const conditions = [isDrawn(field), isNotRound].filter((condition) => condition !== null);
    return raw(`NOT EXISTS (SELECT 1 FROM records WHERE ${conditions.join(' AND ')})`);
  });
  const [row = []] = await select(connection, sql`SELECT ${joined(columns, ', ')}`);
  return new Set(measured.filter((_, place) => row[place] === true));
}

/**
 * Counts rows of the collection by the keys of every field. What is not counted is left out by WHERE, not by a key that is
 * NULL: DuckDB groups a text that it has in a dictionary by its number there as long as nothing is made of it.
 */
export async function countKeys(
  connection: DuckDBConnection,
  from: Sql,
  fields: readonly ProfiledField[],
  keys: readonly Keys[],
): Promise<readonly KeyCounts[]> {
  const counted = fields.flatMap((field, place) => {
    const found = keyOf(field, keys[place]);
    if (found === null) return [];
    const { key, column, standIn, condition } = found;
    const rows = condition === null ? from : sql`${from} WHERE ${condition}`;
    const grouped =
      standIn === null
        ? sql`SELECT ${key} AS key, count(*) AS rows FROM ${rows} GROUP BY ALL`
        : sql`SELECT ${key} AS key, sum(rows) AS rows
            FROM (SELECT ${standIn} AS ${raw(column)}, count(*) AS rows FROM ${rows} GROUP BY ALL) GROUP BY ALL`;
    return [sql`SELECT ${number(place)} AS field, NULL::UTINYINT AS kind, key::VARCHAR AS key, rows FROM (${grouped})`];
  });
  if (counted.length === 0) return fields.map(() => ({ keys: new Map<string, number>(), distinct: 0 }));
  return readCounts(connection, joined(counted, ' UNION ALL '), fields);
}

/**
 * The same for the rows of a result, by kind too: they are found by a join, which is more work than a scan of a field. So that is done
 * once for all of them, although each grouping costs more then.
 */
export async function countKeysOfResult(
  connection: DuckDBConnection,
  fields: readonly ProfiledField[],
  keys: readonly Keys[],
): Promise<readonly RowCounts[]> {
  if (fields.length === 0) return [];
  const columns = fields.map(
    (field, place) =>
      sql`${kindOf(field)} AS kind${number(place)}, ${keyOrNull(field, keys[place])} AS key${number(place)}`,
  );
  const places = fields.map((_, place) => String(place));
  const kinds = places.map((place) => `kind${place}`).join(', ');
  // GROUPING_ID has a bit for each column that a row is not grouped by, the last field's being the lowest.
  const ids = places.map(
    (place, from) => `WHEN ${String(2 ** fields.length - 1 - 2 ** (fields.length - 1 - from))} THEN ${place}`,
  );
  return readCounts(
    connection,
    sql`SELECT CASE GROUPING_ID(${raw(kinds)}) ${raw(ids.join(' '))} END AS field, coalesce(${raw(kinds)}) AS kind,
        coalesce(${raw(places.map((place) => `key${place}::VARCHAR`).join(', '))}) AS key, count(*) AS rows
      FROM (SELECT ${joined(columns, ', ')} FROM ${RESULT_ROWS} WHERE readable)
      GROUP BY GROUPING SETS (${raw(places.map((place) => `(kind${place}, key${place})`).join(', '))})`,
    fields,
  );
}

/** Adds up what was counted by kind, and keeps the most frequent keys of each field. */
async function readCounts(
  connection: DuckDBConnection,
  counted: Sql,
  fields: readonly ProfiledField[],
): Promise<readonly RowCounts[]> {
  const rows = await select(
    connection,
    sql`WITH counted AS MATERIALIZED (${counted}),
      frequent AS (SELECT field, key, rows FROM counted WHERE key IS NOT NULL
        QUALIFY row_number() OVER (PARTITION BY field ORDER BY rows DESC, key) <= ${number(MOST_VALUES)})
      SELECT field::INTEGER, kind::INTEGER, NULL::VARCHAR AS key, sum(rows)::DOUBLE AS rows, count(key)::DOUBLE
      FROM counted GROUP BY field, kind
      UNION ALL SELECT field::INTEGER, NULL, key, rows::DOUBLE, 0 FROM frequent
      ORDER BY rows DESC, key`,
  );
  const counts = fields.map(() => ({
    rows: 0,
    kinds: new Map<SlotKind, number>(),
    keys: new Map<string, number>(),
    distinct: 0,
  }));
  for (const row of rows) {
    const own = counts[numberAt(row, 0)];
    if (own === undefined) continue;
    const key = textOrNullAt(row, 2);
    const count = numberAt(row, 3);
    if (key !== null) {
      own.keys.set(key, count);
      continue;
    }
    const code = numberOrNullAt(row, 1);
    const kind = Object.values(SLOT_KINDS).find((each) => each === code);
    if (kind !== undefined) own.kinds.set(kind, count);
    own.rows += count;
    own.distinct += numberAt(row, 4);
  }
  return counts;
}

/** How many rows of the collection have these values. */
export async function countValues(
  connection: DuckDBConnection,
  field: ProfiledField,
  values: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (values.length === 0) return new Map();
  const keys: Keys = { shape: 'values', frequent: values, sampled: 0 };
  const [counts] = await countKeys(connection, raw('records'), [field], [keys]);
  return counts?.keys ?? new Map();
}

function kindOf({ slot }: ProfiledField): Sql {
  return raw(slotColumn(slot ?? 0, 'kind'));
}

interface KeySql {
  /** A row's bin or value; NULL where it has no value. */
  readonly key: Sql;
  /** Whether a row is counted; null where all are that have a key. */
  readonly condition: Sql | null;
  readonly column: string;
  /** What can be put in the place of `column`, so that few different keys have to be found; null for nothing. */
  readonly standIn: Sql | null;
}

/** Null where nothing is counted. */
function keyOf(field: ProfiledField, keys: Keys | undefined): KeySql | null {
  const column = drawnColumn(field);
  if (column === null || keys === undefined || keys.shape === 'none') return null;
  const drawn = isDrawn(field);
  const counted = { column, condition: drawn === null ? null : raw(drawn), standIn: null };
  if (keys.shape !== 'values') {
    const { scale } = keys;
    const standIn = scale.standIn === undefined ? null : raw(scale.standIn(column));
    return { ...counted, key: raw(scale.binOf(column)), standIn };
  }
  if (field.kind === 'boolean') return { ...counted, key: raw(`${column}::UTINYINT`) };
  const key = raw(column);
  if (keys.frequent === null) return { ...counted, key };
  if (keys.frequent.length === 0) return null;
  const isFrequent = sql`${key} IN (${joined(keys.frequent.map(bound), ', ')})`;
  return { ...counted, key, condition: allOf([counted.condition ?? TRUE, isFrequent]) };
}

/** SQL of a row's bin or value; NULL where it has none that is counted. */
function keyOrNull(field: ProfiledField, keys: Keys | undefined): Sql {
  const found = keyOf(field, keys);
  if (found === null) return raw('NULL::UTINYINT');
  return found.condition === null ? found.key : sql`CASE WHEN ${found.condition} THEN ${found.key} END`;
}

function number(value: number): Sql {
  return raw(String(value));
}

async function select(connection: DuckDBConnection, { text, parameters }: Sql): Promise<readonly Row[]> {
  const result = await connection.runAndReadAll(text, [...parameters], parameterTypes(parameters));
  return result.getRows();
}
