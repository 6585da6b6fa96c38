import type { FieldSortKey } from './query.ts';

/** What a collection is asked, as text that can be kept and passed on. */
export interface QueryText {
  /** The conditions in their text form (shared/query-text); empty where there are none. */
  readonly where: string;
  readonly sort: readonly FieldSortKey[];
}

/** A query that somebody gave a name. */
export interface SavedQuery extends QueryText {
  readonly id: string;
  readonly name: string;
}

/** A query that ran. */
export interface QueryRun extends QueryText {
  /** Milliseconds since 1970. */
  readonly ranAt: number;
  /** Null where the answer was one of a first sync that was still reading. */
  readonly found: number | null;
}

/** A collection's saved queries in the order of their names, and those that ran, the last first. */
export interface SavedQueries {
  readonly saved: readonly SavedQuery[];
  readonly history: readonly QueryRun[];
}

export const MOST_RUNS = 50;
/** Characters: a list of thousands of ids is no query that somebody looks for again. */
export const LONGEST_RUN = 10_000;
export const MOST_SAVED = 500;
export const LONGEST_SAVED = 1_000_000;

export const NO_QUERIES: SavedQueries = { saved: [], history: [] };
