import type { ExportManifest } from '../../../../shared/export.ts';
import type { SinkSettings } from './export-sink.ts';

/** What is known of an export before its first record. */
export function fileDescription({
  form,
  shape,
  codec,
  bucket,
  prefix,
}: Omit<SinkSettings, 'job' | 'target'>): Omit<ExportManifest, 'exportedAt' | 'records' | 'files'> {
  const { format, compression } = form;
  const hasColumns = format === 'csv' || format === 'parquet';
  return {
    dipperExport: 1,
    format,
    compression,
    codec,
    bucket,
    prefix,
    idColumn: format === 'files' ? null : shape.idName,
    metadataColumn: format === 'files' ? null : shape.metadataName,
    formulaGuard: format === 'csv' && shape.formulaGuard,
    columns: hasColumns ? shape.columns : [],
  };
}
