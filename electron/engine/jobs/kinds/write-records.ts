import { setMaxListeners } from 'node:events';
import type { JobOutcome } from '../../../../shared/job.ts';
import { AppFailure, type AppError } from '../../../../shared/result.ts';
import type { Indexes } from '../../index/collection-index.ts';
import type { BatchOptions, BatchOutcome } from '../../records/record-batches.ts';
import type { WriteIntent } from '../../records/write-intent.ts';
import type { CallOptions } from '../../s3/s3-client.ts';
import { RequestMeter } from '../../s3/request-meter.ts';
import { markCollection } from '../../s3/request-purpose.ts';
import { IndexChanges } from '../index-changes.ts';
import type { IndexSet } from '../index-set.ts';
import type { JobConnection } from '../job-context.ts';
import type { JobEntry } from '../job-entry.ts';
import type { Journal, JobRecord } from '../journal/journal.ts';
import { STOPPED } from '../stop-reasons.ts';
import { OutcomeSink } from '../outcome-sink.ts';

/** Looks at once at writes that were in flight. */
const SETTLERS = 32;
/** Milliseconds that a cancelled job takes to find out what became of its writes. */
const PATIENCE_WHEN_CANCELLED = 10_000;

/** One stretch of work of a job that writes records: from its start, or from where it stopped. */
export interface RecordsWork {
  readonly entry: JobEntry;
  readonly journal: Journal;
  readonly finished: IndexSet;
  /** Writes without an outcome, by the position of their record in the job. */
  readonly inFlight: Map<number, WriteIntent>;
  readonly connection: JobConnection;
  readonly indexes: Indexes;
  readonly signal: AbortSignal;
}

export type WriteBatch = (
  records: AsyncGenerator<JobRecord, void, undefined>,
  options: BatchOptions,
) => AsyncIterable<BatchOutcome>;

/**
 * Settles what was in flight, then does the rest. Answers false where a pause left records undone. Throws what stopped
 * the work; what is known by then is in the journal.
 */
export async function writeRecords(work: RecordsWork, writeBatch: WriteBatch): Promise<boolean> {
  const { entry, journal, signal } = work;
  markCollection(signal, entry.header.collection);
  // Every request under way listens to it; Node warns of more than ten.
  setMaxListeners(0, signal);
  const meter = new RequestMeter();
  const sink = sinkOf(work, meter);
  const changes = new IndexChanges(work.indexes, work.connection.source);
  /** By their position in the batch: the records that are under way. */
  const underWay = new Map<number, JobRecord & { readonly index: number }>();
  let isWhole = false;

  async function* rest(): AsyncGenerator<JobRecord, void, undefined> {
    let next = 0;
    for await (const record of journal.records(entry.standing.recordsEnd ?? 0)) {
      if (entry.state !== 'running') return;
      if (work.finished.has(record.index)) continue;
      underWay.set(next, record);
      next += 1;
      yield { key: record.key, etag: record.etag };
    }
    isWhole = true;
  }

  const intend = async (intents: readonly WriteIntent[]): Promise<void> => {
    const placed = intents.map((intent) => ({ ...intent, index: underWay.get(intent.index)?.index ?? intent.index }));
    await journal.writeIntents(placed);
    for (const intent of placed) work.inFlight.set(intent.index, { ...intent, before: null });
  };

  try {
    await settleInFlight(work, sink, { signal, meter });
    const { tasks } = work.connection;
    const options = { signal, meter, witness: { intend }, ...(tasks === null ? {} : { tasks }) };
    for await (const outcome of writeBatch(rest(), options)) {
      const record = underWay.get(outcome.index);
      if (record === undefined) throw new Error(`Record ${outcome.index} of the batch has two outcomes.`);
      underWay.delete(outcome.index);
      work.inFlight.delete(record.index);
      await sink.add(outcomeOf(outcome, record));
      await tellIndex(work, changes, outcome);
    }
    return isWhole;
  } finally {
    try {
      await sink.flush();
    } finally {
      // The next start distrusts the index anyway.
      if (signal.reason !== STOPPED.quit) await changes.flush();
    }
  }
}

/**
 * The end of a cancelled job: what its writes in flight came to, as far as the server says it in time. Of the others it is
 * told that nobody knows.
 */
