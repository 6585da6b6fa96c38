/** How a record of one collection stands to that of the same key in another. */
export type ComparedState = 'new' | 'changed' | 'same' | 'only-there';

/** Two collections beside each other, by the JSON values of their records. */
export interface Comparison {
  readonly counts: Readonly<Record<ComparedState, number>>;
  /** The first that differ, in the order of their keys. */
  readonly differing: readonly ComparedRecord[];
  /** Names behind these were not looked at, because only the first were asked for. */
  readonly more: boolean;
}

export interface ComparedRecord {
  /** Below the prefixes of both. */
  readonly name: string;
  readonly state: ComparedState;
  /** Null where there is none. */
  readonly etag: string | null;
  readonly etagThere: string | null;
}

/** Of a comparison that is shown; of more, only how many there are. */
export const MOST_DIFFERING = 10_000;
