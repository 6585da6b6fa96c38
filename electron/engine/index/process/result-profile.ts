import type { DuckDBConnection } from '@duckdb/node-api';
import { AppFailure } from '../../../../shared/result.ts';
import type { FieldFigures, ResultProfile } from '../../../../shared/profile.ts';
import type { IndexState } from '../protocol.ts';
import { raw } from '../sql/sql-text.ts';
import type { IndexStore } from './index-store.ts';
import { inTurn, type OpenResult } from './open-result.ts';
import {
  chooseKeys,
  countKeys,
  countKeysOfResult,
  countValues,
  type Keys,
  type Limits,
  readLimits,
  RESULT_ROWS,
  type RowCounts,
} from './profile-counts.ts';
import { figuresOf, mostFrequent, withoutFigures } from './profile-figures.ts';
import { findProfiledField, type ProfiledField } from './profiled-field.ts';

/** In a result of so many rows every text is counted, however many there are in the collection. */
const FEW_ROWS = 50_000;

interface CountedField {
  readonly field: ProfiledField;
  readonly keys: Keys;
  readonly limits: Limits | null;
  readonly counts: RowCounts;
}

/** What is known of all records as long as none of them changes: for the next query only the rows found are counted. */
interface CollectionCounts {
  readonly version: number;
  readonly records: number;
  readonly unreadable: number;
  readonly fields: Map<string, CountedField>;
}

const collections = new WeakMap<IndexStore, CollectionCounts>();

/**
 * What the values of these fields are, in a result and in the whole collection: a scan over the typed columns for all
 * fields of the collection that are not known yet, and one of the rows found.
 */
export async function profileResult(
  store: IndexStore,
  result: OpenResult,
  paths: readonly (readonly string[])[],
  signal: AbortSignal,
): Promise<ResultProfile> {
  return inTurn(result, async () => {
    const { connection } = result;
    const interrupt = (): void => connection.interrupt();
    signal.addEventListener('abort', interrupt, { once: true });
    try {
      signal.throwIfAborted();
      const { asked, state } = await takeSnapshot(store, connection, paths);
      const startedAt = performance.now();
      const collection = await countCollection(store, connection, state, asked);
      const counted = asked.map(({ name }) => collection.fields.get(name)).filter((field) => field !== undefined);
      const found = await countFound(result, collection, counted);
      const records = { found: found.records, all: collection.records };
      const figures = asked.map(({ name, path }): FieldFigures => {
        const all = collection.fields.get(name);
        const own = found.fields.get(name);
        return all === undefined || own === undefined
          ? withoutFigures(path)
          : figuresOf(all.field, records, all.keys, { ...own, all: all.counts });
      });
      return { records, fields: figures, milliseconds: performance.now() - startedAt };
    } catch (error) {
      if (signal.aborted) throw new AppFailure('aborted', 'The profile was cancelled.', { cause: error });
      throw error;
    } finally {
      signal.removeEventListener('abort', interrupt);
    }
  });
}

/**
 * Begins to read between two writes, so that the columns and counts that memory knows of are those of the file: DuckDB
 * takes a snapshot with the first statement that reads.
 */
async function takeSnapshot(
  store: IndexStore,
  connection: DuckDBConnection,
  paths: readonly (readonly string[])[],
): Promise<{ readonly asked: readonly ProfiledField[]; readonly state: IndexState }> {
  return store.exclusively(async () => {
    await connection.run('SELECT version FROM meta');
    return { asked: paths.map((path) => findProfiledField(store.slots, path)), state: store.state };
  });
}

async function countCollection(
  store: IndexStore,
  connection: DuckDBConnection,
  { version, records, unreadable }: IndexState,
  asked: readonly ProfiledField[],
): Promise<CollectionCounts> {
  let collection = collections.get(store);
  if (collection?.version !== version) {
    collection = { version, records, unreadable, fields: new Map() };
    collections.set(store, collection);
  }
  const known = collection.fields;
  const unknown = asked.filter(({ slot, name }) => slot !== null && !known.has(name));
  const { fields, limits } = await measure(connection, unknown);
  const keys = await chooseKeys(connection, fields, limits, collection.records);
  const counts = await countKeys(connection, raw('records'), fields, keys);
  for (const [place, field] of fields.entries()) {
    const [own, counted] = [keys[place], counts[place]];
    if (own === undefined || counted === undefined) continue;
    const all = { ...counted, rows: records, kinds: field.kinds };
    known.set(field.name, { field, keys: own, limits: limits[place] ?? null, counts: all });
  }
  return collection;
}

/** Infinities stand in no bin: a field that has some is measured, and counted, without them. */
async function measure(
  connection: DuckDBConnection,
  asked: readonly ProfiledField[],
): Promise<{ fields: readonly ProfiledField[]; limits: readonly (Limits | null)[] }> {
  const limits = await readLimits(connection, raw('records'), asked);
  if (limits.every(isBounded)) return { fields: asked, limits };
  const fields = asked.map((field, place) => (isBounded(limits[place] ?? null) ? field : { ...field, pure: false }));
  return { fields, limits: await readLimits(connection, raw('records'), fields) };
}

function isBounded(limit: Limits | null): boolean {
  return limit === null || Number.isFinite(limit.greatest - limit.least);
}

interface FoundCounts {
  readonly records: number;
  readonly fields: ReadonlyMap<string, { readonly found: RowCounts; readonly limits: Limits | null }>;
}

async function countFound(
  { connection, total, version }: OpenResult,
  collection: CollectionCounts,
  counted: readonly CountedField[],
): Promise<FoundCounts> {
  const isAll = version === collection.version && total === collection.records + collection.unreadable;
  if (counted.length === 0 || isAll) {
    const known = counted.map(({ field, counts, limits }) => [field.name, { found: counts, limits }] as const);
    return { records: collection.records, fields: new Map(known) };
  }
  const fields = counted.map(({ field }) => field);
  const limits = await readLimits(connection, RESULT_ROWS, fields);
  const keys = counted.map(({ keys: own }): Keys =>
    own.shape === 'values' && total <= FEW_ROWS ? { ...own, frequent: null } : own,
  );
  const counts = await countKeysOfResult(connection, fields, keys);
  const found = new Map<string, { found: RowCounts; limits: Limits | null }>();
  for (const [place, { field, counts: all }] of counted.entries()) {
    const own = counts[place];
    if (own === undefined) continue;
    found.set(field.name, { found: own, limits: limits[place] ?? null });
    if (field.kind !== 'string') continue;
    // A value that is frequent among these rows only was not counted with the collection.
    const more = mostFrequent(own, all).filter((value) => !all.keys.has(value));
    for (const [value, rows] of await countValues(connection, field, more)) all.keys.set(value, rows);
  }
  return { records: counts[0]?.rows ?? 0, fields: found };
}
