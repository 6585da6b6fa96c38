/** Rows of a file, and how they become records of a collection. */
import type { SizeCount } from './class-offer.ts';
import type { CodecName, Encryption } from './collection.ts';
import type { Tag } from './record.ts';
import type { StorageRule } from './storage-rules.ts';

/** `folder`: JSON files below a folder, one record each. `json`: a list of objects, or objects one after the other. */
export type ImportFormat = 'csv' | 'ndjson' | 'json' | 'parquet' | 'folder';

export const IMPORT_FORMATS: readonly ImportFormat[] = ['csv', 'ndjson', 'json', 'parquet', 'folder'];

/** Files of one import. */
export const MOST_IMPORTED_FILES = 1_000;

export type ImportSource =
  /** A file or a folder of this machine; absolute. `more`: further files, read as the first. Not for pages. */
  | { readonly path: string; readonly more?: readonly string[] }
  /** The same by the handles that a page was given for them. */
  | { readonly handle: string; readonly more?: readonly string[] }
  /** An object that the collection's connection reaches. */
  | { readonly object: { readonly bucket: string; readonly key: string } };

/** How the bytes of a source are read. */
export interface ImportReading {
  readonly format: ImportFormat;
  readonly compression: ImportCompression;
  /** As TextDecoder names it: `utf-8`, `utf-16le`, `windows-1252`. */
  readonly encoding: string;
  readonly csv: CsvReading;
}

export type ImportCompression = 'none' | 'gzip' | 'zstd';

/** What a person has said of it; the rest is found. */
export type GivenReading = Partial<Omit<ImportReading, 'csv'>> & { readonly csv?: Partial<CsvReading> };

/** Of no meaning where the format is another. */
export interface CsvReading {
  /** One character. */
  readonly delimiter: string;
  /** One character. */
  readonly quote: string;
  /** The first row has the names of the fields. */
  readonly header: boolean;
  /** Quotes tell texts from values: `5` is a number, `"5"` a text, as Dipper and others write it. */
  readonly quotedAreTexts: boolean;
  /** Texts that a spreadsheet would take for formulas have an apostrophe before them, which is taken away. */
  readonly formulaGuard: boolean;
}

/**
 * `auto`: each value as it is written. `integer` and `number` keep all digits; `json` reads lists and objects. A row whose
 * value is none of its field's type is a bad row.
 */
export type ImportType = 'auto' | 'string' | 'integer' | 'number' | 'boolean' | 'json';

export const IMPORT_TYPES: readonly ImportType[] = ['auto', 'string', 'integer', 'number', 'boolean', 'json'];

export interface ImportField {
  /** Its name in the source. */
  readonly source: string;
  /** Its names in the record, from the outermost inwards. */
  readonly path: readonly string[];
  readonly type: ImportType;
}

/** What becomes of a row whose record is there already. `merge`: its fields take the place of those of the record. */
export type OnConflict = 'fail' | 'skip' | 'overwrite' | 'newer' | 'merge';

export const ON_CONFLICT: readonly OnConflict[] = ['skip', 'overwrite', 'fail', 'newer', 'merge'];

export interface ImportSettings {
  readonly reading: ImportReading;
  /** Those that are imported, in this order; null for all as they are. */
  readonly fields: readonly ImportField[] | null;
  /** Field that holds the record's id and is none of its fields, as an export writes it; null where there is none. */
  readonly idField: string | null;
  /** The same of a dataknobs record's metadata, a JSON object. */
  readonly metadataField: string | null;
  /** Template of the id: `{id}`, `{date:created:yyyy/MM}/{id}`, `{uuid7}`; docs/import.md has all of it. */
  readonly key: string;
  /** Fields whose values become tags of the object. */
  readonly tags: readonly string[];
  /** User metadata of every object. */
  readonly userMetadata: readonly Tag[];
  /** By what a row is; left out: none. */
  readonly storageRules?: readonly StorageRule[];
  /** Of rows that no rule is true of. Null: as the collection says. */
  readonly storageClass: string | null;
  /** Null: that of the collection. */
  readonly encryption: Encryption | null;
  readonly onConflict: OnConflict;
  /** Stops after so many rows that failed; null for never. */
  readonly stopAfter: number | null;
}

