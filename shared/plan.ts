/** What a query will do before it runs, and what that costs. */

/** What one run over a connection may come to unasked. */
export interface Budget {
  /** Null: any number. */
  readonly requests: number | null;
  /** US dollars, for requests and retrieval; null: any amount. Of no server but Amazon's. */
  readonly dollars: number | null;
}

/** `ask`: and reads no tag unasked. `within-budget`: and few tags. `anything`: a person was asked. */
export type Spending = 'ask' | 'within-budget' | 'anything';

/** Tags of more records than this are not read unasked where there is no budget. */
export const TAGS_UNASKED = 1_000;

/** Requests of one kind. */
export interface PlannedRequests {
  /** S3's name: `ListObjectsV2`, `GetObject`, `GetObjectTagging`. */
  readonly operation: string;
  readonly count: number;
  /** False: at least so many. What is not listed yet is not known. */
  readonly exact: boolean;
  /** Of bodies; with `count` the least that is known of. */
  readonly bytes: number;
  /** Null where nobody bills. */
  readonly dollars: number | null;
}

/** Requests of some kinds; one of which no number is known is named all the same. */
export interface PlannedWork {
  readonly requests: readonly PlannedRequests[];
  /** What is billed besides; left out where there is nothing, and where nobody bills. */
  readonly fees?: readonly PlannedFee[];
}

/**
 * `early-end`: objects that go or change before the shortest time of their class is over are billed to its end.
 * `restored-copies`: readable copies of archived objects, kept for some days.
 */
export interface PlannedFee {
  readonly of: 'early-end' | 'restored-copies';
  readonly dollars: number;
}

export interface PlannedTags {
  /** Records whose tags are to be read. */
  readonly toRead: number;
  /** Records whose tags are known. */
  readonly known: number;
  /** When the oldest of the known were read; milliseconds since 1970; null where none are known. */
  readonly oldestReadAt: number | null;
  /** False before the first listing: then nobody knows how many records there are. */
  readonly exact: boolean;
}

export interface Plan extends PlannedWork {
  /** `index`: nothing is listed. `listing`: keys, and bodies that changed. `reading`: keys and every body. */
  readonly source: 'index' | 'listing' | 'reading';
  /** Where fewer keys are listed than the collection has: below these. */
  readonly below: readonly string[] | null;
  /** At the rate of the last syncs over this connection; null where none was measured, and where `requests` is not known. */
  readonly seconds: number | null;
  /** Null where the query asks of no tag. */
  readonly tags: PlannedTags | null;
  /** Every object downloaded, as a search without an index does it; null before the first listing. */
  readonly everything: PlannedWork | null;
  readonly prices: PriceSource;
  readonly budget: Budget | null;
}

/** What a job will do; of what it would take without an index nothing is known. */
export interface JobPlan extends Pick<Plan, 'requests' | 'fees' | 'seconds' | 'everything' | 'prices' | 'budget'> {
  /** Bytes of records as they were that its journal keeps on this machine; null where there are none, or nobody knows. */
  readonly kept: number | null;
  /** Where rules give each record its class: how many will be in which, and of these are there already. */
  readonly into?: readonly { readonly storageClass: string; readonly records: number; readonly there: number }[];
}

/** Journals of more than this are not kept unasked. */
export const KEPT_UNASKED = 256 * 1024 * 1024;

export interface PriceSource {
  readonly region: string;
  /** When they were collected: `2026-11-22`. */
  readonly date: string;
  /** False: the connection is of another region, whose prices are not known. */
  readonly isOfRegion: boolean;
}

/** What all of it comes to, as far as it is known. */
export function totalOf({ requests, fees = [] }: PlannedWork): Omit<PlannedRequests, 'operation'> {
  const besides = fees.reduce((sum, { dollars }) => sum + dollars, 0);
  return requests.reduce<Omit<PlannedRequests, 'operation'>>(
    (total, { count, exact, bytes, dollars }) => ({
      count: total.count + count,
      exact: total.exact && exact,
      bytes: total.bytes + bytes,
      dollars: dollars === null ? total.dollars : (total.dollars ?? 0) + dollars,
    }),
    { count: 0, exact: true, bytes: 0, dollars: fees.length === 0 ? null : besides },
  );
}

/** Why a person is asked before the run; null where nobody need be. */
export function questionOf(plan: Plan, spending: Spending): 'budget' | 'tags' | null {
  if (spending === 'anything') return null;
  const { count, dollars } = totalOf(plan);
  if (plan.budget !== null && isOver(plan.budget, count, dollars)) return 'budget';
  const tags = plan.tags?.toRead ?? 0;
  return tags > (spending === 'ask' ? 0 : TAGS_UNASKED) ? 'tags' : null;
}

export function isOver(budget: Budget, requests: number, dollars: number | null): boolean {
  return (
    (budget.requests !== null && requests > budget.requests) ||
    (budget.dollars !== null && dollars !== null && dollars > budget.dollars)
  );
}
