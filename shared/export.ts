/** Records of a collection as files of this machine: what is asked for, and what stands beside the files. */
import type { CodecName } from './collection.ts';
import type { FieldSortKey } from './query.ts';

/** `files`: an object a file, in folders as the keys have them. */
export const EXPORT_FORMATS = ['ndjson', 'json', 'csv', 'parquet', 'files'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Of text formats around them, in a Parquet file of its pages (Snappy where none is chosen). */
export const EXPORT_COMPRESSIONS = ['none', 'gzip', 'zstd'] as const;
export type ExportCompression = (typeof EXPORT_COMPRESSIONS)[number];

export interface ExportForm {
  readonly format: ExportFormat;
  readonly compression: ExportCompression;
  /** The record's id, and what a dataknobs record has of metadata, beside its fields. */
  readonly withId: boolean;
  readonly withMetadata: boolean;
  /** Of CSV: no text can become a formula in a spreadsheet. */
  readonly formulaGuard: boolean;
  /** Null: one file. */
  readonly split: ExportSplit | null;
}

/** `bytes`: a new file once one holds so many, before they are compressed. `field`: a file for each value of a field. */
export type ExportSplit = { readonly bytes: number } | { readonly field: string };

/** Values that a field may have by which an export is split: each is a file that is open. */
export const MOST_EXPORT_VALUES = 1_000;

/** Where it is written: a file, or where it is to be several the name that theirs are made from; of `files` a folder. */
export interface ExportTarget {
  /** Absolute. */
  readonly path: string;
  /** Whether what is there may be replaced; else the export fails where something is. */
  readonly overwrite: boolean;
}

/** Where the export of a page goes: what a person chose in the system's dialog, or a new file among what was downloaded. */
export type ExportPlace = { readonly chosen: string } | { readonly downloads: string };

/** `chosen` stands for the path, which a page only shows. */
export interface ChosenPlace {
  readonly chosen: string;
  readonly path: string;
}

/** Which records, as the index has them when the job begins, and how. */
export interface ExportTask {
  /** JSON text of a query: its fields are those that are written, its order is theirs. */
  readonly query: string;
  /** Rows of a statement of the SQL view in place of records; `query` is not asked then. All rows that it answers. */
  readonly sql?: ExportedStatement;
  readonly form: ExportForm;
  readonly target: ExportTarget;
}

export interface ExportedStatement {
  readonly statement: string;
  /** See `sql:sort`. */
  readonly sort: readonly FieldSortKey[];
}

export const EXPORT_DEFAULTS: Omit<ExportForm, 'format'> = {
  compression: 'none',
  withId: true,
  withMetadata: true,
  formulaGuard: true,
  split: null,
};

/**
 * Beside each export, `NAME.manifest.json`: what an import needs to make the same records again. Of the format `files` there
 * is also `NAME/manifest.ndjson` with the key of each file.
 */
export interface ExportManifest {
  readonly dipperExport: 1;
  readonly format: ExportFormat;
  readonly compression: ExportCompression;
  readonly codec: CodecName;
  readonly bucket: string;
  readonly prefix: string;
  /** ISO date. */
  readonly exportedAt: string;
  readonly records: number;
  /** Names, from the folder of the manifest. */
  readonly files: readonly string[];
  /** Column or member that holds the record's id and is no field of it; null where there is none. */
  readonly idColumn: string | null;
  /** The same of a record's metadata, as a JSON object. */
  readonly metadataColumn: string | null;
  /** Whether texts that look like formulas have an apostrophe before them that is not theirs (`unguardedText`). */
  readonly formulaGuard: boolean;
  /** Of CSV and Parquet, in the order of the file; empty in other formats. */
  readonly columns: readonly ExportColumn[];
}

/** `json`: cells are JSON text, because values are of several kinds, lists or objects. */
export type ExportColumnType = 'string' | 'integer' | 'number' | 'boolean' | 'json';

export interface ExportColumn {
  readonly name: string;
  readonly type: ExportColumnType;
}

const FORMATS_BY_EXTENSION: Readonly<Record<string, ExportFormat>> = {
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'json',
  csv: 'csv',
  parquet: 'parquet',
};

const NAME = /^(?<stem>.*?)(?<format>\.(?:ndjson|jsonl|json|csv|parquet))?(?<compression>\.(?:gz|zst))?$/isu;

/** `movies`, `.csv.gz` and what they say of the form; null where the name says nothing. */
export function readExportName(name: string): {
  readonly stem: string;
  readonly extension: string;
  readonly format: ExportFormat | null;
  readonly compression: ExportCompression | null;
} {
  const { stem = name, format = '', compression = '' } = NAME.exec(name)?.groups ?? {};
  return {
    stem,
    extension: format + compression,
    format: FORMATS_BY_EXTENSION[format.slice(1).toLowerCase()] ?? null,
    compression: compression === '' ? null : compression.toLowerCase() === '.gz' ? 'gzip' : 'zstd',
  };
}

/** `.csv.gz`: how a file of this form is called; nothing for a folder. */
export function exportExtension({ format, compression }: Pick<ExportForm, 'format' | 'compression'>): string {
  if (format === 'files') return '';
  // A Parquet file is compressed inside.
  if (format === 'parquet') return '.parquet';
  return `.${format}${{ none: '', gzip: '.gz', zstd: '.zst' }[compression]}`;
}

/** The same of the rows of a statement: they are no objects. */
export function reasonAgainstRows({ format }: Pick<ExportForm, 'format'>): string | null {
  return format === 'files' ? 'The rows of a statement are no objects' : null;
}

/** Why a form cannot be, in a sentence without a full stop; null where it can. */
export function reasonAgainstForm({ format, compression, split }: ExportForm): string | null {
  if (format !== 'files') return null;
  if (compression !== 'none') return 'Files of their own are not compressed';
  return split === null ? null : 'Files of their own are not split';
}
