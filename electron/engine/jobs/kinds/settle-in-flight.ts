import type { JobOutcome } from '../../../../shared/job.ts';
import { AppFailure, type AppError } from '../../../../shared/result.ts';
import { concurrentMap } from '../../records/batch/concurrent-map.ts';
import type { WriteIntent } from '../../records/write-intent.ts';
import { RequestMeter } from '../../s3/request-meter.ts';
import type { WriteTries } from '../in-flight.ts';
import type { JobConnection } from '../job-context.ts';
import type { OutcomeSink } from '../outcome-sink.ts';
import { sinkOf, type JobRun } from './job-run.ts';

/** Looks at once at writes that were in flight. */
const LOOKERS = 32;
/** Milliseconds that a cancelled job takes to find out what became of its writes. */
const PATIENCE_WHEN_CANCELLED = 10_000;

/**
 * Outcomes of the writes that earlier runs left in flight, in the journal when it resolves. Those that were not done stay
 * in flight, for the rest of the work: their requests may still be on their way. Answers their positions.
 */
export async function settleInFlight(
  { inFlight, connection, indexes, entry }: JobRun,
  sink: OutcomeSink,
  { signal, meter }: { readonly signal: AbortSignal; readonly meter: RequestMeter },
): Promise<ReadonlySet<number>> {
  const notDone = new Set<number>();
  if (inFlight.size === 0) return notDone;
  // The index did not hear of those that were done.
  indexes.distrust(entry.header.collection);
  const looks = concurrentMap(
    [...inFlight.values()],
    async (tries, _, stop) => ({
      index: tries[0].index,
      outcome: await outcomeInBucket(connection, tries, { signal: stop, meter }),
    }),
    { signal, tasks: () => LOOKERS, ordered: false, sizeOf: () => 0, sizeOfResult: () => 0 },
  );
  for await (const { index, outcome } of looks) {
    if (outcome === null) {
      notDone.add(index);
    } else {
      await sink.add(outcome);
      inFlight.delete(index);
    }
  }
  // What is not written yet counts as not finished.
  await sink.flush();
  return notDone;
}

/** Null where all is as it was before. */
export async function outcomeInBucket(
  connection: JobConnection,
  tries: WriteTries,
  call: { readonly signal: AbortSignal; readonly meter: RequestMeter },
): Promise<JobOutcome | null> {
  // A new object was to be, and then one that was found in its place was to be replaced.
  const intent = tries.find(({ expectation }) => 'etag' in expectation) ?? tries[0];
  const { settled, etag } = await connection.settle(tries, { ...call, lane: 'bulk' });
  if (settled === 'not-done') return null;
  // Another's object is where a new one was to be: the work says itself what that means.
  if (settled === 'changed' && tries.every(({ expectation }) => 'absent' in expectation)) return null;
  return settled === 'done' ? done(intent, etag) : failed(intent, overwritten(intent));
}

/**
 * The end of a cancelled job: what its writes in flight came to, as far as the server says it in time. Of the others it is
 * told that nobody knows.
 */
export async function settleCancelled(
  work: Omit<JobRun, 'connection'>,
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
    for (const [intent] of work.inFlight.values()) await sink.add(failed(intent, notKnown(intent, error.error)));
  } finally {
    await sink.flush();
  }
}

function done(intent: WriteIntent, etagAfter: string | null): JobOutcome {
  const { index, key } = intent;
  const created = 'absent' in intent.expectation ? { created: true as const } : {};
  return { index, key, outcome: 'done', etagBefore: etagOf(intent), etagAfter, ...created, error: null };
}

function failed(intent: WriteIntent, error: AppError): JobOutcome {
  const { index, key } = intent;
  const into = intent.after?.facts?.storageClass;
  const going = into === undefined ? {} : { into };
  return { index, key, outcome: 'failed', etagBefore: etagOf(intent), etagAfter: null, ...going, error };
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
