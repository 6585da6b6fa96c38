import { randomUUID } from 'node:crypto';
import type { Job } from '../../../shared/job.ts';
import type { KeyPage } from '../index/protocol.ts';
import type { JobsOptions } from './job-context.ts';
import { JobEntry } from './job-entry.ts';
import type { JobList } from './job-list.ts';
import type { JobTurns } from './job-turns.ts';
import type { CollectionTarget } from '../engine.ts';
import {
  JOURNAL_FORMAT,
  type JobDestination,
  type JobStanding,
  type JobWork,
  type Journal,
} from './journal/journal.ts';
import type { Journals } from './journal/journals.ts';
import { kindOf } from './kinds/all-kinds.ts';
import type { Pages } from './kinds/job-kind.ts';
import { writeRecordList } from './list-records.ts';
import { asFailure, placeOf } from './run-job.ts';
import { STOPPED } from './stop-reasons.ts';

export const NEW: JobStanding = {
  state: 'queued',
  startedAt: null,
  endedAt: null,
  counts: { total: null, done: 0, unchanged: 0, failed: 0 },
  requests: 0,
  bytes: 0,
  error: null,
  recordsEnd: null,
};

export interface NewJob {
  readonly collection: string;
  readonly work: JobWork;
  /** Null for a kind that has no list of records. */
  readonly pagesOf: ((signal: AbortSignal) => Pages) | null;
  /** Where it is known before the records are listed. */
  readonly total?: number | null;
  /** Id of another collection that it writes to. */
  readonly to?: string;
  /** The job whose failed rows it tries again. */
  readonly retries?: string;
}

export interface Started {
  readonly entry: JobEntry;
  /** Resolves when the records are on disk. */
  readonly listing: Promise<void>;
}

/** Resolves once the job is on disk and in line. Nothing is kept where the first page cannot be had. */
export async function startJob(
  { collection, work, pagesOf, total = null, to, retries }: NewJob,
  { jobs, journals, turns, options }: { jobs: JobList; journals: Journals; turns: JobTurns; options: JobsOptions },
): Promise<Started> {
  const target = options.findTarget(collection, kindOf(work.kind).use);
  const { name: collectionName, memoryOnly } = target.collection;
  const place = placeOf(target);
  const identity = { format: JOURNAL_FORMAT, id: randomUUID(), createdAt: Date.now() } as const;
  const destination = to === undefined ? {} : { to: destinationOf(options.findTarget(to, 'write')) };
  const again = retries === undefined ? {} : { retries };
  const header = { ...identity, work, collection, collectionName, place, ...destination, ...again };
  const entry = new JobEntry(header, { ...NEW, counts: { ...NEW.counts, total } }, !memoryOnly, options.onChanged);
  const pages = pagesOf?.(entry.stop.signal) ?? null;
  const first = await pages?.next();
  let journal: Journal;
  try {
    journal = await journals.create(header, entry.standing, memoryOnly);
  } catch (error) {
    await pages?.return();
    throw error;
  }
  jobs.add(entry);
  entry.tell();
  const all = first === undefined || pages === null ? null : withFirst(first, pages);
  const listing = list(entry, journal, all, () => turns.next());
  turns.join(entry);
  return { entry, listing };
}

function destinationOf(target: CollectionTarget): JobDestination {
  const { id, name } = target.collection;
  return { collection: id, name, place: placeOf(target) };
}

/** The records of a long answer are written while the job is `queued` already; a failure there is the end of the job. */
function list(entry: JobEntry, journal: Journal, pages: Pages | null, onListed: () => void): Promise<void> {
  return entry.occupy(async () => {
    const { signal } = entry.stop;
    try {
      try {
        if (pages !== null) {
          const { total, recordsEnd } = await writeRecordList(journal, pages, signal);
          entry.listed(total, recordsEnd);
        }
      } catch (error) {
        if (signal.reason === STOPPED.quit) return;
        if (!entry.hasEnded) entry.move('failed', asFailure(error).error);
      }
      await journal.writeStanding(entry.standing);
      await journal.file.sync();
    } finally {
      await journal.file.close();
      onListed();
    }
  });
}

/** The job once its records are on disk. */
export async function whenListed({ entry, listing }: Started): Promise<Job> {
  await listing;
  return entry.job();
}

/** The job at once. A list of a million records takes seconds: how it ends is told by the job. */
export function whileListed({ entry, listing }: Started): Job {
  listing.catch(() => undefined);
  return entry.job();
}

async function* withFirst(first: IteratorResult<KeyPage, void>, rest: Pages): Pages {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}
