import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BadRowsPlace, ImportSettings } from '../../../../shared/import.ts';
import type { JobOutcome } from '../../../../shared/job.ts';
import { AppFailure } from '../../../../shared/result.ts';
import { localFileFailure } from '../../local-file-failure.ts';
import { RequestMeter } from '../../s3/request-meter.ts';
import { markCollection } from '../../s3/request-purpose.ts';
import { importMany } from '../../transfer/import/import-many.ts';
import { leaveSource, openSource, type SourceFile } from '../../transfer/import/source-file.ts';
import { parseKeyTemplate } from '../../transfer/import/reading/row-key.ts';
import { importPlace, type PreparedRow } from '../../transfer/import/reading/prepare-rows.ts';
import { createClassRules } from '../../records/class-rules.ts';
import type { BatchOutcome } from '../../records/record-batches.ts';
import type { WorkOf } from '../journal/journal.ts';
import type { ReadableJournal } from '../journal/journal-file.ts';
import { readOutcomes, scanJournal } from '../journal/scan-journal.ts';
import { keepsReplaced, SENT_TO_UNDO, type KindOfJob } from './job-kind.ts';
import type { JobRun } from './job-run.ts';
import { tellIndex, writeItems } from './write-records.ts';

/** What the first run leaves for the next one. */
interface ImportCheckpoint {
  /** Of the source as it was. */
  readonly identity: string;
  /** Positions of the rows that the job is about; null for all. */
  readonly only: readonly number[] | null;
}

/**
 * Writes each row of a source as a record. There is no list of them: each run reads the source from its start and passes
 * over what has an outcome, so the source has to be the same. Ids and times that a row is given follow from the job's id and
 * start and from the row's position, so that a row that is written again is the same record with the same bytes.
 */
export const IMPORT: KindOfJob<'import'> = {
  use: 'write',
  pauses: 'behind-records',
  retries: 'failed-rows',
  undo: 'writes',
  recordsOf: null,
  // What is there already takes more.
  sends: ({ records: count }) => [{ operation: 'PutObject', count, exact: false, into: null }],
  undoSends: [SENT_TO_UNDO.look, SENT_TO_UNDO.read, SENT_TO_UNDO.write, SENT_TO_UNDO.deleteCreated],
  keeps: keepsReplaced,
  check: async ({ source, settings, badRows }) => {
    parseKeyTemplate(settings.key, settings.reading.format, { job: '', startedAt: 0 });
    createClassRules(settings.storageRules ?? [], 0);
    const target = badRows === null || badRows === 'with-job' ? null : badRows.path;
    if (target !== null && 'path' in source && [source.path, ...(source.more ?? [])].includes(target)) {
      throw new AppFailure(
        'invalid-arguments',
        `${target} is what is imported: rows that fail would take its place. Name another file for them.`,
      );
    }
    if (target !== null) await checkWritable(target);
  },
  run: async (run, work) => {
    const { connection, signal, entry } = run;
    markCollection(signal, entry.header.collection);
    const meter = new RequestMeter();
    const file = await openSource(
      work.source,
      { client: connection.client, folder: connection.sourceFolder },
      { signal, meter, lane: 'bulk' },
    );
    const { identity, only } = await checkpointOf(run, file);
    if (identity !== file.identity) throw changedSource(file);
    const isWhole = await writeRows(run, work, file, only === null ? null : new Set(only));
    if (isWhole) {
      if (work.badRows !== null) await keepBadRows(run, work, file, badRowsPath(run, work.badRows));
      await leaveSource(work.source, file);
    }
    return isWhole;
  },
};

/** Said before rows are written rather than behind them, when no other file can be named any more. */
async function checkWritable(target: string): Promise<void> {
  try {
    await access(dirname(target), constants.W_OK);
  } catch (error) {
    throw localFileFailure(target, 'written', error);
  }
  const there = await stat(target).catch(() => null);
  if (there?.isDirectory() !== true) return;
  throw new AppFailure('invalid-arguments', `${target} cannot be written: it is a folder. Choose another one.`);
}

async function checkpointOf(run: JobRun, { identity }: SourceFile): Promise<ImportCheckpoint> {
  const { journal, checkpoint, entry } = run;
  if (checkpoint !== null) return asCheckpoint(checkpoint);
  const { retries } = entry.header;
  const first = retries === undefined ? { identity, only: null } : await failedRows(run, retries);
  await journal.writeCheckpoint(first);
  return first;
}

/** The rows that failed in another import of the same source. */
async function failedRows({ journals }: JobRun, job: string): Promise<ImportCheckpoint> {
  return journals.read(job, async (file) => {
    const { checkpoint } = await scanJournal(file);
    const only: number[] = [];
    for await (const { index } of failures(file)) only.push(index);
    return { identity: checkpoint === null ? '' : asCheckpoint(checkpoint).identity, only };
  });
}

