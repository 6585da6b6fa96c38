import type { JobRecords } from '../../shared/job.ts';
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

/** What a person can pick row by row: keys and ETags of these cross to the engine in one call. */
export const MOST_PICKED = 10_000;

const PAGE_ROWS = 1_000;

/** The records as a job takes them. Throws `result-closed` where the answer is gone by now. */
export async function jobRecords({ result, ranges }: ChosenRecords, signal: AbortSignal): Promise<JobRecords> {
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
