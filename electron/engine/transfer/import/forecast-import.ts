import { bytesOf, type SizeCount } from '../../../../shared/class-offer.ts';
import type { Collection } from '../../../../shared/collection.ts';
import type {
  ImportChange,
  ImportExample,
  ImportFate,
  ImportForecast,
  ImportForecastCounts,
  ImportSettings,
} from '../../../../shared/import.ts';
import { SizeCounter } from '../../../../shared/size-counter.ts';
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
  /** Bytes of the object in its place; 0 where there is none. */
  readonly there: number;
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
  const sizes = new SizeCounter();
  const ruled = new SizeCounter();
  let replaced = 0;
  const looks = concurrentMap(
    withRepeats(rows),
    ({ row, isRepeat }, _, stop) => look(row, isRepeat, known, forecasting, stop),
    { signal, tasks: () => ASKED_AT_ONCE, ordered: true, sizeOf: () => 0, sizeOfResult: () => 0 },
  );
  for await (const { fate, row, there, changes } of looks) {
    counts[fate] += 1;
    if (fate === 'changed') replaced += there;
    if (row.problem === null && (fate === 'new' || fate === 'changed')) {
      const bytes = Buffer.byteLength(row.body ?? row.record);
      sizes.add({ storageClass: 'STANDARD', bytes });
      ruled.add({ storageClass: row.storageClass ?? usualClass(forecasting), bytes });
    }
    if (fate === 'same' || counts[fate] > MOST_EXAMPLES) continue;
    const key = row.problem === null ? row.key : '';
    examples.push({ fate, place: row.place, key, problem: row.problem, changes });
  }
  const requests = requestsOf(counts, forecasting.settings);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return {
    rows: total,
    counts,
    examples,
    requests,
    bytes: bytesOf(sizes.counts),
    sizes: sizes.counts,
    replaced,
    ...(hasRules ? { ruled: ruled.counts } : {}),
    dollars: dollarsOf(requests, ruled.counts, forecasting),
  };
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
  const nothing = { row, there: 0, changes: [] } as const;
  if (row.problem !== null) return { fate: 'invalid', ...nothing };
  const { onConflict } = settings;
  if (isRepeat) return { fate: fateOfRepeat(row, settings), ...nothing };
  if (known !== null && !known.has(row.key)) return { fate: 'new', ...nothing };
  const found = await getOrNull(client, collection.bucket, row.key, { signal, lane: 'bulk' });
  if (found === null) return { fate: 'new', ...nothing };
  const compared = (mode: 'overwrite' | 'newer' | 'merge'): RowFate =>
    compareRow(row, found, { collection, onConflict: mode, sourceModifiedAt });
  if (onConflict === 'fail' || onConflict === 'skip') {
    const fate = onConflict === 'fail' ? 'conflict' : 'kept';
    return { fate, row, there: found.head.size, changes: compared('overwrite').changes };
  }
  return looked(row, found.head.size, compared(onConflict));
}

function looked(row: GoodRow, there: number, { fate, changes }: RowFate): Looked {
  if (fate === 'same') return { fate, row, there, changes };
  return { fate: fate === 'keep' ? 'kept' : 'changed', row, there, changes };
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
  written: readonly SizeCount[],
  forecasting: Forecasting,
): number | null {
  const { prices } = forecasting;
  if (prices === null) return null;
  const priceOf = (operation: string, storageClass: string): number =>
    priceOfRequest(prices, operation, storageClass, 0);
  const usual = usualClass(forecasting);
  const all = requests.reduce((sum, { operation, count }) => sum + count * priceOf(operation, usual), 0);
  const differing = written.filter(({ storageClass }) => storageClass !== usual);
  const more = differing.map(
    ({ storageClass, objects }) => objects * (priceOf('PutObject', storageClass) - priceOf('PutObject', usual)),
  );
  return more.reduce((sum, dollars) => sum + dollars, all);
}
