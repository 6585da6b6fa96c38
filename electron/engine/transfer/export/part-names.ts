import { basename, dirname, join } from 'node:path';
import { exportExtension, readExportName, type ExportForm } from '../../../../shared/export.ts';
import { safeFileName } from '../../safe-file-name.ts';
import { toldApart } from './object-names.ts';

/** How the files of one job are called until they are whole. */
export function temporaryName(name: string, job: string): string {
  return `${name}.${temporarySuffix(job)}`;
}

export function temporarySuffix(job: string): string {
  return `${job.slice(0, 8)}.part`;
}

/** `movies-0002.csv.gz` of `movies.csv.gz`. */
export function numberedName(path: string, form: ExportForm, number: number): string {
  return partName(path, form, String(number).padStart(4, '0'));
}

/**
 * `movies-Drama.csv`, and `movies (none).csv` for records without a value. Names that a value does not give as it is, or
 * that another may give in other capitals, are told apart by its hash.
 */
export function valueName(path: string, form: ExportForm, value: string | null, isTwin: boolean): string {
  if (value === null) return partName(path, form, null);
  const short = value.length > MOST_VALUE ? value.slice(0, MOST_VALUE) : value;
  const safe = safeFileName(short).replaceAll('.', '_');
  return partName(path, form, safe === value && !isTwin ? safe : toldApart(safe, value));
}

/** UTF-16 units of a value in a name. */
const MOST_VALUE = 60;

function partName(path: string, form: ExportForm, part: string | null): string {
  const { stem, extension } = readExportName(basename(path));
  const end = extension === '' ? exportExtension(form) : extension;
  return `${stem}${part === null ? ' (none)' : `-${part}`}${end}`;
}

export function inFolderOf(path: string, name: string): string {
  return join(dirname(path), name);
}

/** What DuckDB makes beside the file that rows for Parquet wait in, and the file. Here, because main loads no DuckDB. */
export const STAGE_ENDS = ['', '.wal', '.tmp'] as const;
