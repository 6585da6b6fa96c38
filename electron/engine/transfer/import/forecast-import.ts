import { boundOf, type SizeCount } from '../../../../shared/class-offer.ts';
import type { Collection } from '../../../../shared/collection.ts';
import type {
  ImportChange,
  ImportExample,
  ImportFate,
  ImportForecast,
  ImportForecastCounts,
  ImportSettings,
} from '../../../../shared/import.ts';
import { priceOfRequest, type PriceTable } from '../../cost/price-table.ts';
import { concurrentMap } from '../../records/batch/concurrent-map.ts';
import type { S3Client } from '../../s3/s3-client.ts';
import { compareRow, saysWhenUpdated, type RowFate } from './compare-row.ts';
import { classRulesOf, type GoodRow, type PreparedRow } from './reading/prepare-rows.ts';
import { getOrNull } from './write-row.ts';

/** Null where nobody bills. */
export type ForecastPrices = PriceTable | null;

export interface Forecasting {
  readonly client: S3Client;
  readonly collection: Collection;
  readonly settings: ImportSettings;
  readonly sourceModifiedAt: number;
  readonly prices: ForecastPrices;
}

/** Keys of the collection that are held to say what is there; of a larger one each row's object is asked for. */
const MOST_KEYS = 200_000;
/** Keys of rows that are held to find those that are there twice. */
const MOST_OWN_KEYS = 1_000_000;
const MOST_EXAMPLES = 5;
const ASKED_AT_ONCE = 64;

interface Looked {
  readonly fate: ImportFate;
  readonly row: PreparedRow;
  readonly changes: readonly ImportChange[];
}

/** What an import would do with each row, without writing anything. */
export async function forecastImport(
  rows: AsyncIterable<PreparedRow>,
  forecasting: Forecasting,
  signal: AbortSignal,
): Promise<ImportForecast> {
  const known = await knownKeys(forecasting, signal);
  const counts = { new: 0, changed: 0, same: 0, kept: 0, conflict: 0, invalid: 0 };
  const examples: ImportExample[] = [];
  const hasRules = classRulesOf(forecasting.settings, forecasting.collection).length > 0;
  const sizes = new Map<string, SizeCount>();
  const ruled = new Map<string, SizeCount>();
  const looks = concurrentMap(
    withRepeats(rows),
    ({ row, isRepeat }, _, stop) => look(row, isRepeat, known, forecasting, stop),
    { signal, tasks: () => ASKED_AT_ONCE, ordered: true, sizeOf: () => 0, sizeOfResult: () => 0 },
  );
  for await (const { fate, row, changes } of looks) {
    counts[fate] += 1;
    if (row.problem === null && (fate === 'new' || fate === 'changed')) {
      const size = Buffer.byteLength(row.body ?? row.record);
      countSize(sizes, 'STANDARD', size);
      countSize(ruled, row.storageClass ?? usualClass(forecasting), size);
    }
    if (fate === 'same' || counts[fate] > MOST_EXAMPLES) continue;
    const key = row.problem === null ? row.key : '';
    examples.push({ fate, place: row.place, key, problem: row.problem, changes });
  }
  const requests = requestsOf(counts, forecasting.settings);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const counted = sorted(sizes);
  return {
    rows: total,
    counts,
    examples,
    requests,
    bytes: counted.reduce((sum, { bytes }) => sum + bytes, 0),
    sizes: counted,
    ...(hasRules ? { ruled: sorted(ruled) } : {}),
    dollars: dollarsOf(requests, ruled, forecasting),
  };
}

function countSize(sizes: Map<string, SizeCount>, storageClass: string, size: number): void {
  const bound = boundOf(size);
  const slot = `${storageClass} ${bound}`;
  const { objects = 0, bytes = 0 } = sizes.get(slot) ?? {};
  sizes.set(slot, { storageClass, bound, objects: objects + 1, bytes: bytes + size });
}

function sorted(sizes: ReadonlyMap<string, SizeCount>): readonly SizeCount[] {
  return [...sizes.values()].toSorted(
    (one, other) => one.storageClass.localeCompare(other.storageClass) || one.bound - other.bound,
  );
}

/** Of what no rule is true of. */
function usualClass({ settings, collection }: Pick<Forecasting, 'settings' | 'collection'>): string {
  return settings.storageClass ?? collection.defaultStorageClass ?? 'STANDARD';
}