export async function settleCancelled(
  work: Omit<RecordsWork, 'connection'>,
  connect: () => Promise<JobConnection>,
): Promise<void> {
  if (work.inFlight.size === 0) return;
  const patience = AbortSignal.any([AbortSignal.timeout(PATIENCE_WHEN_CANCELLED), work.signal]);
  const meter = new RequestMeter();
  const sink = sinkOf(work, meter);
  try {
    await settleInFlight({ ...work, connection: await connect() }, sink, { signal: patience, meter });
  } catch (error) {
    if (work.signal.aborted || !(error instanceof AppFailure)) throw error;
    for (const intent of work.inFlight.values()) await sink.add(failed(intent, notKnown(intent, error.error)));
    work.inFlight.clear();
  } finally {
    await sink.flush();
  }
}

function sinkOf({ entry, journal, finished }: Omit<RecordsWork, 'connection'>, meter: RequestMeter): OutcomeSink {
  const { requests, bytes } = entry.standing;
  const spent = (): { requests: number; bytes: number } => ({
    requests: requests + meter.total,
    bytes: bytes + meter.bytes,
  });
  return new OutcomeSink({
    journal,
    spent,
    onWritten: (outcomes) => {
      const counts = { ...entry.standing.counts };
      for (const { index, outcome } of outcomes) {
        finished.add(index);
        counts[outcome] += 1;
      }
      entry.progress({ counts, ...spent() });
    },
  });
}

/** Those that were not done stay for the rest of the work; the others have their outcome. */
async function settleInFlight(
  { inFlight, connection, indexes, entry }: RecordsWork,
  sink: OutcomeSink,
  call: CallOptions,
): Promise<void> {
  if (inFlight.size === 0) return;
  // The index did not hear of those that were done.
  indexes.distrust(entry.header.collection);
  const line = inFlight.values();
  const settleNext = async (): Promise<void> => {
    for (const intent of line) {
      const { settled, etag } = await connection.settle(intent, { ...call, lane: 'bulk' });
      if (settled === 'done') await sink.add(done(intent, etag));
      else if (settled === 'changed') await sink.add(failed(intent, overwritten(intent)));
      inFlight.delete(intent.index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(SETTLERS, inFlight.size) }, settleNext));
}

async function tellIndex({ entry, indexes }: RecordsWork, changes: IndexChanges, outcome: BatchOutcome): Promise<void> {
  if (outcome.written !== null) await changes.write(outcome.written);
  else if (outcome.outcome === 'failed') indexes.distrust(entry.header.collection);
  else if (entry.header.work.kind === 'delete') await changes.delete(outcome.key);
}

function outcomeOf(
  { key, outcome, etagBefore, etagAfter, error }: BatchOutcome,
  { index, etag }: JobRecord & { readonly index: number },
): JobOutcome {
  return { index, key, outcome, etagBefore: etagBefore ?? etag, etagAfter, error };
}

function done(intent: WriteIntent, etagAfter: string | null): JobOutcome {
  const { index, key } = intent;
  return { index, key, outcome: 'done', etagBefore: etagOf(intent), etagAfter, error: null };
}

function failed(intent: WriteIntent, error: AppError): JobOutcome {
  const { index, key } = intent;
  return { index, key, outcome: 'failed', etagBefore: etagOf(intent), etagAfter: null, error };
}

function etagOf({ expectation }: WriteIntent): string | null {
  return 'etag' in expectation ? expectation.etag : null;
}

function overwritten({ bucket, key }: WriteIntent): AppError {
  return {
    code: 'record-changed',
    message: `Object ${JSON.stringify(key)} in bucket "${bucket}" is neither as it was before nor as this job was to leave it: someone else wrote it meanwhile. Look at it, then try again.`,
    retryable: false,
    detail: { bucket, key },
  };
}

function notKnown({ bucket, key }: WriteIntent, why: AppError): AppError {
  return {
    code: 'aborted',
    message: `The job was cancelled while object ${JSON.stringify(key)} in bucket "${bucket}" was being written. Whether that took place is not known: ${why.message}`,
    retryable: true,
    detail: { bucket, key },
  };
}
