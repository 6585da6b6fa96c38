import { reasonAgainstRows, type ExportTask } from '../../../../shared/export.ts';
import { formatBytes } from '../../../../shared/byte-size.ts';
import type { SyncProgress } from '../../../../shared/page.ts';
import { AppFailure, type AppError } from '../../../../shared/result.ts';
import type { ExportCheckpoint, ExportStep, LargeObject, WantedObject } from '../../index/protocol.ts';
import { isOfOneRecord } from '../../records/batch/batch-failures.ts';
import { MAXIMUM_BODY_BYTES } from '../../records/read-record.ts';
import { RequestMeter } from '../../s3/request-meter.ts';
import { checkTarget, discardExport } from '../../transfer/export/publish.ts';
import { STOPPED } from '../stop-reasons.ts';
import type { KindOfJob } from './job-kind.ts';
import type { JobRun } from './job-run.ts';

/**
 * Records of the index as files of this machine. Nothing of S3 changes, and only objects that the index has not read are
 * asked for. The index process writes the files; between its steps the journal is told how far it is.
 */
export const EXPORT: KindOfJob<'export'> = {
  use: 'read',
  pauses: 'behind-records',
  retries: 'anew',
  undo: null,
  recordsOf: null,
  check: async (task) => {
    const reason = task.sql === undefined ? null : reasonAgainstRows(task.form);
    if (reason !== null) throw new AppFailure('invalid-arguments', `${reason}. Choose another format.`);
    await checkTarget(task);
  },
  run: exportRecords,
  discard: ({ entry }, { target }) => discardExport(target, entry.header.id),
};

async function exportRecords(run: JobRun, { query, sql, form, target }: ExportTask): Promise<boolean> {
  const { entry, journal, indexes, connection, signal } = run;
  const job = entry.header.id;
  const meter = new RequestMeter();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else is written into the journal of an export
  const checkpoint = run.checkpoint as ExportCheckpoint | null;
  if (!(await isRead(run))) return false;
  const spentBefore = entry.standing.requests;
  const opened = await indexes.beginExport(
    connection.source,
    { job, query, form, target, checkpoint, ...(sql === undefined ? {} : { sql }) },
    signal,
  );

  const tell = ({ position, done, bytes }: Pick<ExportStep, 'position' | 'done' | 'bytes'>): void => {
    const counts = { total: opened.total, done, unchanged: 0, failed: position - done };
    entry.progress({ counts, requests: spentBefore + meter.total, bytes });
  };

  try {
    let large: LargeObject | null = null;
    for (;;) {
      if (entry.state === 'pausing') return false;
      signal.throwIfAborted();
      const step: ExportStep = await opened.step(large);
      tell(step);
      await writeFailures(run, step, entry.standing.requests);
      if (step.checkpoint !== null) await journal.writeCheckpoint(step.checkpoint);
      if (step.isWhole) break;
      large = step.wanted === null ? null : await readLarge(run, step.wanted, meter);
    }
    await opened.publish();
    return true;
  } finally {
    await opened.close();
  }
}

/** Reads a collection that was never read whole: half of it is no export of it. False where a pause left it unread. */
async function isRead({ entry, indexes, connection, signal }: JobRun): Promise<boolean> {
  if (await indexes.isRead(connection.source)) return true;
  const pause = new AbortController();
  const { requests } = entry.standing;
  const onProgress = (progress: SyncProgress): void => {
    if (entry.state === 'pausing') pause.abort(STOPPED.pause);
    entry.progress({ ...entry.standing, requests: requests + progress.requests });
  };
  try {
    await indexes.sync(connection.source, onProgress, AbortSignal.any([signal, pause.signal]));
    return true;
  } catch (error) {
    if (pause.signal.aborted && !signal.aborted) return false;
    throw error;
  }
}

/** A record that an earlier run has told of is not told of again. */
async function writeFailures(
  { journal, finished }: JobRun,
  { failures, bytes }: ExportStep,
  requests: number,
): Promise<void> {
  const news = failures.filter(({ index }) => !finished.has(index));
  if (news.length === 0) return;
  for (const { index } of news) finished.add(index);
  await journal.writeOutcomes({
    requests,
    bytes,
    outcomes: news.map(({ index, key, etag, error }) => ({
      index,
      key,
      outcome: 'failed',
      etagBefore: etag,
      etagAfter: null,
      error,
    })),
  });
}

async function readLarge(
  { connection, signal }: JobRun,
  { key, size }: WantedObject,
  meter: RequestMeter,
): Promise<LargeObject> {
  const { client, source } = connection;
  if (size > MAXIMUM_BODY_BYTES) return without(tooLarge(size));
  try {
    const { head, body } = await client.getObject(source.bucket, key, { lane: 'bulk', signal, meter });
    return { bytes: body, contentEncoding: head.contentEncoding, error: null };
  } catch (error) {
    if (!(error instanceof AppFailure) || !isOfOneRecord(error.error)) throw error;
    return without(error.error);
  }
}

function without(error: AppError): LargeObject {
  return { bytes: new Uint8Array(), contentEncoding: null, error };
}

function tooLarge(size: number): AppError {
  return {
    code: 'record-too-large',
    message: `The object has ${formatBytes(size)}; objects above ${formatBytes(MAXIMUM_BODY_BYTES)} are not part of an export. Download it by itself.`,
    retryable: false,
  };
}
