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
import { sinkOf, type JobRun } from './job-run.ts';
import { outcomeInBucket, settleInFlight } from './settle-in-flight.ts';

/** One thing to be written, by its position in the job: the same in every run. */
export interface JobItem {
  readonly index: number;
  /** What the person saw; null where nothing was. */
  readonly etag: string | null;
  /** The class that a rule says it goes into. */
  readonly into?: string;
}

/** Outcomes by the position in this batch. */
export type WriteBatch<T> = (
  items: AsyncGenerator<T, void, undefined>,
  options: BatchOptions,
) => AsyncIterable<BatchOutcome>;

/** `writeItems` of the records in the journal. */
export function writeRecords(
  run: JobRun,
  writeBatch: WriteBatch<JobRecord>,
  tell: TellIndex = tellIndex,
): Promise<boolean> {
  return writeItems(run, run.journal.records(run.entry.standing.recordsEnd ?? 0), writeBatch, tell);
}

/**
 * Settles what was in flight, then does the rest. A write of which nobody knows what became stays in flight, and stops the
 * job once the rest is done: the next run looks at it first. Answers false where a pause left records undone. Throws what stopped
 * the work; what is known by then is in the journal, and records that met the trouble that stopped it are left to do.
 */
export async function writeItems<T extends JobItem>(
  work: JobRun,
  items: AsyncIterable<T>,
  writeBatch: WriteBatch<T>,
  tell: TellIndex = tellIndex,
): Promise<boolean> {
  const { entry, journal, inFlight, connection, signal } = work;
  markCollection(signal, entry.header.collection);
  // Every request under way listens to it; Node warns of more than ten.
  setMaxListeners(0, signal);
  const meter = new RequestMeter();
  const sink = sinkOf(work, meter);
  const changes = new IndexChanges(work.indexes, connection.source);
  /** By their position in the batch: those that are under way. */
  const underWay = new Map<number, JobItem>();
  /** Failures in a row that met trouble: those of the job where it ends with them, of the records where others get through. */
  const inTrouble: JobOutcome[] = [];
  let inDoubt = 0;
  let firstInDoubt: BatchOutcome | null = null;
  let isWhole = false;

  async function* rest(): AsyncGenerator<T, void, undefined> {
    let next = 0;
    for await (const item of items) {
      if (entry.state !== 'running') return;
      if (work.finished.has(item.index)) continue;
      underWay.set(next, { index: item.index, etag: item.etag, ...intoOf(item) });
      next += 1;
      yield item;
    }
    isWhole = true;
  }

  const { work: task } = entry.header;
  const keepsBodies = !('undoable' in task) || task.undoable !== false;

  const intend = async (intents: readonly WriteIntent[]): Promise<void> => {
    const placed = intents.map((intent) => ({
      ...intent,
      index: underWay.get(intent.index)?.index ?? intent.index,
      before: keepsBodies || intent.before === null ? intent.before : { ...intent.before, body: null },
    }));
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
    const options = { signal, meter, witness: { intend, keepsBodies }, ...(tasks === null ? {} : { tasks }) };
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
      await tell(work, changes, outcome);
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

/** What the index is to know of an outcome. */
export type TellIndex = (run: JobRun, changes: IndexChanges, outcome: BatchOutcome) => Promise<void>;

/** Where the body is not at hand, the next query lists. */
export const tellIndex: TellIndex = async ({ entry, indexes }, changes, outcome) => {
  const { key, etagAfter, written, tagged } = outcome;
  if (written !== null) await changes.write(written);
  else if (outcome.outcome === 'failed') indexes.distrust(entry.header.collection);
  else if (etagAfter === null) await changes.delete(key);
  else if (tagged !== undefined) await changes.tag({ key, etag: etagAfter, tags: tagged });
  else if (outcome.outcome === 'done') indexes.distrust(entry.header.collection);
};

/** Null where it is in doubt. */
function outcomeOf(
  { key, outcome, etagBefore, etagAfter, created, throughHere, error }: BatchOutcome,
  { index, etag, into }: JobItem,
): JobOutcome | null {
  if (outcome === 'in-doubt') return null;
  const way = throughHere === true ? { throughHere } : {};
  if (created === true) return { index, key, outcome, etagBefore, etagAfter, created, ...way, error };
  return { index, key, outcome, etagBefore: etagBefore ?? etag, etagAfter, ...intoOf({ into }), ...way, error };
}

function intoOf({ into }: { readonly into?: string | undefined }): Pick<JobItem, 'into'> {
  return into === undefined ? {} : { into };
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
