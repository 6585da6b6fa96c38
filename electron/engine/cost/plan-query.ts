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
  const tags = plannedTags(known);
  const tagRequests =
    tags === null || (tags.toRead === 0 && tags.exact)
      ? []
      : [ofTags(known.tags?.unread ?? [], tags.exact && !lists, table)];
  const requests = [...(lists ? listRequests(known, table) : []), ...tagRequests];
  return {
    source: lists ? (known.isWhole || known.below !== null ? 'listing' : 'reading') : 'index',
    below: lists ? (known.below?.prefixes ?? null) : null,
    requests,
    // Before the first listing nobody knows how many bodies there are.
    seconds: lists && !known.isWhole && known.below === null ? null : secondsOf(requests, rates),
    tags,
    everything: known.isWhole ? everything(known.classes, tags !== null, table) : null,
    prices: { region: prices.table.region, date: prices.table.date, isOfRegion: prices.isOfRegion },
    budget,
  };
}

/**
 * As many pages as the keys that are known fill; how many there are by now, and what changed since the last listing, the
 * listing itself tells.
 */
function listRequests(
  { classes, below, leftToRead }: KnownBefore,
  table: PriceTable | null,
): readonly PlannedRequests[] {
  const pages =
    below === null
      ? pagesOf(sum(classes.map(({ objects }) => objects)))
      : sum(below.objects.map((objects) => pagesOf(objects)));
  return [ofListing(pages, false, table), ofBodies(leftToRead === null ? [] : [leftToRead], false, table)];
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
  const counts = { listed: countOf('ListObjectsV2'), read: countOf('GetObject'), tags: countOf('GetObjectTagging') };
  return secondsFor(rates, counts);
}

function everything(classes: readonly ClassCount[], withTags: boolean, table: PriceTable | null): PlannedWork {
  const pages = pagesOf(sum(classes.map(({ objects }) => objects)));
  return {
    requests: [
      ofListing(pages, true, table),
      ofBodies(classes, true, table),
      ...(withTags ? [ofTags(classes, true, table)] : []),
    ],
  };
}

function ofListing(count: number, exact: boolean, table: PriceTable | null): PlannedRequests {
  const dollars = table === null ? null : count * priceOfRequest(table, 'ListObjectsV2', null, 0);
  return { operation: 'ListObjectsV2', count, exact, bytes: 0, dollars };
}

/** A GET of each object, and what its class takes for its bytes. */
function ofBodies(classes: readonly ClassCount[], exact: boolean, table: PriceTable | null): PlannedRequests {
  return {
    operation: 'GetObject',
    count: sum(classes.map(({ objects }) => objects)),
    exact,
    bytes: sum(classes.map(({ bytes }) => bytes)),
    dollars:
      table === null
        ? null
        : sum(
            classes.map(({ storageClass, objects, bytes }) => {
              const empty = priceOfRequest(table, 'GetObject', storageClass, 0);
              return objects * empty + priceOfRequest(table, 'GetObject', storageClass, bytes) - empty;
            }),
          ),
  };
}

function ofTags(classes: readonly ClassCount[], exact: boolean, table: PriceTable | null): PlannedRequests {
  const count = sum(classes.map(({ objects }) => objects));
  const prices = classes.map(({ storageClass, objects }) =>
    table === null ? 0 : objects * priceOfRequest(table, 'GetObjectTagging', storageClass, 0),
  );
  return {
    operation: 'GetObjectTagging',
    count,
    exact,
    bytes: count * BYTES_OF_TAGS,
    dollars: table === null ? null : sum(prices),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
