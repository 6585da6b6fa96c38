import type { SizeCount } from './class-offer.ts';
import type { PlannedWork } from './plan.ts';

/** How a record of one collection stands to that of the same key in another. */
export type ComparedState = 'new' | 'changed' | 'same' | 'only-there';

/** Records that are copied over what is in their places. */
export interface PromotedRecords {
  readonly sizes: readonly SizeCount[];
  /** Bytes of what is written over. */
  readonly replaced: number;
}

/** Two collections beside each other, by the JSON values of their records. */
export interface Comparison {
  readonly counts: Readonly<Record<ComparedState, number>>;
  /** What is copied where the records of a state are promoted: by class and size, and bytes of what is written over. */
  readonly promoted: Readonly<Record<'new' | 'changed', PromotedRecords>>;
  /** The first that differ, in the order of their keys. */
  readonly differing: readonly ComparedRecord[];
  /** Names behind these were not looked at, because only the first were asked for. */
  readonly more: boolean;
  /** The requests that it took. */
  readonly sent: PlannedWork;
}

export interface ComparedRecord {
  /** Below the prefixes of both. */
  readonly name: string;
  readonly state: ComparedState;
  /** Null where there is none. */
  readonly etag: string | null;
  readonly etagThere: string | null;
  /** Of the record that there is here, for what a copy of it costs; null where there is none. */
  readonly storageClass: string | null;
  /** Bytes; 0 where there is none. */
  readonly size: number;
  readonly sizeThere: number;
}

/** Of a comparison that is shown; of more, only how many there are. */
export const MOST_DIFFERING = 10_000;
