import { setMaxListeners } from 'node:events';
import type { JobOutcome } from '../../../../shared/job.ts';
import { AppFailure } from '../../../../shared/result.ts';
import { isTrouble } from '../../records/batch/batch-failures.ts';
import type { BatchOptions, BatchOutcome } from '../../records/record-batches.ts';
import type { WriteIntent } from '../../records/write-intent.ts';
import { RequestMeter } from '../../s3/request-meter.ts';
import { markCollection } from '../../s3/request-purpose.ts';
import { IndexChanges } from '../index-changes.ts';
import { addInFlight } from '../in-flight.ts';
import type { JobRecord } from '../journal/journal.ts';
import { STOPPED } from '../stop-reasons.ts';
import { sinkOf, type RecordsWork } from './records-work.ts';
import { outcomeInBucket, settleInFlight } from './settle-in-flight.ts';

export type WriteBatch = (
  records: AsyncGenerator<JobRecord, void, undefined>,
  options: BatchOptions,
) => AsyncIterable<BatchOutcome>;

/**
 * Settles what was in flight, then does the rest. A write of which nobody knows what became stays in flight, and stops the
 * job once the rest is done: the next run looks at it first. Answers false where a pause left records undone. Throws what stopped
 * the work; what is known by then is in the journal, and records that met the trouble that stopped it are left to do.
 */
export async function writeRecords(work: RecordsWork, writeBatch: WriteBatch): Promise<boolean> {
  const { entry, journal, inFlight, connection, signal } = work;
  markCollection(signal, entry.header.collection);
  // Every request under way listens to it; Node warns of more than ten.
  setMaxListeners(0, signal);
  const meter = new RequestMeter();
  const sink = sinkOf(work, meter);
  const changes = new IndexChanges(work.indexes, connection.source);
  /** By their position in the batch: the records that are under way. */
  const underWay = new Map<number, JobRecord & { readonly index: number }>();
  /** Failures in a row that met trouble: those of the job where it ends with them, of the records where others get through. */
  const inTrouble: JobOutcome[] = [];
  let inDoubt = 0;
  let firstInDoubt: BatchOutcome | null = null;
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
    for (const intent of placed) addInFlight(inFlight, intent);
  };

  const end = async (outcome: JobOutcome): Promise<void> => {
    inFlight.delete(outcome.index);
    await sink.add(outcome);
  };

  try {
    const begunBefore = await settleInFlight(work, sink, { signal, meter });
    const { tasks } = connection;
    const options = { signal, meter, witness: { intend }, ...(tasks === null ? {} : { tasks }) };
    for await (const outcome of writeBatch(rest(), options)) {
      const record = underWay.get(outcome.index);
      if (record === undefined) throw new Error(`Record ${outcome.index} of the batch has two outcomes.`);
      underWay.delete(outcome.index);
      const told = outcomeOf(outcome, record);
      if (told === null) {
        inDoubt += 1;
        firstInDoubt ??= outcome;
        continue;
      }
      if (isTrouble(told.error)) {
        inTrouble.push(told);
        continue;
      }
      for (const other of inTrouble.splice(0)) await end(other);
      const tries = inFlight.get(record.index);
      // Its first request may have arrived after it was looked at: then the next one met what that left.
      const isLate = told.outcome !== 'done' && tries !== undefined && begunBefore.has(record.index);
      const found = isLate ? await outcomeInBucket(connection, tries, { signal, meter }) : null;
      await end(found?.outcome === 'done' ? found : told);
      await tellIndex(work, changes, outcome);
    }
    const trouble = inTrouble.at(-1)?.error ?? null;
    if (trouble !== null) throw new AppFailure(trouble.code, trouble.message, trouble);
    if (firstInDoubt !== null) throw notKnown(firstInDoubt, inDoubt);
    return isWhole;
  } finally {
    try {
      await sink.flush();
    } finally {
      if (inFlight.size > 0) work.indexes.distrust(entry.header.collection);
      // The next start distrusts the index anyway.
      if (signal.reason !== STOPPED.quit) await changes.flush();
    }
  }
}

async function tellIndex({ entry, indexes }: RecordsWork, changes: IndexChanges, outcome: BatchOutcome): Promise<void> {
  if (outcome.written !== null) await changes.write(outcome.written);
  else if (outcome.outcome === 'failed') indexes.distrust(entry.header.collection);
  else if (entry.header.work.kind === 'delete') await changes.delete(outcome.key);
}

/** Null where it is in doubt. */
function outcomeOf(
  { key, outcome, etagBefore, etagAfter, error }: BatchOutcome,
  { index, etag }: JobRecord & { readonly index: number },
): JobOutcome | null {
  if (outcome === 'in-doubt') return null;
  return { index, key, outcome, etagBefore: etagBefore ?? etag, etagAfter, error };
}

function notKnown({ key, error }: BatchOutcome, count: number): AppFailure {
  const which = count === 1 ? JSON.stringify(key) : `${count} records, ${JSON.stringify(key)} among them,`;
  const why = error === null ? '' : ` ${error.message}`;
  return new AppFailure(
    error?.code ?? 'connection-lost',
    `Whether this job has changed ${which} is not known.${why} Resume the job: it finds that out first, and does what is left.`,
    { ...error, retryable: true },
  );
}
