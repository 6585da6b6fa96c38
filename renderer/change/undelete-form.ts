import type { DeletedRecord, DeletedRecords } from '../../shared/deleted-records.ts';
import type { RequestOf } from '../../shared/job.ts';

export type DeletedWhen = 'hour' | 'day' | 'month' | 'ever';

const HOUR = 3_600_000;
const SPANS: Readonly<Record<DeletedWhen, number>> = { hour: HOUR, day: 24 * HOUR, month: 720 * HOUR, ever: Infinity };

/** Milliseconds since 1970. */
function sinceOf(when: DeletedWhen, now: number): number {
  return Math.max(0, now - SPANS[when]);
}

export function deletedSince(found: DeletedRecords, when: DeletedWhen, now: number): readonly DeletedRecord[] {
  const since = sinceOf(when, now);
  return found.records.filter(({ deletedAt }) => deletedAt >= since);
}

/**
 * What the job is asked for. Named, they are those that were shown: what is deleted meanwhile stays so. Where more are there
 * than are shown, all of the time are meant.
 */
export function undeletionOf(
  found: DeletedRecords,
  when: DeletedWhen,
  leftOut: ReadonlySet<string>,
  now: number,
): Pick<RequestOf<'undelete'>, 'since' | 'names'> {
  const since = sinceOf(when, now);
  if (found.more) return { since };
  const names = deletedSince(found, when, now).flatMap(({ name }) => (leftOut.has(name) ? [] : [name]));
  return { since, names };
}