/** Null where there are too many. */
async function knownKeys(
  { client, collection: { bucket, prefix } }: Forecasting,
  signal: AbortSignal,
): Promise<ReadonlySet<string> | null> {
  const keys = new Set<string>();
  for await (const { objects, startsAgain } of client.listAllObjectsAtOnce(bucket, { prefix, signal, lane: 'bulk' })) {
    if (startsAgain) keys.clear();
    for (const { key } of objects) keys.add(key);
    if (keys.size > MOST_KEYS) return null;
  }
  return keys;
}

async function* withRepeats(
  rows: AsyncIterable<PreparedRow>,
): AsyncGenerator<{ readonly row: PreparedRow; readonly isRepeat: boolean }, void, undefined> {
  const own = new Set<string>();
  for await (const row of rows) {
    const isRepeat = row.problem === null && own.has(row.key);
    if (row.problem === null && own.size < MOST_OWN_KEYS) own.add(row.key);
    yield { row, isRepeat };
  }
}

async function look(
  row: PreparedRow,
  isRepeat: boolean,
  known: ReadonlySet<string> | null,
  { client, collection, settings, sourceModifiedAt }: Forecasting,
  signal: AbortSignal,
): Promise<Looked> {
  if (row.problem !== null) return { fate: 'invalid', row, changes: [] };
  const { onConflict } = settings;
  if (isRepeat) return { fate: fateOfRepeat(row, settings), row, changes: [] };
  if (known !== null && !known.has(row.key)) return { fate: 'new', row, changes: [] };
  const found = await getOrNull(client, collection.bucket, row.key, { signal, lane: 'bulk' });
  if (found === null) return { fate: 'new', row, changes: [] };
  const compared = (mode: 'overwrite' | 'newer' | 'merge'): RowFate =>
    compareRow(row, found, { collection, onConflict: mode, sourceModifiedAt });
  if (onConflict === 'fail' || onConflict === 'skip') {
    const fate = onConflict === 'fail' ? 'conflict' : 'kept';
    return { fate, row, changes: compared('overwrite').changes };
  }
  return looked(row, compared(onConflict));
}

function looked(row: GoodRow, { fate, changes }: RowFate): Looked {
  if (fate === 'same') return { fate, row, changes };
  return { fate: fate === 'keep' ? 'kept' : 'changed', row, changes };
}

/** An earlier row of the same source has its key. */
function fateOfRepeat(row: GoodRow, { onConflict }: ImportSettings): ImportFate {
  if (onConflict === 'fail') return 'conflict';
  // What the earlier row wrote is newer than the file.
  const isKept = onConflict === 'skip' || (onConflict === 'newer' && !saysWhenUpdated(row));
  return isKept ? 'kept' : 'changed';
}

/** What `writeRow` sends: a create that is refused is billed too. */
function requestsOf(
  { new: created, changed, same, kept, conflict }: ImportForecastCounts,
  { onConflict }: ImportSettings,
): ImportForecast['requests'] {
  const there = changed + same + kept;
  switch (onConflict) {
    case 'fail':
    case 'skip':
      return asked(created + there + conflict, 0);
    case 'overwrite':
    case 'newer':
      return asked(created + there + changed, there);
    case 'merge':
      // Those that change are read again right before.
      return asked(created + changed, created + there + changed);
  }
}

function asked(puts: number, gets: number): ImportForecast['requests'] {
  return [
    { operation: 'PutObject', count: puts },
    { operation: 'GetObject', count: gets },
  ].filter(({ count }) => count > 0);
}

/** A write costs what the class of its object takes; those that are refused, what most objects' does. */
function dollarsOf(
  requests: ImportForecast['requests'],
  written: ReadonlyMap<string, SizeCount>,
  forecasting: Forecasting,
): number | null {
  const { prices } = forecasting;
  if (prices === null) return null;
  const priceOf = (operation: string, storageClass: string): number =>
    priceOfRequest(prices, operation, storageClass, 0);
  const usual = usualClass(forecasting);
  const all = requests.reduce((sum, { operation, count }) => sum + count * priceOf(operation, usual), 0);
  const differing = [...written.values()].filter(({ storageClass }) => storageClass !== usual);
  const more = differing.map(
    ({ storageClass, objects }) => objects * (priceOf('PutObject', storageClass) - priceOf('PutObject', usual)),
  );
  return more.reduce((sum, dollars) => sum + dollars, all);
}
