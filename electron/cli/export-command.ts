import { resolve } from 'node:path';
import {
  EXPORT_COMPRESSIONS,
  EXPORT_FORMATS,
  readExportName,
  reasonAgainstForm,
  type ExportCompression,
  type ExportForm,
  type ExportFormat,
  type ExportSplit,
} from '../../shared/export.ts';
import { exportToOutput, STANDARD_OUTPUT } from './export-to-output.ts';
import { runJob } from './follow-job.ts';
import { addServerOptions } from './global-options.ts';
import { openWithin, SPEND, type SpendOptions } from './open-query.ts';
import { mergeQuery, parseCount, parseSelect, parseSort, readGivenQuery, type GivenQuery } from './query-text.ts';
import { withCollection } from './session.ts';
import { UsageError } from './usage-error.ts';
import { choiceOption, describeVerb, QUERY_FILE, REFRESH, URL_ARGUMENT, WHERE, type AddVerb } from './verb.ts';

interface ExportOptions extends GivenQuery, SpendOptions {
  readonly sort?: string;
  readonly limit?: string;
  readonly select?: string;
  readonly format?: ExportFormat;
  readonly compress?: ExportCompression;
  readonly splitBy?: string;
  readonly splitSize?: string;
  /** False with `--no-id`, and so on. */
  readonly id: boolean;
  readonly metadata: boolean;
  readonly formulaGuard: boolean;
  readonly overwrite?: boolean;
  readonly refresh?: boolean;
}

export const addExportCommand: AddVerb = (program, run) => {
  const command = program
    .command('export')
    .argument(...URL_ARGUMENT)
    .argument(
      '<file>',
      'what to write; its name says how, such as movies.csv.gz; movies/ is a folder of files, - standard output',
    )
    .option(...QUERY_FILE)
    .option(...WHERE)
    .option('--sort <fields>', 'such as rating,-title')
    .option('--limit <count>', 'at most so many records')
    .option('--select <fields>', 'only these fields, in this order')
    .addOption(choiceOption('--format <format>', 'in place of what the name says', EXPORT_FORMATS))
    .addOption(choiceOption('--compress <compression>', 'in place of what the name says', EXPORT_COMPRESSIONS))
    .option('--split-by <field>', 'a file for each value of a field')
    .option('--split-size <size>', 'a new file after so many bytes, such as 100MB')
    .option('--no-id', 'without the ids of the records')
    .option('--no-metadata', 'without the metadata of dataknobs records')
    .option('--no-formula-guard', 'in CSV: texts that a spreadsheet takes for formulas as they are')
    .option('--overwrite', 'replace a file that is there')
    .option(...SPEND)
    .option(...REFRESH)
    .action((url: string, file: string, options: ExportOptions, self) =>
      run(self, async (context) => {
        const form = formOf(file, options);
        const query = mergeQuery(await readGivenQuery(context.terminal, options), {
          ...(options.sort === undefined ? {} : { sort: parseSort(options.sort) }),
          ...(options.limit === undefined ? {} : { limit: parseCount(options.limit, '--limit') }),
          ...(options.select === undefined ? {} : { select: parseSelect(options.select) }),
        });
        return await withCollection(context, url, async (open) => {
          const { caller, collection, signal } = open;
          const freshness = options.refresh === true ? 'forced' : 'complete';
          // The index is brought up to date, within the budget: the job reads nothing else.
          const { result } = await openWithin(open, { query, freshness }, options, 'Nothing was exported.');
          await caller.call('query:close', { result }, signal);
          const job = { kind: 'export', collection, query, form } as const;
          if (file === STANDARD_OUTPUT) return await exportToOutput(context, open, job);
          const target = { path: resolve(file), overwrite: options.overwrite === true };
          return await runJob(context, open, { ...job, target });
        });
      }),
    );
  addServerOptions(command);
  describeVerb(command, {
    summary: 'write records into files: NDJSON, JSON, CSV, Parquet, or each its own',
    details:
      'Beside the file stands a manifest, by which an import makes the same records again. It is a job: Ctrl-C pauses it, "dipper jobs" shows it.',
    examples: [
      'dipper export s3://samples/movies/ movies.ndjson --connection Sandbox --overwrite',
      `dipper export s3://samples/movies/ dramas.csv.gz --connection Sandbox --overwrite \\\n  --where 'genre = "Drama"' --sort -rating --select title,rating`,
      'dipper export s3://samples/movies/ movies.parquet --connection Sandbox --overwrite --compress zstd',
    ],
    json: 'the job at its end: {"id", "state", "counts": {"total", "done", "unchanged", "failed"}, …}',
  });
};

function formOf(file: string, options: ExportOptions): ExportForm {
  const named = readExportName(file);
  const format = options.format ?? (/[/\\]$/.test(file) ? 'files' : named.format);
  if (format === null && file === STANDARD_OUTPUT) {
    throw new UsageError(
      `Standard output has no name that says how to write. Give --format: ${EXPORT_FORMATS.join(', ')}.`,
    );
  }
  if (format === null) {
    throw new UsageError(
      `The name ${JSON.stringify(file)} does not say how to write. End it with .ndjson, .json, .csv, .parquet or /, or give --format.`,
    );
  }
  const form = {
    format,
    compression: options.compress ?? (format === 'files' ? null : named.compression) ?? 'none',
    withId: options.id,
    withMetadata: options.metadata,
    formulaGuard: options.formulaGuard,
    split: splitOf(options),
  };
  if (file === STANDARD_OUTPUT && (format === 'files' || form.split !== null)) {
    throw new UsageError('Standard output takes one file. Name a file or folder for several.');
  }
  const reason = reasonAgainstForm(form);
  if (reason !== null) throw new UsageError(`${reason}. Choose another format.`);
  return form;
}

function splitOf({ splitBy, splitSize }: ExportOptions): ExportSplit | null {
  if (splitBy !== undefined && splitSize !== undefined) {
    throw new UsageError('--split-by and --split-size exclude each other. Leave one out.');
  }
  if (splitBy !== undefined) return { field: splitBy };
  return splitSize === undefined ? null : { bytes: parseSize(splitSize) };
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KIB: 1024,
  MIB: 1024 ** 2,
  GIB: 1024 ** 3,
};

/** `100MB`, `1.5 GiB`. */
function parseSize(text: string): number {
  const { number = '', unit = '' } = /^(?<number>\d+(?:\.\d+)?)\s*(?<unit>[KMG]i?B)?$/i.exec(text)?.groups ?? {};
  const bytes = Math.floor(Number(number) * (UNITS[unit.toUpperCase()] ?? 1));
  if (number !== '' && bytes >= 65_536 && Number.isSafeInteger(bytes)) return bytes;
  throw new UsageError(`--split-size takes a size from 64 KiB on, such as 100MB, not "${text}".`);
}
