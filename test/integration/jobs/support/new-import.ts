import type { CsvReading, ImportSettings } from '../../../../shared/import.ts';

export const NO_CSV: CsvReading = {
  delimiter: ',',
  quote: '"',
  header: true,
  quotedAreTexts: true,
  formulaGuard: false,
};

/** All fields as they are, under their own ids; nothing that is there is touched. */
export const NEW_IMPORT: Omit<ImportSettings, 'reading'> = {
  fields: null,
  idField: null,
  metadataField: null,
  key: '{id}',
  tags: [],
  userMetadata: [],
  storageClass: null,
  encryption: null,
  onConflict: 'fail',
  stopAfter: null,
};