/** What a job of importing is asked for. */
export interface ImportTask {
  readonly source: ImportSource;
  readonly settings: ImportSettings;
  /** Where rows that failed are written; null for nowhere. */
  readonly badRows: BadRowsPlace | null;
  /** See `Undoable`. */
  readonly undoable?: boolean;
}

/** An absolute path, which is not for pages; or with the job, until that is removed (`jobs:bad-rows`). */
export type BadRowsPlace = { readonly path: string } | 'with-job';

/** What a look at the beginning of a source has found; `settings` import it as it is. */
export interface ImportInspection {
  readonly settings: ImportSettings;
  readonly fields: readonly FoundField[];
  /** Bytes of the source; of a folder, those of its files. */
  readonly size: number;
  /** Of the records that an export of Dipper was made of; null where nothing tells of it. */
  readonly exportedFrom: CodecName | null;
  /** What a person should know before, in sentences. */
  readonly notes: readonly string[];
}

export interface FoundField {
  readonly source: string;
  readonly type: ImportType;
  /** Rows that were looked at and have none. */
  readonly missing: number;
  /** Its first different values, as they are written; long ones are clipped. */
  readonly examples: readonly string[];
}

/** A row as the record that it will be. */
export interface PreviewedRow {
  /** Position in the source, from 0. */
  readonly index: number;
  /** `line 7`, `row 3`, or the name of a file; of several files `b.csv, line 7`. */
  readonly place: string;
  /** Empty where there is a problem. */
  readonly id: string;
  readonly key: string;
  /** The object's body. */
  readonly body: string;
  readonly tags: readonly Tag[];
  /** That a rule gives it; null where none does. */
  readonly storageClass: string | null;
  /** Why it cannot be imported. */
  readonly problem: string | null;
}

/** What an import would do. */
export interface ImportForecast {
  readonly rows: number;
  readonly counts: ImportForecastCounts;
  /** The first rows of each kind but `same`. */
  readonly examples: readonly ImportExample[];
  readonly requests: readonly { readonly operation: string; readonly count: number }[];
  /** Of bodies that are sent. */
  readonly bytes: number;
  /** The same by size, in STANDARD. */
  readonly sizes: readonly SizeCount[];
  /** Bytes of the objects that are written over, which the job keeps for an undo unless it is asked not to. */
  readonly replaced: number;
  /** The same in the classes that rules give them; left out where there are no rules. */
  readonly ruled?: readonly SizeCount[];
  /** US dollars for the requests; null where nobody bills. */
  readonly dollars: number | null;
}

/**
 * `new`: no such record is there. `changed`: it takes the place of another, or changes it. `same`: is there already.
 * `kept`: another is there, and stays. `conflict`: another is there, so that the row fails. `invalid`: a bad row.
 */
export type ImportFate = 'new' | 'changed' | 'same' | 'kept' | 'conflict' | 'invalid';

export type ImportForecastCounts = { readonly [fate in ImportFate]: number };

export interface ImportExample {
  readonly fate: ImportFate;
  readonly place: string;
  readonly key: string;
  /** Of an `invalid` row. */
  readonly problem: string | null;
  /** What differs from the record that is there, as JSON texts; null where there is none. */
  readonly changes: readonly ImportChange[];
}

export interface ImportChange {
  readonly path: readonly (string | number)[];
  readonly before: string | null;
  readonly after: string | null;
}

/** What templates of ids are made of (`ImportSettings.key`), as texts for people name it. */
export const TEMPLATE_PARTS =
  '{id}, {field:NAME}, {date:FIELD:yyyy/MM}, {now:yyyy-MM-dd}, {uuid}, {uuid7}, {row:8}, {hash}; of a folder {path}';

/** Names of members that a file of bad rows has beside those of its rows: why, and the text of what could not be read. */
export const BAD_ROW_REASON = '_error';
export const BAD_ROW_TEXT = '_row';
