/** A row as it stands in its source. */
export type SourceRow = CellsRow | JsonRow | BrokenRow;

/** Where it is: a line, an item, or the file of a folder. */
interface Placed {
  /** From 1. */
  readonly at: number;
  /** Of several files: the name of its own. */
  readonly source?: string;
}

/** A line of CSV. What stood in quotes has one before it: no other cell can begin so. */
export interface CellsRow extends Placed {
  readonly kind: 'cells';
  readonly cells: readonly string[];
}

export interface JsonRow extends Placed {
  readonly kind: 'json';
  readonly text: string;
  /** Of a file in a folder: its path there, with `/`. */
  readonly file?: string;
  /** The record's id, where it is known from elsewhere. */
  readonly id?: string;
}

export interface BrokenRow extends Placed {
  readonly kind: 'broken';
  /** As far as it could be read; null where it is not text. */
  readonly text: string | null;
  readonly problem: string;
  readonly file?: string;
}

/** Rows of a source by groups, in their order; a group may be empty. Throws an `AppFailure` where the source ends by force. */
export type SourceRows = AsyncGenerator<readonly SourceRow[], void, undefined>;

/** UTF-16 units of one row; what is longer is no record that anybody edits. */
export const LONGEST_ROW = 64 * 1024 * 1024;

export const TOO_LONG = `The row is longer than ${LONGEST_ROW / (1024 * 1024)} million characters.`;

/** Stands for bytes that are no text of the encoding. */
export const REPLACEMENT = '\uFFFD';
