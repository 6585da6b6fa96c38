import { exportExtension, readExportName, type ExportForm, type ExportFormat } from '../../shared/export.ts';

/** What is chosen in the dialog; what does not fit the format is kept, and left out of the form. */
export interface ExportChoice extends Omit<ExportForm, 'split'> {
  readonly split: 'none' | 'size' | 'field';
  /** Megabytes, as typed. */
  readonly megabytes: string;
  readonly field: string;
  /** Names of fields; null for all. */
  readonly fields: readonly string[] | null;
}

export const FIRST_CHOICE: ExportChoice = {
  format: 'ndjson',
  compression: 'none',
  withId: true,
  withMetadata: true,
  formulaGuard: true,
  split: 'none',
  megabytes: '100',
  field: '',
  fields: null,
};

export const FORMAT_WORDS: Readonly<Record<ExportFormat, { readonly label: string; readonly hint: string }>> = {
  ndjson: { label: 'NDJSON', hint: 'A line of JSON for each record; every value as it is.' },
  json: { label: 'JSON', hint: 'One list of all records; every value as it is.' },
  csv: { label: 'CSV', hint: 'A row for each record, for spreadsheets; lists and objects as JSON text.' },
  parquet: { label: 'Parquet', hint: 'Typed columns, for analysis; fields of several types as JSON text.' },
  files: { label: 'Files', hint: 'A folder with each object as a file of its own, named after its key.' },
};

/** Bytes of a part; null where what was typed is no size. */
export function partBytes(megabytes: string): number | null {
  const bytes = Math.floor(Number(megabytes) * 1_000_000);
  return megabytes.trim() !== '' && bytes >= 100_000 && Number.isSafeInteger(bytes) ? bytes : null;
}

/** Why it cannot be exported so, in a sentence without a full stop; null where it can. */
export function problemOf(choice: ExportChoice): string | null {
  if (choice.fields?.length === 0) return 'Choose at least one field';
  if (choice.format === 'files') return null;
  if (choice.split === 'size' && partBytes(choice.megabytes) === null)
    return 'Say how large a file may be, from 0.1 MB';
  return choice.split === 'field' && choice.field === '' ? 'Choose the field to split by' : null;
}

export function formOf(choice: ExportChoice): ExportForm {
  const { format, compression, withId, withMetadata, formulaGuard } = choice;
  const isFiles = format === 'files';
  return {
    format,
    compression: isFiles ? 'none' : compression,
    withId,
    withMetadata,
    formulaGuard,
    split: splitOf(choice),
  };
}

function splitOf({ format, split, megabytes, field }: ExportChoice): ExportForm['split'] {
  if (format === 'files' || split === 'none') return null;
  return split === 'field' ? { field } : { bytes: partBytes(megabytes) ?? 0 };
}

/** `movies.csv.gz`: what the file is called to begin with. */
export function suggestedName(collection: string, choice: ExportChoice): string {
  const name = collection.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^-|-$/g, '');
  const { stem } = readExportName(name === '' ? 'records' : name);
  return `${stem}${exportExtension(formOf(choice))}`;
}
