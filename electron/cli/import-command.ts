import { resolve } from 'node:path';
import { STORAGE_CLASSES } from '../../shared/storage-classes.ts';
import {
  IMPORT_FORMATS,
  IMPORT_TYPES,
  ON_CONFLICT,
  TEMPLATE_PARTS,
  type GivenReading,
  type ImportField,
  type ImportFormat,
  type ImportInspection,
  type ImportSettings,
  type ImportSource,
  type ImportType,
  type OnConflict,
} from '../../shared/import.ts';
import type { StorageRule } from '../../shared/storage-rules.ts';
import { MAXIMUM_TAGS } from '../../shared/tag-limits.ts';
import type { ExitCode } from './exit-code.ts';
import { runJob } from './follow-job.ts';
import { addServerOptions } from './global-options.ts';
import { addUndoOption, undoableOf, type UndoOptions } from './kept-for-undo.ts';
import { showForecast } from './import-forecast.ts';
import { STANDARD_INPUT, withInput } from './standard-input.ts';
import { parseS3Url } from './s3-url.ts';
import { orStopped, withCollection, type CommandContext, type OpenCollection } from './session.ts';
import { storageRuleOf } from './storage-rule.ts';
import { UsageError } from './usage-error.ts';
import { choiceOption, describeVerb, gather, URL_ARGUMENT, type AddVerb } from './verb.ts';

interface ImportOptions extends UndoOptions {
  readonly format?: ImportFormat;
  readonly key?: string;
  readonly tags?: readonly string[];
  readonly storageClass?: string;
  readonly storageClassRule: readonly StorageRule[];
  readonly onConflict?: OnConflict;
  readonly dryRun?: boolean;
  readonly errors?: string;
  readonly fields?: readonly string[];
  readonly type: readonly string[];
  readonly delimiter?: string;
  readonly encoding?: string;
  readonly header?: boolean;
  readonly stopAfter?: number;
  readonly yes?: boolean;
}

export const addImportCommand: AddVerb = (program, run) => {
  const command = program
    .command('import')
    .argument('<file>', 'a file, a folder of JSON files, s3://bucket/key of an object, or - for standard input')
    .argument('<url...>', `${URL_ARGUMENT[1]}; further files of the same shape stand before it`)
    .addOption(choiceOption('--format <format>', 'how the file is written; without it found', IMPORT_FORMATS))
    .option('--key <template>', 'id of each record, such as {date:created:yyyy/MM}/{id}; without it {id}', keyTemplate)
    .option('--tags <fields>', 'fields whose values become tags, such as author,state', tagNames)
    .addOption(
      choiceOption(
        '--storage-class <class>',
        'storage class of the objects',
        STORAGE_CLASSES.map(({ name }) => name),
      ),
    )
    .option(
      '--storage-class-rule <rule>',
      'class of what conditions are true of, such as \'GLACIER_IR if status = "closed"\'; can be given again, the first counts',
      (text: string, before: readonly StorageRule[]) => [...before, storageRuleOf(text)],
      [],
    )
    .addOption(choiceOption('--on-conflict <what>', 'where a record is there already; without it fail', ON_CONFLICT))
    .option('--dry-run', 'say what would be done, and write nothing')
    .option('--errors <file>', 'where rows that fail are written, with the reason, to be mended and imported')
    .option('--stop-after <count>', 'stop once so many rows have failed', positive)
    .option('--fields <fields>', 'only these fields, such as id,name,city=address.city', names)
    .option('--type <field=type>', `type of a field: ${IMPORT_TYPES.join(', ')}; can be given again`, gather, [])
    .option('--delimiter <character>', 'of CSV; without it found')
    .option('--encoding <name>', 'of the text, such as windows-1252; without it found')
    .option('--yes', 'import also beyond the budget of the connection, however much is kept for an undo')
    .option('--header', 'the first row of CSV is a row of names; without it found')
    .option('--no-header', 'the first row of CSV is no row of names');
  addUndoOption(command).action((file: string, others: readonly string[], options: ImportOptions, self) =>
    run(self, (context) => importFiles(context, [file, ...others.slice(0, -1)], others.at(-1) ?? '', options)),
  );
  addServerOptions(command);
  describeVerb(command, {
    summary: 'import the rows of a file as records: CSV, NDJSON, JSON, Parquet, also gzip or zstd',
    details:
      'Each row becomes an object. It is a job: Ctrl-C pauses it, "dipper jobs" shows it, and nothing is done twice when it goes on. Bad rows do not stop the others.',
    examples: [
      `printf 'id,name\\n1,Ann\\n2,Ben\\n' > people.csv &&\n  dipper import people.csv s3://samples/people/ --connection Sandbox --codec plain`,
      `printf '{"id": 3, "name": "Cleo"}\\n' > more.ndjson &&\n  dipper import more.ndjson s3://samples/people/ --connection Sandbox --codec plain --on-conflict merge --dry-run`,
    ],
    json: 'the job at its end: {"id", "state", "counts": {"total", "done", "unchanged", "failed"}, …}; with --dry-run {"rows", "counts": {"new", "changed", "same", "kept", "conflict", "invalid"}, "examples", "requests", …}',
  });
};

