import type { Freshness } from '../../../shared/contract.ts';
import type { Budget, Plan, PlannedRequests, PlannedTags, PlannedWork } from '../../../shared/plan.ts';
import { priceOfRequest, type Prices, type PriceTable } from './price-table.ts';
import { type RequestRates, secondsFor } from './request-rates.ts';

/** Keys of one page of a listing, at most. */
export const KEYS_A_PAGE = 1_000;
/** What S3 answers with the tags of one object, about: only ever said as a figure. */
const BYTES_OF_TAGS = 330;

/** Objects of one storage class. */
export interface ClassCount {
  readonly storageClass: string;
  readonly objects: number;
  readonly bytes: number;
}

/** What the index knows of a collection and a query before it runs. */
export interface KnownBefore {
  readonly freshness: Freshness;
  /** The listing is younger than its TTL. */
  readonly isFresh: boolean;
  /** A whole listing was read once. */
  readonly isWhole: boolean;
  readonly classes: readonly ClassCount[];
  /** Where only some keys are listed: below these, and how many of them the index knows. */
  readonly below: { readonly prefixes: readonly string[]; readonly objects: readonly number[] } | null;
  /** Objects that a sync that was broken off had listed and not read. */
  readonly leftToRead: ClassCount | null;
  readonly tags: {
    readonly unread: readonly ClassCount[];
    readonly known: number;
    readonly oldestReadAt: number | null;
  } | null;
}

export interface PlanContext {
  readonly prices: Prices;
  /** Whether Amazon bills the requests. */
  readonly isBilled: boolean;
  readonly rates: RequestRates;
  readonly budget: Budget | null;
}

/** What a query will send, as far as it is known before: what is not says so, and nothing is guessed. */
export function planQuery(known: KnownBefore, { prices, isBilled, rates, budget }: PlanContext): Plan {
  const table = isBilled ? prices.table : null;
  const lists = known.freshness === 'forced' || (known.freshness !== 'held' && !known.isFresh);
  const listed = lists ? listRequests(known) : [];
  const read = lists ? readRequests(known) : [];
  const tags = plannedTags(known);
  const tagRequests: readonly PlannedRequests[] =
    tags === null || (tags.toRead === 0 && tags.exact)
      ? []
      : [{ operation: 'GetObjectTagging', count: tags.toRead, exact: tags.exact && !lists }];
  const requests = [...listed, ...read, ...tagRequests];
  const { leftToRead } = known;
  const dollars =
    table === null
      ? null
      : sum(listed.map(({ count }) => count)) * priceOfRequest(table, 'ListObjectsV2', null, 0) +
        (lists && leftToRead !== null ? priceOfReading(table, [leftToRead]) : 0) +
        priceOfTags(table, known.tags?.unread ?? []);
  return {
    source: lists ? (known.isWhole || known.below !== null ? 'listing' : 'reading') : 'index',
    below: lists ? (known.below?.prefixes ?? null) : null,
    requests,
    bytes: (lists ? (leftToRead?.bytes ?? 0) : 0) + (tags?.toRead ?? 0) * BYTES_OF_TAGS,
    dollars,
    // Before the first listing nobody knows how many bodies there are.
    seconds: lists && !known.isWhole && known.below === null ? null : secondsOf(requests, rates),
    tags,
    everything: known.isWhole ? everything(known.classes, tags === null ? [] : known.classes, table) : null,
    prices: { region: prices.table.region, date: prices.table.date, isOfRegion: prices.isOfRegion },
    budget,
  };
}

/** As many pages as the keys that are known fill; how many there are by now, the listing itself tells. */
function listRequests({ classes, below }: KnownBefore): readonly PlannedRequests[] {
  const pages =
    below === null
      ? pagesOf(sum(classes.map(({ objects }) => objects)))
      : sum(below.objects.map((objects) => pagesOf(objects)));
  return [{ operation: 'ListObjectsV2', count: pages, exact: false }];
}

/** What changed since the last listing is not known before this one. */
function readRequests({ leftToRead }: KnownBefore): readonly PlannedRequests[] {
  return [{ operation: 'GetObject', count: leftToRead?.objects ?? 0, exact: false }];
}

function pagesOf(objects: number): number {
  return Math.max(1, Math.ceil(objects / KEYS_A_PAGE));
}

function plannedTags({ tags, isWhole, below }: KnownBefore): PlannedTags | null {
  if (tags === null) return null;
  const toRead = sum(tags.unread.map(({ objects }) => objects));
  return { toRead, known: tags.known, oldestReadAt: tags.oldestReadAt, exact: isWhole && below === null };
}

function secondsOf(requests: readonly PlannedRequests[], rates: RequestRates): number | null {
  const countOf = (name: string): number => requests.find(({ operation }) => operation === name)?.count ?? 0;
  const known = { listed: countOf('ListObjectsV2'), read: countOf('GetObject'), tags: countOf('GetObjectTagging') };
  return secondsFor(rates, known);
}

function everything(
  classes: readonly ClassCount[],
  tagged: readonly ClassCount[],
  table: PriceTable | null,
): PlannedWork {
  const objects = sum(classes.map((one) => one.objects));
  const pages = pagesOf(objects);
  const withTags = sum(tagged.map((one) => one.objects));
  const tags: readonly PlannedRequests[] =
    withTags === 0 ? [] : [{ operation: 'GetObjectTagging', count: withTags, exact: true }];
  return {
    requests: [
      { operation: 'ListObjectsV2', count: pages, exact: true },
      { operation: 'GetObject', count: objects, exact: true },
      ...tags,
    ],
    bytes: sum(classes.map(({ bytes }) => bytes)) + withTags * BYTES_OF_TAGS,
    dollars:
      table === null
        ? null
        : pages * priceOfRequest(table, 'ListObjectsV2', null, 0) +
          priceOfReading(table, classes) +
          priceOfTags(table, tagged),
  };
}

/** A GET of each object, and what its class takes for its bytes. */
function priceOfReading(table: PriceTable, classes: readonly ClassCount[]): number {
  return sum(
    classes.map(
      ({ storageClass, objects, bytes }) =>
        objects * priceOfRequest(table, 'GetObject', storageClass, 0) +
        priceOfRequest(table, 'GetObject', storageClass, bytes) -
        priceOfRequest(table, 'GetObject', storageClass, 0),
    ),
  );
}

function priceOfTags(table: PriceTable, classes: readonly ClassCount[]): number {
  return sum(
    classes.map(({ storageClass, objects }) => objects * priceOfRequest(table, 'GetObjectTagging', storageClass, 0)),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
