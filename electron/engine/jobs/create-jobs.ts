import type { PromotedRecords } from '../../../shared/comparison.ts';
import type { JobRequest } from '../../../shared/job.ts';
import { AppFailure } from '../../../shared/result.ts';
import { sumOfSizes } from '../../../shared/size-counter.ts';
import type { JobsOptions } from './job-context.ts';
import { actionOf } from './job-action.ts';
import { JobEntry } from './job-entry.ts';
import { JobList, refused } from './job-list.ts';
import { isAtWork, isInLine, stateAfterRestart } from './job-states.ts';
import { JobTurns } from './job-turns.ts';
import type { Jobs, Permit } from './jobs.ts';
import type { JobWork, JournalHeader } from './journal/journal.ts';
import { undoneObjects } from './journal/undone-objects.ts';
import { createJournals, type FoundJournal } from './journal/journals.ts';
import { readOutcomes } from './journal/scan-journal.ts';
import { kindOf } from './kinds/all-kinds.ts';
import type { ListingContext, Pages } from './kinds/job-kind.ts';
import { failedRecords } from './list-records.ts';
import { readPiece } from './read-piece.ts';
import { previewJob } from './preview-job.ts';
import { asFailure, runJob, targetOf } from './run-job.ts';
import { NEW, startJob, whenListed, whileListed, type NewJob, type Started } from './start-job.ts';
import { STOPPED } from './stop-reasons.ts';

/** Outcomes in one page of a report; a frame more at most. */
const REPORT_PAGE = 500;