async function importFiles(
  context: CommandContext,
  files: readonly string[],
  url: string,
  options: ImportOptions,
): Promise<ExitCode> {
  if (files.length === 1 && files[0] === STANDARD_INPUT) {
    return await withCollection(context, url, (open) =>
      withInput(context, open, (source) => importSource(context, open, source, options)),
    );
  }
  const source = sourceOf(files);
  return await withCollection(context, url, (open) => importSource(context, open, source, options));
}

async function importSource(
  context: CommandContext,
  open: OpenCollection,
  source: ImportSource,
  options: ImportOptions,
): Promise<ExitCode> {
  const types = new Map(options.type.map(typeOf));
  const badRows = options.errors === undefined ? null : { path: resolve(options.errors) };
  const { caller, signal } = open;
  const { into, found } = await inspect(open, source, readingOf(options));
  const { collection } = into;
  for (const note of found.notes) context.messages.note(note);
  const settings = settingsOf(found.settings, options, types);
  if (options.dryRun === true) {
    const forecasting = caller.call('import:forecast', { collection, source, settings }, signal);
    return await showForecast(context, await orStopped(forecasting, signal, 'Nothing was written.'));
  }
  const code = await runJob(
    context,
    into,
    { kind: 'import', collection, source, settings, badRows, ...undoableOf(options) },
    options.yes === true ? 'anything' : 'within-budget',
  );
  if (code === 3 && options.errors !== undefined) {
    context.messages.note(`The rows that failed are in ${options.errors}: mend them there and import that file.`);
  }
  return code;
}

/** An export says what its records were: a place that is empty becomes that. */
async function inspect(
  open: OpenCollection,
  source: ImportSource,
  reading: GivenReading,
): Promise<{ readonly into: OpenCollection; readonly found: ImportInspection }> {
  const look = ({ caller, collection, signal }: OpenCollection): Promise<ImportInspection> =>
    orStopped(caller.call('import:inspect', { collection, source, reading }, signal), signal, 'Nothing was imported.');
  const found = await look(open);
  if (found.exportedFrom === null) return { into: open, found };
  const into = await open.assuming(
    found.exportedFrom,
    `It was exported from ${found.exportedFrom} records, so that is what it becomes; --codec says otherwise.`,
  );
  return { into, found: into === open ? found : await look(into) };
}

function sourceOf([file = '', ...more]: readonly string[]): ImportSource {
  const odd =
    more.length === 0 ? undefined : [file, ...more].find((name) => name.startsWith('s3://') || name === STANDARD_INPUT);
  if (odd !== undefined)
    throw new UsageError(`"${odd}" is an import of its own. Several files are files of this machine.`);
  if (!file.startsWith('s3://')) return { path: resolve(file), more: more.map((name) => resolve(name)) };
  const { bucket, prefix: key } = parseS3Url(file);
  if (key === '') throw new UsageError(`"${file}" names a bucket. Name an object in it: s3://bucket/key.`);
  return { object: { bucket, key } };
}

