import { randomUUID } from 'node:crypto';
import type { Job, JobRequest } from '../../../shared/job.ts';
import { AppFailure } from '../../../shared/result.ts';
import type { KeyPage } from '../index/protocol.ts';
import type { JobsOptions } from './job-context.ts';
import { JobEntry } from './job-entry.ts';
import { isAtWork, isInLine, stateAfterRestart } from './job-states.ts';
import { JobTurns } from './job-turns.ts';
import type { Jobs } from './jobs.ts';
import { JOURNAL_FORMAT, type JobStanding, type JobWork, type Journal } from './journal/journal.ts';
import { createJournals, type FoundJournal } from './journal/journals.ts';
import { readOutcomes } from './journal/scan-journal.ts';
import { failedRecords, pickedRecords, writeRecordList } from './list-records.ts';
import { asFailure, placeOf, runJob, targetOf } from './run-job.ts';
import { STOPPED } from './stop-reasons.ts';

/** Outcomes in one page of a report; a frame more at most. */
const REPORT_PAGE = 500;
/** Jobs that have ended and are kept; the oldest go. */
const MOST_ENDED = 100;

const NEW: JobStanding = {
  state: 'queued',
  startedAt: null,
  endedAt: null,
  counts: { total: null, done: 0, unchanged: 0, failed: 0 },
  requests: 0,
  bytes: 0,
  error: null,
  recordsEnd: null,
};

type Pages = AsyncGenerator<KeyPage, void, undefined>;

interface Started {
  readonly entry: JobEntry;
  /** Resolves when the records are on disk. */
  readonly listing: Promise<void>;
}