export function createJobs(options: JobsOptions): Jobs {
  const journals = createJournals(options.folder);
  const turns = new JobTurns((entry) => runJob(entry, journals, options));
  const jobs = new JobList();
  /** Interrupted jobs that wait for a process that stays, or for the next job. */
  const asleep = new Set<JobEntry>();

  const listing: ListingContext = {
    indexes: options.indexes,
    connectTo: async (collection, use) => options.connect(options.findTarget(collection, use)),
  };

  /** Writes how a job stands that is not at work. */
  function keep(entry: JobEntry): Promise<void> {
    return entry.occupy(() => journals.writeStanding(entry.header.id, entry.standing));
  }

  async function drop(entry: JobEntry): Promise<void> {
    turns.leave(entry);
    jobs.remove(entry);
    entry.silence();
    await journals.remove(entry.header.id);
    options.onRemoved(entry.header.id);
  }

  /** Those that were interrupted come first: the new one may be about the same records. */
  async function start(job: NewJob): Promise<Started> {
    wake();
    const started = await startJob(job, { jobs, journals, turns, options });
    await dropSurplus();
    return started;
  }

  async function dropSurplus(): Promise<void> {
    const going = await jobs.surplus(options.limits(), Date.now(), (job) => journals.size(job));
    for (const entry of going) await drop(entry);
  }

  function wake(): void {
    for (const entry of asleep) turns.join(entry);
    asleep.clear();
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

  async function takeUp({ header, standing }: FoundJournal, goOn: boolean): Promise<void> {
    const found = standing ?? NEW;
    const state = stateAfterRestart(found.state);
    const entry = new JobEntry(header, { ...found, state }, true, options.onChanged);
    jobs.add(entry);
    if (entry.hasEnded) return;
    // The index does not know of what was done last.
    if (kindOf(header.work.kind).use === 'write') options.indexes.distrust(header.collection);
    if (!entry.isListed) {
      entry.move('failed', listingInterrupted().error);
      // A full disk is no reason not to start: the next start comes to the same.
      await keep(entry).catch((error: unknown) => options.onNote(asFailure(error).error.message));
    } else if (state === 'cancelling') {
      turns.begin(entry, 'cancelling');
    } else if (state === 'interrupted') {
      if (goOn) turns.join(entry);
      else asleep.add(entry);
    }
  }

  return {
    open: async ({ goOn }) => {
      const found = await journals.list((path) => {
        options.onNote(`The journal ${path} of a job could not be read; it was left as it is.`);
      });
      for (const journal of found.toSorted((a, b) => a.header.createdAt - b.header.createdAt))
        await takeUp(journal, goOn);
      // A disk that cannot be read now is no reason not to start.
      await dropSurplus().catch((error: unknown) => options.onNote(asFailure(error).error.message));
    },
    list: () => jobs.jobs(),
    start: async (request, permit = () => undefined) => {
      const kind = kindOf(request.kind);
      const { recordsOf } = kind;
      const work = workOf(request);
      await kind.check?.(work);
      const pagesOf =
        recordsOf === null
          ? null
          : (signal: AbortSignal): Pages => permitted(recordsOf(request, listing, signal), permit);
      const to = 'to' in request ? { to: request.to } : {};
      // Known before the keys are listed: what says how many there are has its length from the start, and nothing moves.
      const result = resultOf(request);
      const total = result === null ? null : options.indexes.countOf(result);
      const started = await start({ collection: request.collection, work, pagesOf, total, ...to });
      if (result !== null) return whileListed(started);
      const job = await whenListed(started);
      if (job.error?.code !== 'ask-first') return job;
      await drop(started.entry);
      throw new AppFailure(job.error.code, job.error.message, job.error);
    },
    preview: (request, signal) => previewJob(request, listing, signal),
    pause: async (job) => {
      const entry = await jobs.findUnended(job);
      if (entry.state === 'cancelling') throw refused('This job is being cancelled.');
      if (isInLine(entry.state)) {
        turns.leave(entry);
        entry.move('paused');
        await keep(entry);
        turns.next();
      } else if (entry.state === 'running') {
        entry.move('pausing');
        if (kindOf(entry.header.work.kind).pauses === 'at-once') entry.stop.abort(STOPPED.pause);
      }
      await entry.work;
      return entry.job();
    },
    resume: async (job) => {
      const entry = await jobs.findUnended(job);
      if (entry.state === 'pausing') await entry.work;
      wake();
      if (entry.state === 'paused') {
        entry.move('queued');
        await keep(entry);
        turns.join(entry);
      }
      return entry.job();
    },
    cancel: async (job) => {
      const entry = await jobs.findUnended(job);
      const { state } = entry;
      if (state === 'running' || state === 'pausing') {
        entry.move('cancelling');
        entry.stop.abort(STOPPED.cancel);
      } else if (state !== 'cancelling') {
        turns.leave(entry);
        entry.stop.abort(STOPPED.cancel);
        // Writes of a job that was stopped by a failure may have taken place.
        if (entry.standing.startedAt !== null) turns.begin(entry, 'cancelling');
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
      const { header, standing } = await jobs.findEnded(job);
      const { work, collection, place, to } = header;
      const { retries } = kindOf(work.kind);
      if (retries === 'anew') {
        const { total } = standing.counts;
        const destination = to === undefined ? {} : { to: to.collection };
        return whenListed(
          await start({ collection, work, ...destination, pagesOf: null, total: work.kind === 'sync' ? null : total }),
        );
      }
      if (retries === 'never') throw refused('This kind of job cannot be tried again. Start it anew.');
      if (standing.counts.failed === 0) throw refused('No record of this job failed: there is nothing to try again.');
      if (retries === 'failed-rows') {
        return whenListed(
          await start({ collection, work, pagesOf: null, total: standing.counts.failed, retries: job }),
        );
      }
      const { client } = await options.connect(targetOf(header, options));
      const pagesOf = (signal: AbortSignal): Pages => failedRecords(journals, job, client, place.bucket, signal);
      return whileListed(
        await start({ collection, work, pagesOf, ...(to === undefined ? {} : { to: to.collection }) }),
      );
    },
    undone: async (job) => {
      const { header, standing } = await jobs.findEnded(job);
      return journals.read(header.id, (file) => undoneObjects(file, header.work, standing.endedAt ?? Date.now()));
    },
    undo: async (job, { undoable } = {}) => {
      const { header, standing } = await jobs.findEnded(job);
      const { undo } = kindOf(header.work.kind);
      if (undo === null) throw refused('A job of this kind changes nothing that could be undone.');
      const { to } = header;
      if (standing.counts.done === 0) throw refused('This job changed no record: there is nothing to undo.');
      const moves = movesBack(header);
      const where =
        undo === 'writes-there' && to !== undefined
          ? { collection: to.collection }
          : { collection: header.collection, ...(moves !== null && to !== undefined ? { to: to.collection } : {}) };
      const redone = {
        kind: 'undo',
        job: header.id,
        ...(moves === null ? {} : { moves }),
        ...(undoable === undefined ? {} : { undoable }),
      } as const;
      const undoing = { ...where, work: redone, pagesOf: null };
      return whenListed(await start({ ...undoing, total: standing.counts.done }));
    },
    report: async (job, from, onlyFailed) => {
      const { header } = await jobs.find(job);
      const position = positionOf(from);
      const page = await journals.read(header.id, (file) => readOutcomes(file, position, onlyFailed, REPORT_PAGE));
      const outcomes = page.outcomes.map((outcome) => ({ ...outcome, action: actionOf(header.work, outcome) }));
      return { outcomes, next: page.next === null ? null : String(page.next) };
    },
    badRows: async (job, from) => {
      const entry = await jobs.findEnded(job);
      if (entry.job().badRows === undefined) throw refused('This job keeps no rows that failed.');
      return readPiece(journals.badRowsPath(job), from);
    },
    sourcePaths: () =>
      jobs.all().flatMap(({ hasEnded, standing, header: { work } }) => {
        const isNeeded = !hasEnded || standing.counts.failed > 0;
        if (!isNeeded || work.kind !== 'import' || !('path' in work.source)) return [];
        return [work.source.path, ...(work.source.more ?? [])];
      }),
    remove: async (job) => {
      const entry = await jobs.findEnded(job);
      if (jobs.isBeingUndone(job)) throw refused('Another job is undoing this one, by its journal. Wait for its end.');
      await drop(entry);
    },
    abandon: async (collection) => {
      for (const entry of jobs.ofCollection(collection)) if (!entry.hasEnded) await end(entry);
    },
    forget: async (collection) => {
      for (const entry of jobs.ofCollection(collection)) {
        if (!entry.hasEnded) await end(entry);
        await drop(entry);
      }
    },
    dispose: async () => {
      turns.close();
      for (const entry of jobs.all()) entry.stop.abort(STOPPED.quit);
      await Promise.all(jobs.all().map(({ work }) => work));
      for (const entry of jobs.all()) entry.silence();
    },
  };
}

/** Which way the records of a job go when it is undone; null where it moved none. */
function movesBack({ work, to }: JournalHeader): 'back' | 'forth' | null {
  if (work.kind === 'move') return 'back';
  if (work.kind !== 'undo' || to === undefined) return null;
  return work.moves === 'forth' ? 'back' : 'forth';
}

async function* permitted(pages: Pages, permit: Permit): Pages {
  let records = 0;
  let promoted: PromotedRecords | null = null;
  for await (const page of pages) {
    records += page.keys.length;
    if (page.promoted !== undefined) promoted = bothOf(promoted, page.promoted);
    permit({ records, promoted });
    yield page;
  }
}

function bothOf(before: PromotedRecords | null, { sizes, replaced }: PromotedRecords): PromotedRecords {
  return { sizes: sumOfSizes([...(before?.sizes ?? []), ...sizes]), replaced: (before?.replaced ?? 0) + replaced };
}

function workOf(request: JobRequest): JobWork {
  const { collection: _collection, ...task } = request;
  if (!('records' in task)) return task;
  const { records: _records, ...work } = task;
  return work;
}

/** Null for what is picked by hand, which is on disk in a moment. */
function resultOf(request: JobRequest): string | null {
  return 'records' in request && 'result' in request.records ? request.records.result : null;
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
