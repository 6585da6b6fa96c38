import type { RecordForm } from './record.ts';
import type { AppError } from './result.ts';

/**
 * Kind of a cell's value. JSON cannot carry 2^53 + 1, 1.0, -0, NaN or Infinity, so a value crosses as its kind and text:
 * strings as themselves, everything else as the JSON text in the object.
 */
export type ValueKind = 'missing' | 'null' | 'boolean' | 'number' | 'string' | 'list' | 'object';

/** Kinds that a field's values were found to have; `date` are strings that parse as ISO dates. */
export type FieldKind = 'boolean' | 'number' | 'date' | 'string' | 'list' | 'object' | 'null';

/** One field of a collection as found in the data. */
export interface FieldSummary {
  /** Names from the record's fields downwards. */
  readonly path: readonly string[];
  /** How a query names it; null where dataknobs' field syntax cannot reach it (a name with a dot). */
  readonly field: string | null;
  /** Records that have a value of each kind. */
  readonly kinds: Readonly<Partial<Record<FieldKind, number>>>;
  /** The kind most values have; what the column is shown and edited as. */
  readonly kind: FieldKind;
  /** Records without the field. */
  readonly missing: number;
}

export interface ResultColumn {
  /** A top-level field's name. */
  readonly name: string;
  /** How a query names it; null where it cannot (no sort by header then). */
  readonly field: string | null;
  readonly kind: FieldKind;
}

/** Requests that a piece of work sent, by S3 operation name, and what they moved. */
export interface RequestStatistics {
  readonly requests: Readonly<Record<string, number>>;
  /** Body bytes received and sent. */
  readonly bytes: number;
}

export interface QueryStatistics extends RequestStatistics {
  /** US dollars that the requests cost; left out where nobody bills them. */
  readonly dollars?: number;
  /** Records that the conditions were asked of. */
  readonly scanned: number;
  /** Of the query itself, without the sync before it. */
  readonly milliseconds: number;
}

/** A snapshot of one query's answer. */
export interface OpenedQuery {
  /** Handle for `query:page` and `query:close`. */
  readonly result: string;
  readonly total: number;
  /** Records in the index when the query ran (readable ones). */
  readonly records: number;
  /** Objects that are no records; they match no condition. */
  readonly unreadable: number;
  /** False while the first sync still reads: the answer holds what has been read so far. */
  readonly complete: boolean;
  /** True while a sync is under way that may find news. */
  readonly syncing: boolean;
  /** When the oldest of the tags that it asks of were read; milliseconds since 1970; left out where there are none. */
  readonly tagsReadAt?: number;
  /** When the listing behind this answer was made; milliseconds since 1970; null before the first ends. */
  readonly syncedAt: number | null;
  /** Requests that the sync of `syncedAt` sent; left out where that was before this start of Dipper. */
  readonly syncRequests?: number;
  /** Grows with every change of the index. */
  readonly version: number;
  readonly columns: readonly ResultColumn[];
  readonly statistics: QueryStatistics;
  /** Sentences about what happened to the index and changes nothing in the answer. */
  readonly notes: readonly string[];
}

/** How many rows a query finds. */
export interface RecordCount extends Pick<OpenedQuery, 'total' | 'notes' | 'statistics'> {
  /** Objects that are no records; null where keys were counted and nothing was read. */
  readonly unreadable: number | null;
}

/** One column of a page: `kinds[i]` is a character (see KIND_CODES), `texts[i]` the text of the value. */
export interface PageColumn {
  readonly kinds: string;
  /** Clipped at 1,024 UTF-16 units. Lists and objects: JSON text. Empty for missing and null. */
  readonly texts: readonly string[];
  /** Row in this page → full length in UTF-16 units, for clipped cells only. */
  readonly clipped: Readonly<Record<number, number>>;
}

export const KIND_CODES: Readonly<Record<ValueKind, string>> = {
  missing: '-',
  null: '0',
  boolean: 'b',
  number: 'n',
  string: 's',
  list: 'l',
  object: 'o',
};

/** Rows `from` … `from + keys.length - 1` of a result, by columns: at most 1,000 rows and 4 MB. */
export interface ResultPage {
  readonly from: number;
  readonly keys: readonly string[];
  readonly ids: readonly string[];
  readonly forms: readonly RecordForm[];
  readonly etags: readonly string[];
  readonly sizes: readonly number[];
  /** Milliseconds since 1970; null where not known yet. */
  readonly lastModified: readonly (number | null)[];
  readonly storageClasses: readonly string[];
  /** Why the object is no record, or null. */
  readonly problems: readonly (string | null)[];
  /** In the order of `OpenedQuery.columns`. */
  readonly columns: readonly PageColumn[];
}

/** Whole rows, for programs: JSON texts, nothing clipped. */
export interface ResultRow {
  readonly id: string;
  readonly key: string;
  /** JSON text of an object; null where the object is no record. */
  readonly fields: string | null;
  /** JSON text; null where the record has none. */
  readonly metadata: string | null;
  readonly problem: string | null;
}

/** Progress of one sync of a collection's index. */
export interface SyncProgress {
  readonly collection: string;
  readonly state: 'listing' | 'reading' | 'done' | 'failed' | 'cancelled';
  /** What is read; left out: the records. */
  readonly subject?: 'tags';
  readonly listed: number;
  /** Objects to be read, as far as known. */
  readonly toRead: number;
  readonly read: number;
  readonly unreadable: number;
  readonly requests: number;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Set where state is `failed`, and where the budget of the connection cancelled it (`ask-first`). */
  readonly error?: AppError;
}
