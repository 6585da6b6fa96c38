import { basename } from 'node:path';
import { compressorOf } from './compress.ts';
import { createCsvRows } from './csv-rows.ts';
import type { SinkSettings } from './export-sink.ts';
import { createJsonRows } from './json-rows.ts';
import { fileDescription } from './manifest.ts';
import { ParquetColumns } from './parquet-columns.ts';
import { ParquetPart } from './parquet-part.ts';
import { ParquetStage, STAGE_GROUP } from './parquet-stage.ts';
import { PartFile } from './part-file.ts';
import { inFolderOf, temporaryName } from './part-names.ts';
import type { Part, PartPlace } from './part.ts';
import type { ExportRow } from './row-shape.ts';
import { TextPart, type TextFrame } from './text-part.ts';

/** Opens the files of one export. */
export interface PartMaker {
  /** Of an `ExportSink`. */
  readonly restsAfter: number;
  open(name: string, at: PartPlace): Promise<Part>;
  /** All files are whole. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

export async function createPartMaker(settings: SinkSettings): Promise<PartMaker> {
  const { job, target, form } = settings;
  const pathOf = (name: string): string => inFolderOf(target.path, temporaryName(name, job));
  if (form.format === 'parquet') return parquetMaker(settings, pathOf);
  const compress = await compressorOf(form.compression);
  const { frame, textOf } = textForm(settings);
  return {
    restsAfter: 1,
    open: async (name, at) => new TextPart(await PartFile.open(pathOf(name), at.bytes), at, frame, textOf, compress),
    finish: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

async function parquetMaker(settings: SinkSettings, pathOf: (name: string) => string): Promise<PartMaker> {
  const { shape, form, target } = settings;
  const stage = await ParquetStage.open(pathOf(`${basename(target.path)}.stage`));
  const description = JSON.stringify(fileDescription(settings));
  return {
    restsAfter: STAGE_GROUP,
    open: async (name, at) => {
      const columns = new ParquetColumns(shape);
      const table = await stage.table(name, columns.types, at.rows);
      return new ParquetPart(pathOf(name), at, table, columns, form.compression, description);
    },
    finish: () => stage.remove(),
    close: () => stage.close(),
  };
}

function textForm({ form, shape }: SinkSettings): {
  readonly frame: TextFrame;
  readonly textOf: (row: ExportRow) => string;
} {
  if (form.format === 'csv') {
    const { head, row } = createCsvRows(shape);
    return { frame: { head, between: '', foot: () => '' }, textOf: row };
  }
  const textOf = createJsonRows(shape);
  if (form.format === 'json') {
    return { frame: { head: '[\n', between: ',\n', foot: (rows) => (rows === 0 ? ']\n' : '\n]\n') }, textOf };
  }
  return { frame: { head: '', between: '', foot: () => '' }, textOf: (row) => `${textOf(row)}\n` };
}