async function* failures(file: ReadableJournal): AsyncGenerator<JobOutcome, void, undefined> {
  for (let from: number | null = 0; from !== null;) {
    const page: Awaited<ReturnType<typeof readOutcomes>> = await readOutcomes(file, from, true, 1_000);
    yield* page.outcomes;
    from = page.next;
  }
}

function asCheckpoint(checkpoint: unknown): ImportCheckpoint {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else writes checkpoints of an import
  return checkpoint as ImportCheckpoint;
}

function changedSource({ name }: SourceFile): AppFailure {
  return new AppFailure(
    'invalid-arguments',
    `${name} is not what it was when this import began, so nobody can say which of its rows are done. Put it back as it was and resume the job, or cancel it and import the new one.`,
  );
}

async function writeRows(
  run: JobRun,
  { settings }: WorkOf<'import'>,
  file: SourceFile,
  only: ReadonlySet<number> | null,
): Promise<boolean> {
  const { entry, connection, finished, signal } = run;
  const { target, client, readers } = connection;
  const { collection } = target;
  const { id, createdAt } = entry.header;
  const source = {
    path: file.path,
    more: file.more,
    settings,
    place: importPlace(collection),
    minting: { job: id, startedAt: createdAt },
    from: finished.firstMissing(),
  };
  if (only === null && entry.standing.counts.total === null && file.size <= MOST_COUNTED) {
    // Whatever is wrong with the file, the reading of its rows says it.
    tellTotal(run, settings, file).catch(() => undefined);
  }
  let read = source.from;
  async function* rows(): AsyncGenerator<PreparedRow & { readonly etag: null }, void, undefined> {
    for await (const row of readers.rows(source, signal)) {
      read = row.index + 1;
      if (only === null || only.has(row.index)) yield { etag: null, ...row };
    }
    const total = only?.size ?? read;
    entry.progress({ ...entry.standing, counts: { ...entry.standing.counts, total } });
  }
  const writing = { client, collection, settings, sourceModifiedAt: file.modifiedAt, now: new Date(createdAt) };
  return writeItems(
    run,
    rows(),
    (items, options) => upToFailures(importMany(items, writing, options), settings.stopAfter, file.name),
    // What was kept may not have been looked at.
    async (work, changes, outcome) => {
      if (outcome.outcome !== 'unchanged') await tellIndex(work, changes, outcome);
    },
  );
}

/** Bytes of a source whose rows are counted beside their writing; of a larger one the total is known at its end. */
const MOST_COUNTED = 256 * 1024 * 1024;

async function tellTotal(run: JobRun, { reading }: ImportSettings, file: SourceFile): Promise<void> {
  const { entry, connection, signal } = run;
  const total = await connection.readers.count(file, reading, signal);
  const { standing } = entry;
  if (entry.state === 'running') entry.progress({ ...standing, counts: { ...standing.counts, total } });
}

/** Stops once so many rows have failed in this run: whoever resumes the job has looked at those before. */
async function* upToFailures(
  outcomes: AsyncIterable<BatchOutcome>,
  most: number | null,
  name: string,
): AsyncGenerator<BatchOutcome, void, undefined> {
  let failed = 0;
  for await (const outcome of outcomes) {
    yield outcome;
    if (outcome.outcome !== 'failed') continue;
    failed += 1;
    if (most === null || failed < most) continue;
    throw new AppFailure(
      'invalid-record',
      `${failed === 1 ? 'A row' : `${failed} rows`} of ${name} failed, and the import was to stop then. Look at them in the job's report; resume the job to go on with the others, or cancel it.`,
    );
  }
}

function badRowsPath({ journals, entry }: JobRun, place: BadRowsPlace): string {
  return place === 'with-job' ? journals.badRowsPath(entry.header.id) : place.path;
}

/** Reasons of failed rows that are kept in memory; of more, the row itself says what it can. */
const MOST_REASONS = 100_000;

async function keepBadRows(
  run: JobRun,
  { settings }: WorkOf<'import'>,
  file: SourceFile,
  target: string,
): Promise<void> {
  const { entry, journal, connection, signal } = run;
  if (entry.standing.counts.failed === 0) return;
  const failed = new Map<number, string>();
  for await (const { index, key, error } of failures(journal.file)) {
    // Without a key it was the row itself that was bad.
    failed.set(index, key === '' || failed.size > MOST_REASONS ? '' : (error?.message ?? ''));
  }
  const { id, createdAt } = entry.header;
  const minting = { job: id, startedAt: createdAt };
  const place = importPlace(connection.target.collection);
  const { path, more } = file;
  await connection.readers.writeBadRows({ path, more, settings, place, minting, target, failed }, signal);
}
