import type { FieldKind } from './page.ts';

/** Fields that one `query:profile` may ask for. */
export const MOST_PROFILED_FIELDS = 24;

/** How many rows of a result, and how many records of the collection. */
export interface Counted {
  readonly found: number;
  readonly all: number;
}

/** What the values of some fields are, in an open result and in the whole collection. */
export interface ResultProfile {
  /** Readable records. Rows that were rewritten or deleted since the query ran are not among those found. */
  readonly records: Counted;
  /** In the order they were asked for. */
  readonly fields: readonly FieldFigures[];
  readonly milliseconds: number;
}

export interface FieldFigures {
  readonly path: readonly string[];
  /** Too few records have the field for it to have figures: all else is empty. */
  readonly rare: boolean;
  readonly kinds: Readonly<Partial<Record<FieldKind, Counted>>>;
  readonly missing: Counted;
  /** Of the kind that most values of the collection have; null for lists, objects and where there is nothing to draw. */
  readonly chart: FieldChart | null;
}

export type FieldChart = NumberBins | DateBins | TopValues;

/** Bin `n` holds what is at least `edges[n]` and below `edges[n + 1]`; the last one also what is at its upper edge. */
interface Bins {
  readonly edges: readonly number[];
  readonly found: readonly number[];
  readonly all: readonly number[];
  /** Of the rows found; null where none has a value. */
  readonly least: number | null;
  readonly greatest: number | null;
}

export interface NumberBins extends Bins {
  readonly shape: 'numbers';
  /** No number of the collection has a fraction. */
  readonly whole: boolean;
}

/** Edges are milliseconds since 1970, in UTC where the dates have an offset, else as they are written. */
export interface DateBins extends Bins {
  readonly shape: 'dates';
  readonly step: CalendarStep;
  /** What most dates have, and all that are in the bins: dates with and without an offset do not compare. */
  readonly hasOffset: boolean;
  /** All are midnights. */
  readonly days: boolean;
}

export interface CalendarStep {
  readonly count: number;
  readonly unit: 'minute' | 'hour' | 'day' | 'month' | 'year';
}

export interface TopValues {
  readonly shape: 'values';
  /** Those that most rows found have come first. */
  readonly values: readonly TopValue[];
  /** Rows with other values of the kind. */
  readonly others: Counted;
  /** Different values in the collection. */
  readonly distinct: number;
  /** There are more than `distinct`, and the values are those that are frequent in a sample; their counts are exact. */
  readonly sampled: boolean;
}

export interface TopValue extends Counted {
  readonly value: string | boolean;
}
