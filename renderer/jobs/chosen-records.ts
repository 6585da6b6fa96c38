import { boundOf, type OfferedRecords } from '../../shared/class-offer.ts';
import type { Job, JobRecords, JobRequest } from '../../shared/job.ts';
import { MOST_PREVIEWED } from '../../shared/job-preview.ts';
import type { Spending } from '../../shared/plan.ts';
import { call } from '../api/call.ts';
import type { RowRange } from '../grid/selection.ts';

/** Rows of an open answer that a job is to be about. */
export interface ChosenRecords {
  /** Handle of the answer: the rows are those of its snapshot, whatever is found since. */
  readonly result: string;
  /** Null: the whole answer. */
  readonly ranges: readonly RowRange[] | null;
  readonly count: number;
  /** Records of the collection, those that are no records included. */
  readonly ofAll: number;
}

/** Records by their names, whatever answer is open: the one that the inspector shows. */
export interface NamedRecords {
  readonly named: readonly NamedRecord[];
  readonly count: number;
  /** Nobody knows here how many there are besides. */
  readonly ofAll: null;
}

export interface NamedRecord {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
  readonly storageClass: string;
}

export function isNamed(chosen: ChosenRecords | NamedRecords): chosen is NamedRecords {
  return 'named' in chosen;
}

/** The same records, for what storage classes cost. */
export function offeredRecords(chosen: ChosenRecords | NamedRecords): OfferedRecords {
  if (!isNamed(chosen)) return { of: 'result', result: chosen.result, ranges: chosen.ranges };
  return {
    of: 'sizes',
    sizes: chosen.named.map(({ size, storageClass }) => ({
      storageClass,
      bound: boundOf(size),
      objects: 1,
      bytes: size,
    })),
  };
}

/** What a person can pick row by row: keys and ETags of these cross to the engine in one call. */
export const MOST_PICKED = 10_000;

const PAGE_ROWS = 1_000;

/** The records as a job takes them. Throws `result-closed` where the answer is gone by now. */
export async function jobRecords(chosen: ChosenRecords | NamedRecords, signal: AbortSignal): Promise<JobRecords> {
  if (isNamed(chosen)) return { records: chosen.named.map(({ key, etag }) => ({ key, etag })) };
  const { result, ranges } = chosen;
  if (ranges === null) return { result };
  const records: { readonly key: string; readonly etag: string }[] = [];
  for (const { from, to } of ranges) {
    for (let at = from; at < to;) {
      const page = await call('query:page', { result, from: at, count: Math.min(to - at, PAGE_ROWS) }, signal);
      if (page.keys.length === 0) break;
      for (const [place, key] of page.keys.entries()) records.push({ key, etag: page.etags[place] ?? '' });
      at += page.keys.length;
    }
  }
  return { records };
}

/** As many of them as a preview shows. */
export function firstOf(chosen: ChosenRecords): ChosenRecords {
  if (chosen.ranges === null) return chosen;
  const ranges: RowRange[] = [];
  let left = MOST_PREVIEWED;
  for (const { from, to } of chosen.ranges) {
    if (left <= 0) break;
    ranges.push({ from, to: Math.min(to, from + left) });
    left -= to - from;
  }
  return { ...chosen, ranges };
}

/** Starts a job on them. */
export async function startOn(
  chosen: ChosenRecords | NamedRecords,
  request: (records: JobRecords) => JobRequest,
  spending: Spending,
  signal: AbortSignal,
): Promise<Job> {
  const records = await jobRecords(chosen, signal);
  return call('jobs:start', { job: request(records), spending }, signal);
}
