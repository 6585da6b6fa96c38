import { AppFailure, type ErrorCode } from '../../../shared/result.ts';
import type { CollectionTarget } from '../engine.ts';
import type { JobConnection, JobsOptions } from './job-context.ts';
import type { JobEntry } from './job-entry.ts';
import type { Journal, JobPlace, JournalHeader } from './journal/journal.ts';
import type { Journals } from './journal/journals.ts';
import type { JournalScan } from './journal/scan-journal.ts';
import { kindOf } from './kinds/all-kinds.ts';
import type { JobRun } from './kinds/job-run.ts';
import { settleCancelled } from './kinds/settle-in-flight.ts';
import { STOPPED } from './stop-reasons.ts';

/**
 * Runs a job that is `running`, or ends one that is `cancelling`, until it stands still. Never rejects: what stops a job is
 * its state and error. What a person can correct pauses it (wrong keys, a server that is gone, a full disk); only a
 * collection that is gone ends it.
 */
export async function runJob(entry: JobEntry, journals: Journals, options: JobsOptions): Promise<void> {
  let opened: { journal: Journal; scan: JournalScan } | null = null;
  try {
    opened = await journals.open(entry.header.id);
    const { standing } = opened.scan;
    if (standing !== null) {
      const { counts, requests, bytes } = standing;
      entry.progress({ counts, requests, bytes });
    }
    await opened.journal.writeStanding(entry.standing);
    await work(entry, opened.journal, opened.scan, journals, options);
  } catch (error) {
    stopFor(entry, error);
  }
  entry.isEnding = true;
  try {
    await opened?.journal.writeStanding(entry.standing);
  } catch (error) {
    // The journal says what is true of an earlier moment, which the next start settles; nothing more can be kept of it.
    if (!entry.hasEnded) stopFor(entry, error);
  } finally {
    await opened?.journal.file.close().catch(() => undefined);
    entry.isEnding = false;
  }
}

async function work(
  entry: JobEntry,
  journal: Journal,
  scan: JournalScan,
  journals: Journals,
  options: JobsOptions,
): Promise<void> {
  const { signal } = entry.stop;
  const { work: task } = entry.header;
  const connect = async (): Promise<JobConnection> => options.connect(targetOf(entry.header, options));
  const inFlight = new Map(scan.inFlight);
  const { finished, checkpoint } = scan;
  const { to } = entry.header;
  const connectTo: JobRun['connectTo'] = async (id, use) => {
    const target = options.findTarget(id, use);
    if (to?.collection === id && !isSamePlace(placeOf(target), to.place)) throw STOPPED.moved;
    return options.connect(target);
  };
  const { indexes } = options;
  const run = { entry, journal, finished, inFlight, checkpoint, indexes, journals, connectTo, signal };
  let isWhole = true;
  try {
    if (entry.state !== 'cancelling') {
      signal.throwIfAborted();
      isWhole = await kindOf(task.kind).run({ ...run, connection: await connect() }, task);
    }
  } catch (error) {
    // A person's wish, not a failure.
    if (!signal.aborted || signal.reason === STOPPED.quit || signal.reason === STOPPED.moved) throw error;
    if (signal.reason === STOPPED.pause) isWhole = false;
  }
  if (isCancelling(entry)) {
    entry.stop = new AbortController();
    await settleCancelled({ ...run, signal: entry.stop.signal }, connect);
    await kindOf(task.kind).discard?.(run, task);
    entry.isEnding = true;
    entry.move('cancelled');
    return;
  }
  entry.isEnding = true;
  if (!isWhole) entry.move('paused');
  else entry.move(entry.standing.counts.failed > 0 ? 'completed-with-errors' : 'completed');
}

/** Throws where the collection is gone, closed to writing, or somewhere else now. */
export function targetOf(header: JournalHeader, { findTarget }: JobsOptions): CollectionTarget {
  const target = findTarget(header.collection, kindOf(header.work.kind).use);
  if (!isSamePlace(placeOf(target), header.place)) throw STOPPED.moved;
  return target;
}

export function placeOf({ collection }: CollectionTarget): JobPlace {
  const { connectionId, bucket, prefix, codec } = collection;
  return { connection: connectionId, bucket, prefix, codec };
}

function isSamePlace(a: JobPlace, b: JobPlace): boolean {
  return a.connection === b.connection && a.bucket === b.bucket && a.prefix === b.prefix && a.codec === b.codec;
}

/** What no person can correct. */
const ENDING: ReadonlySet<ErrorCode> = new Set(['collection-not-found', 'connection-not-found']);

function stopFor(entry: JobEntry, error: unknown): void {
  entry.isEnding = true;
  if (entry.stop.signal.reason === STOPPED.quit) {
    // What was being cancelled is cancelled to its end at the next start.
    if (!isCancelling(entry)) entry.move('interrupted');
    return;
  }
  const { error: failure } = asFailure(entry.stop.signal.reason === STOPPED.moved ? STOPPED.moved : error);
  if (isCancelling(entry)) entry.move('cancelled', failure);
  else if (ENDING.has(failure.code)) entry.move('failed', failure);
  else entry.move('paused', failure);
}

/** A person may have wished it meanwhile. */
function isCancelling({ state }: JobEntry): boolean {
  return state === 'cancelling';
}

export function asFailure(error: unknown): AppFailure {
  if (error instanceof AppFailure) return error;
  return new AppFailure('internal', 'The job stopped at a fault inside Dipper. What is done stays done.', {
    cause: error,
  });
}