export function createJobs(options: JobsOptions): Jobs {
  const journals = createJournals(options.folder);
  const turns = new JobTurns((entry) => runJob(entry, journals, options));
  /** The newest last. */
  const entries = new Map<string, JobEntry>();

  /** Waits where its last state is being written. */
  async function entryOf(job: string): Promise<JobEntry> {
    const entry = entries.get(job);
    if (entry === undefined) throw new AppFailure('job-not-found', 'This job is not kept any more. Start it again.');
    if (entry.isEnding) await entry.work;
    return entry;
  }

  async function unendedEntry(job: string): Promise<JobEntry> {
    const entry = await entryOf(job);
    if (entry.hasEnded) throw refused('This job has ended: nothing of it is under way any more.');
    return entry;
  }

  async function endedEntry(job: string): Promise<JobEntry> {
    const entry = await entryOf(job);
    if (!entry.hasEnded) throw refused('This job has not ended yet. Wait for its end, or cancel it first.');
    return entry;
  }

  const ofCollection = (collection: string): readonly JobEntry[] =>
    [...entries.values()].filter(({ header }) => header.collection === collection);

  /** Writes how a job stands that is not at work. */
  function keep(entry: JobEntry): Promise<void> {
    return entry.occupy(async () => {
      const { journal } = await journals.open(entry.header.id);
      try {
        await journal.writeStanding(entry.standing);
      } finally {
        await journal.file.close();
      }
    });
  }

  async function drop(entry: JobEntry): Promise<void> {
    turns.leave(entry);
    entries.delete(entry.header.id);
    entry.silence();
    await journals.remove(entry.header.id);
    options.onRemoved(entry.header.id);
  }

  /** `pagesOf`: the records by pages; null for a sync. Nothing is kept where the first page cannot be had. */
  async function startJob(
    collection: string,
    work: JobWork,
    pagesOf: ((signal: AbortSignal) => Pages) | null,
  ): Promise<Started> {
    const target = options.findTarget(collection, work.kind === 'sync' ? 'read' : 'write');
    const { name: collectionName, memoryOnly } = target.collection;
    const place = placeOf(target);
    const identity = { format: JOURNAL_FORMAT, id: randomUUID(), createdAt: Date.now() } as const;
    const header = { ...identity, work, collection, collectionName, place };
    const entry = new JobEntry(header, NEW, !memoryOnly, options.onChanged);
    const pages = pagesOf?.(entry.stop.signal) ?? null;
    const first = await pages?.next();
    let journal: Journal;
    try {
      journal = await journals.create(header, entry.standing, memoryOnly);
    } catch (error) {
      await pages?.return();
      throw error;
    }
    entries.set(header.id, entry);
    entry.tell();
    const listing = list(entry, journal, first === undefined || pages === null ? null : withFirst(first, pages));
    turns.join(entry);
    await forgetOldest();
    return { entry, listing };
  }

  /** The records of a long answer are written while the job is `queued` already; a failure there is the end of the job. */
  function list(entry: JobEntry, journal: Journal, pages: Pages | null): Promise<void> {
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
        turns.next();
      }
    });
  }

  async function forgetOldest(): Promise<void> {
    const ended = [...entries.values()].filter(({ hasEnded, isEnding }) => hasEnded && !isEnding);
    for (const entry of ended.slice(0, -MOST_ENDED)) await drop(entry);
  }

  /** The job is for nothing that is there any more. */
  async function end(entry: JobEntry): Promise<void> {
    entry.stop.abort(STOPPED.moved);
    if (!isAtWork(entry.state)) {
      turns.leave(entry);
      entry.move('failed', STOPPED.moved.error);
      await keep(entry);
      turns.next();
    }
    await entry.work;
  }

  async function takeUp({ header, standing }: FoundJournal): Promise<void> {
    const found = standing ?? NEW;
    const state = stateAfterRestart(found.state);
    const entry = new JobEntry(header, { ...found, state }, true, options.onChanged);
    entries.set(header.id, entry);
    if (entry.hasEnded) return;
    // The index does not know of what was done last.
    if (header.work.kind !== 'sync') options.indexes.distrust(header.collection);
    if (!entry.isListed) {
      entry.move('failed', listingInterrupted().error);
      // A full disk is no reason not to start: the next start comes to the same.
      await keep(entry).catch((error: unknown) => options.onNote(asFailure(error).error.message));
    } else if (state === 'cancelling') {
      turns.begin(entry, 'cancelling');
    } else if (state === 'interrupted') {
      turns.join(entry);
    }
  }

  return {
    open: async () => {
      const found = await journals.list((path) => {
        options.onNote(`The journal ${path} of a job could not be read; it was left as it is.`);
      });
      for (const journal of found.toSorted((a, b) => a.header.createdAt - b.header.createdAt)) await takeUp(journal);
    },
    list: () => [...entries.values()].toReversed().map((entry) => entry.job()),
    start: async (request) => {
      const { collection } = request;
      if (request.kind === 'sync') return whenListed(await startJob(collection, workOf(request), null));
      const { records } = request;
      if ('result' in records) {
        const pages = (): Pages => options.indexes.listRecords(records.result, collection);
        return whileListed(await startJob(collection, workOf(request), pages));
      }
      return whenListed(await startJob(collection, workOf(request), () => pickedRecords(records.records)));
    },
    pause: async (job) => {
      const entry = await unendedEntry(job);
      if (entry.state === 'cancelling') throw refused('This job is being cancelled.');
      if (isInLine(entry.state)) {
        turns.leave(entry);
        entry.move('paused');
        await keep(entry);
        turns.next();
      } else if (entry.state === 'running') {
        entry.move('pausing');
        // A sync has no record to stop after; what it has read stays.
        if (entry.header.work.kind === 'sync') entry.stop.abort(STOPPED.pause);
      }
      await entry.work;
      return entry.job();
    },
    resume: async (job) => {
      const entry = await unendedEntry(job);
      if (entry.state === 'pausing') await entry.work;
      if (entry.state === 'paused') {
        entry.move('queued');
        await keep(entry);
        turns.join(entry);
      }
      return entry.job();
    },
    cancel: async (job) => {
      const entry = await unendedEntry(job);
      const { state } = entry;
      if (state === 'running' || state === 'pausing') {
        entry.move('cancelling');
        entry.stop.abort(STOPPED.cancel);
      } else if (state !== 'cancelling') {
        turns.leave(entry);
        entry.stop.abort(STOPPED.cancel);
        // Writes of a job that was stopped by a failure may have taken place.
        if (entry.standing.startedAt !== null && entry.header.work.kind !== 'sync') turns.begin(entry, 'cancelling');
        else {
          entry.move('cancelled');
          await keep(entry);
          turns.next();
        }
      }
      await entry.work;
      return entry.job();
    },
    retry: async (job) => {
      const { header, standing } = await endedEntry(job);
      const { work, collection, place } = header;
      if (work.kind === 'sync') return whenListed(await startJob(collection, work, null));
      if (standing.counts.failed === 0) throw refused('No record of this job failed: there is nothing to try again.');
      const { client } = await options.connect(targetOf(header, options));
      const pages = (signal: AbortSignal): Pages => failedRecords(journals, job, client, place.bucket, signal);
      return whileListed(await startJob(collection, work, pages));
    },
    report: async (job, from, onlyFailed) => {
      const { header } = await entryOf(job);
      const position = positionOf(from);
      const page = await journals.read(header.id, (file) => readOutcomes(file, position, onlyFailed, REPORT_PAGE));
      return { outcomes: page.outcomes, next: page.next === null ? null : String(page.next) };
    },
    remove: async (job) => drop(await endedEntry(job)),
    abandon: async (collection) => {
      for (const entry of ofCollection(collection)) if (!entry.hasEnded) await end(entry);
    },
    forget: async (collection) => {
      for (const entry of ofCollection(collection)) {
        if (!entry.hasEnded) await end(entry);
        await drop(entry);
      }
    },
    dispose: async () => {
      turns.close();
      for (const entry of entries.values()) entry.stop.abort(STOPPED.quit);
      await Promise.all([...entries.values()].map(({ work }) => work));
      for (const entry of entries.values()) entry.silence();
    },
  };
}

function workOf(request: JobRequest): JobWork {
  switch (request.kind) {
    case 'sync':
      return { kind: 'sync', rebuild: request.rebuild };
    case 'delete':
      return { kind: 'delete' };
    case 'update':
      return { kind: 'update', edits: request.edits };
  }
}

async function whenListed({ entry, listing }: Started): Promise<Job> {
  await listing;
  return entry.job();
}

/** A list of a million records takes seconds: how it ends is told by the job. */
function whileListed({ entry, listing }: Started): Job {
  listing.catch(() => undefined);
  return entry.job();
}

async function* withFirst(first: IteratorResult<KeyPage, void>, rest: Pages): Pages {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}

/** Of a report's page; whatever else it is, no frame begins there. */
function positionOf(from: string | null): number {
  if (from === null) return 0;
  if (/^\d{1,15}$/.test(from)) return Number(from);
  throw refused('This is no position in the report of a job. Begin at its start.');
}

function listingInterrupted(): AppFailure {
  return new AppFailure(
    'aborted',
    'Dipper ended while the records of this job were being listed. Nothing was changed. Start the job again.',
  );
}

function refused(message: string): AppFailure {
  return new AppFailure('invalid-arguments', message);
}
