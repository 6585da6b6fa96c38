import { randomUUID } from 'node:crypto';
import type {
  GivenReading,
  ImportForecast,
  ImportInspection,
  ImportReading,
  ImportSettings,
  ImportSource,
  PreviewedRow,
} from '../../../../shared/import.ts';
import type { CollectionTarget } from '../../engine.ts';
import type { CallOptions, S3Client } from '../../s3/s3-client.ts';
import { forecastImport, type ForecastPrices } from './forecast-import.ts';
import type { ImportReaders } from './import-readers.ts';
import { importPlace, type Preparing } from './reading/prepare-rows.ts';
import { openSource, type SourceFile } from './source-file.ts';

/** What can be asked of an import before it begins; the import itself is a job. */
export interface Imports {
  /** What a source is and how it can be imported, by its beginning. */
  inspect(
    target: CollectionTarget,
    source: ImportSource,
    given: GivenReading,
    signal: AbortSignal,
  ): Promise<ImportInspection>;
  /** Its first rows as the records that they will be. */
  preview(
    target: CollectionTarget,
    source: ImportSource,
    settings: ImportSettings,
    count: number,
    signal: AbortSignal,
  ): Promise<readonly PreviewedRow[]>;
  /** Of all rows, bad ones included. */
  count(target: CollectionTarget, source: ImportSource, reading: ImportReading, signal: AbortSignal): Promise<number>;
  /** Reads all of it, and what is there already; writes nothing. */
  forecast(
    target: CollectionTarget,
    source: ImportSource,
    settings: ImportSettings,
    signal: AbortSignal,
  ): Promise<ImportForecast>;
}

export interface ImportsOptions {
  readonly readers: ImportReaders;
  readonly connect: (target: CollectionTarget, signal: AbortSignal) => Promise<S3Client>;
  readonly pricesOf: (target: CollectionTarget) => ForecastPrices;
  /** Where objects are kept that are read as files. */
  readonly sourceFolder: string;
}

export function createImports({ readers, connect, pricesOf, sourceFolder }: ImportsOptions): Imports {
  async function withSource<T>(
    target: CollectionTarget,
    source: ImportSource,
    signal: AbortSignal,
    work: (file: SourceFile, client: S3Client) => Promise<T>,
  ): Promise<T> {
    const client = await connect(target, signal);
    const call: CallOptions = { signal };
    return work(await openSource(source, { client, folder: sourceFolder }, call), client);
  }

  return {
    inspect: (target, source, given, signal) =>
      withSource(target, source, signal, (file) => readers.inspect(file, given, target.collection.codec, signal)),
    preview: (target, source, settings, count, signal) =>
      withSource(target, source, signal, ({ path, more }) =>
        readers.preview({ path, more, ...preparing(target, settings) }, count, signal),
      ),
    count: (target, source, reading, signal) =>
      withSource(target, source, signal, (file) => readers.count(file, reading, signal)),
    forecast: (target, source, settings, signal) =>
      withSource(target, source, signal, async (file, client) => {
        const rows = readers.rows(
          { path: file.path, more: file.more, from: 0, ...preparing(target, settings) },
          signal,
        );
        const { collection } = target;
        const forecast = { client, collection, settings, sourceModifiedAt: file.modifiedAt, prices: pricesOf(target) };
        return forecastImport(rows, forecast, signal);
      }),
  };
}

function preparing({ collection }: CollectionTarget, settings: ImportSettings): Preparing {
  return { settings, place: importPlace(collection), minting: { job: randomUUID(), startedAt: Date.now() } };
}