function readingOf({ format, encoding, delimiter, header }: ImportOptions): GivenReading {
  const character = delimiter === '\\t' ? '\t' : delimiter;
  if (character?.length === 0) throw new UsageError('--delimiter is empty. Give one character, such as ";" or "\\t".');
  return {
    ...(format === undefined ? {} : { format }),
    ...(encoding === undefined ? {} : { encoding }),
    csv: { ...(character === undefined ? {} : { delimiter: character }), ...(header === undefined ? {} : { header }) },
  };
}

function settingsOf(
  found: ImportSettings,
  options: ImportOptions,
  types: ReadonlyMap<string, ImportType>,
): ImportSettings {
  const fields = fieldsOf(found.fields, options.fields, types);
  return {
    ...found,
    fields,
    key: options.key ?? found.key,
    tags: checkedTags(options.tags ?? found.tags, fields, found.reading),
    ...(options.storageClassRule.length === 0 ? {} : { storageRules: options.storageClassRule }),
    storageClass: options.storageClass ?? found.storageClass,
    onConflict: options.onConflict ?? found.onConflict,
    stopAfter: options.stopAfter ?? found.stopAfter,
  };
}

function fieldsOf(
  found: ImportSettings['fields'],
  wanted: readonly string[] | undefined,
  types: ReadonlyMap<string, ImportType>,
): ImportSettings['fields'] {
  const foundType = (source: string): ImportType => found?.find((field) => field.source === source)?.type ?? 'auto';
  const chosen: readonly ImportField[] | null =
    wanted?.map((text) => {
      const cut = text.indexOf('=');
      const source = cut < 0 ? text : text.slice(0, cut);
      const path = cut < 0 ? [text] : text.slice(cut + 1).split('.');
      if (found !== null && !found.some((field) => field.source === source)) throw noSuchField(source, found);
      return { source, path, type: foundType(source) };
    }) ?? found;
  if (types.size === 0) return chosen;
  if (chosen === null) throw new UsageError('--type needs --fields here: name all fields that are to be imported.');
  const unknown = [...types.keys()].find((name) => !chosen.some(({ source }) => source === name));
  if (unknown !== undefined) throw noSuchField(unknown, chosen);
  return chosen.map((field) => ({ ...field, type: types.get(field.source) ?? field.type }));
}

/** JSON may have further fields in later rows; all else says at once which there are. */
function checkedTags(
  tags: readonly string[],
  fields: ImportSettings['fields'],
  { format }: ImportSettings['reading'],
): readonly string[] {
  if (fields === null || (format !== 'csv' && format !== 'parquet')) return tags;
  const unknown = tags.find((tag) => !fields.some(({ path }) => path.length === 1 && path[0] === tag));
  if (unknown !== undefined) throw noSuchField(unknown, fields);
  return tags;
}

function noSuchField(name: string, fields: readonly ImportField[]): UsageError {
  return new UsageError(`There is no field "${name}". There is: ${fields.map(({ source }) => source).join(', ')}.`);
}

function typeOf(text: string): readonly [string, ImportType] {
  const cut = text.lastIndexOf('=');
  const type = IMPORT_TYPES.find((name) => name === text.slice(cut + 1));
  if (cut < 1 || type === undefined) {
    throw new UsageError(
      `"${text}" is no field and type. Write it like zip=string; types are ${IMPORT_TYPES.join(', ')}.`,
    );
  }
  return [text.slice(0, cut), type];
}

function names(text: string): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function keyTemplate(text: string): string {
  if (text.trim() === '') throw new UsageError(`--key is empty. Name what tells records apart: ${TEMPLATE_PARTS}.`);
  return text;
}

function tagNames(text: string): readonly string[] {
  const found = names(text);
  if (found.length > MAXIMUM_TAGS)
    throw new UsageError(`--tags names ${found.length} fields; S3 allows ${MAXIMUM_TAGS} tags an object.`);
  return found;
}

function positive(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new UsageError(`"${text}" is no number of rows.`);
  return count;
}
