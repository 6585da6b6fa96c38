import type { BadRowsPlace } from '../../../../shared/import.ts';
import { AppFailure } from '../../../../shared/result.ts';
import { RequestMeter } from '../../s3/request-meter.ts';
import { markCollection } from '../../s3/request-purpose.ts';
import { importMany } from '../../transfer/import/import-many.ts';
import { leaveSource, openSource, type SourceFile } from '../../transfer/import/source-file.ts';
import { importPlace, type PreparedRow } from '../../transfer/import/reading/prepare-rows.ts';
import type { BatchOutcome } from '../../records/record-batches.ts';
import type { WorkOf } from '../journal/journal.ts';
import { readOutcomes } from '../journal/scan-journal.ts';
import type { KindOfJob } from './job-kind.ts';
import type { JobRun } from './job-run.ts';
import { tellIndex, writeItems } from './write-records.ts';

/** What a run leaves for the next one: the source as it was. */
interface ImportCheckpoint {
  readonly identity: string;
}

/**
 * Writes each row of a source as a record. There is no list of them: each run reads the source from its start and passes
 * over what has an outcome, so the source has to be the same. Ids and times that a row is given follow from the job's id and
 * start and from the row's position, so that a row that is written again is the same record with the same bytes.
 */
export const IMPORT: KindOfJob<'import'> = {
  use: 'write',
  pauses: 'behind-records',
  retries: 'never',
  undo: 'writes',
  recordsOf: null,
  run: async (run, work) => {
    const { connection, signal, entry } = run;
    markCollection(signal, entry.header.collection);
    const meter = new RequestMeter();
    const file = await openSource(
      work.source,
      { client: connection.client, folder: connection.sourceFolder },
      { signal, meter, lane: 'bulk' },
    );
    await holdIdentity(run, file);
    const isWhole = await writeRows(run, work, file);
    if (isWhole) {
      if (work.badRows !== null) await keepBadRows(run, work, file, badRowsPath(run, work.badRows));
      await leaveSource(work.source, file);
    }
    return isWhole;
  },
};

async function holdIdentity({ journal, checkpoint }: JobRun, { identity, path }: SourceFile): Promise<void> {
  if (checkpoint === null) {
    await journal.writeCheckpoint({ identity } satisfies ImportCheckpoint);
    return;
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else writes checkpoints of an import
  if ((checkpoint as ImportCheckpoint).identity === identity) return;
  throw new AppFailure(
    'invalid-arguments',
    `${path} is not what it was when this import began, so nobody can say which of its rows are done. Put it back as it was and resume the job, or cancel it and import the new one.`,
  );
}

async function writeRows(run: JobRun, { settings }: WorkOf<'import'>, file: SourceFile): Promise<boolean> {
  const { entry, connection, finished, signal } = run;
  const { target, client, readers } = connection;
  const { collection } = target;
  const { id, createdAt } = entry.header;
  const source = {
    path: file.path,
    settings,
    place: importPlace(collection),
    minting: { job: id, startedAt: createdAt },
    from: finished.firstMissing(),
  };
  let read = 0;
  async function* rows(): AsyncGenerator<PreparedRow & { readonly etag: null }, void, undefined> {
    for await (const row of readers.rows(source, signal)) {
      read = row.index + 1;
      yield { ...row, etag: null };
    }
    entry.progress({ ...entry.standing, counts: { ...entry.standing.counts, total: read } });
  }
  const writing = { client, collection, settings, sourceModifiedAt: file.modifiedAt, now: new Date(createdAt) };
  return writeItems(
    run,
    rows(),
    (items, options) => upToFailures(importMany(items, writing, options), settings.stopAfter, file.path),
    // What was kept may not have been looked at.
    async (work, changes, outcome) => {
      if (outcome.outcome !== 'unchanged') await tellIndex(work, changes, outcome);
    },
  );
}

/** Stops once so many rows have failed in this run: whoever resumes the job has looked at those before. */
async function* upToFailures(
  outcomes: AsyncIterable<BatchOutcome>,
  most: number | null,
  path: string,
): AsyncGenerator<BatchOutcome, void, undefined> {
  let failed = 0;
  for await (const outcome of outcomes) {
    yield outcome;
    if (outcome.outcome !== 'failed') continue;
    failed += 1;
    if (most === null || failed < most) continue;
    throw new AppFailure(
      'invalid-record',
      `${failed === 1 ? 'A row' : `${failed} rows`} of ${path} failed, and the import was to stop then. Look at them in the job's report; resume the job to go on with the others, or cancel it.`,
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
  for (let from: number | null = 0; from !== null;) {
    const page: Awaited<ReturnType<typeof readOutcomes>> = await readOutcomes(journal.file, from, true, 1_000);
    for (const { index, key, error } of page.outcomes) {
      // Without a key it was the row itself that was bad.
      failed.set(index, key === '' || failed.size > MOST_REASONS ? '' : (error?.message ?? ''));
    }
    from = page.next;
  }
  const { id, createdAt } = entry.header;
  const minting = { job: id, startedAt: createdAt };
  const place = importPlace(connection.target.collection);
  await connection.readers.writeBadRows({ path: file.path, settings, place, minting, target, failed }, signal);
}
