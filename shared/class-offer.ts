/** What each storage class would cost for some records, and what it takes to get them there. */
import type { PriceSource } from './plan.ts';
import type { StorageRule } from './storage-rules.ts';

/**
 * Sizes, in bytes, that objects are counted between: one more count than bounds. 128 KiB is among them, which is what some
 * classes bill an object for at least.
 */
export const SIZE_BOUNDS: readonly number[] = [1, 8, 32, 128, 1024].map((kibibytes) => kibibytes * 1024);

/** Objects of one class and about one size. */
export interface SizeCount {
  /** That they have now. */
  readonly storageClass: string;
  /** That they are written into, where each goes into one of its own; left out where the job says one of all. */
  readonly into?: string;
  /** They are smaller than this one of SIZE_BOUNDS, and not than the one before; its length for all larger ones. */
  readonly bound: number;
  readonly objects: number;
  readonly bytes: number;
  /**
   * Bytes times days for which they are billed all the same where they go or change now, because their class has a shortest
   * time; left out where it has none, or nobody knows how old they are.
   */
  readonly byteDaysLeft?: number;
}

/** Which records the costs are of. */
export type OfferedRecords =
  /** All that the index of the collection knows. */
  | { readonly of: 'collection' }
  /** Rows of an open result; `ranges` null for all of them. */
  | {
      readonly of: 'result';
      readonly result: string;
      readonly ranges: readonly { readonly from: number; readonly to: number }[] | null;
      /** What the classes come to that these give: `ClassOffers.byRules`. */
      readonly rules?: RulesOfRecords;
    }
  /** Those of these keys that the index of the collection knows. */
  | { readonly of: 'keys'; readonly keys: readonly string[] }
  /** Objects whose sizes the caller knows. */
  | {
      readonly of: 'sizes';
      readonly sizes: readonly SizeCount[];
      /** The same in the classes that rules give them; left out where there are no rules. */
      readonly ruled?: readonly SizeCount[];
    };

/** `usual`: of those that no rule is true of; left out: they stay as they are. */
export interface RulesOfRecords {
  readonly rules: readonly StorageRule[];
  readonly usual?: string;
}

/** `move`: they are there, and are copied into the class. `create`: they are written into it, in place of STANDARD. */
export type OfferUse = 'move' | 'create';

export interface ClassOffers {
  readonly objects: number;
  readonly bytes: number;
  readonly sizes: readonly SizeCount[];
  /** US dollars a month as they are; with `create` in STANDARD. */
  readonly now: number;
  readonly offers: readonly ClassOffer[];
  /** What the classes come to that rules give them; left out where none were asked for. */
  readonly byRules?: RuledOffer;
  readonly prices: PriceSource;
  /** False: these are Amazon's prices, and the server takes no money. */
  readonly isBilled: boolean;
  /** Why the server has no other class than one, in a sentence; null where it has them, or nobody knows. */
  readonly unsupported: string | null;
}

/** Money in US dollars. */
export interface ClassOffer {
  readonly storageClass: string;
  /** A gigabyte for a month. */
  readonly storage: number;
  /** 1,000 writes. */
  readonly writes: number;
  /** 1,000 reads. */
  readonly reads: number;
  /** A gigabyte that is read, or restored. */
  readonly retrieval: number;
  readonly leastDays: number | null;
  /** Bytes that an object is billed as at least. */
  readonly leastBytes: number;
  /** Bytes that an object is billed beside its own. */
  readonly addedBytes: number;
  /** Of these records, a month. */
  readonly monthly: number;
  /** For getting them there; with `create` beyond what STANDARD takes. */
  readonly once: number;
  /** Months until what it saves has paid for that; null where it saves nothing. */
  readonly paysBack: number | null;
  /** Objects that are in the class already. */
  readonly there: number;
  /** A plain sentence. */
  readonly verdict: string;
  readonly tone: 'there' | 'cheaper' | 'same' | 'dearer';
}

/** Money in US dollars. */
export interface RuledOffer extends Pick<ClassOffer, 'monthly' | 'once' | 'paysBack' | 'verdict' | 'tone'> {
  readonly classes: readonly {
    readonly storageClass: string;
    readonly objects: number;
    readonly bytes: number;
    readonly monthly: number;
  }[];
}

/** Which of the counts an object of this size belongs to. */
export function boundOf(bytes: number): number {
  const found = SIZE_BOUNDS.findIndex((bound) => bytes < bound);
  return found < 0 ? SIZE_BOUNDS.length : found;
}

export function bytesOf(sizes: readonly SizeCount[]): number {
  return sizes.reduce((sum, { bytes }) => sum + bytes, 0);
}
