import type { JobPlace, JournalHeader } from './journal/journal.ts';
import { kindOf } from './kinds/all-kinds.ts';

/** Jobs that run at once; each uses as much of its server as it gets, so more would only make each of them slower. */
const MOST_AT_WORK = 4;

interface InLine {
  readonly header: JournalHeader;
}

export interface Turns<J> {
  readonly start: readonly J[];
  /** Who must wait, and for whom. Who is in neither waits for a free place. */
  readonly waiting: ReadonlyMap<J, J>;
}

/** Who begins now: first come, first served, but a job waits for those before it that are about the same records. */
export function takeTurns<J extends InLine>(line: readonly J[], atWork: readonly J[]): Turns<J> {
  const start: J[] = [];
  const waiting = new Map<J, J>();
  const before: J[] = [...atWork];
  for (const job of line) {
    const other = before.find(({ header }) => clash(header, job.header));
    if (other !== undefined) waiting.set(job, other);
    else if (atWork.length + start.length < MOST_AT_WORK) start.push(job);
    before.push(job);
  }
  return { start, waiting };
}

/** Two jobs of one collection, or two writing ones whose prefixes in one bucket hold each other. */
function clash(a: JournalHeader, b: JournalHeader): boolean {
  return touchedBy(a).some((one) => touchedBy(b).some((other) => isInTheWay(one, other)));
}

interface Touched {
  readonly collection: string;
  readonly place: JobPlace;
  readonly use: 'read' | 'write';
}

function touchedBy({ collection, place, to, work }: JournalHeader): readonly Touched[] {
  const own: Touched = { collection, place, use: kindOf(work.kind).use };
  return to === undefined ? [own] : [own, { collection: to.collection, place: to.place, use: 'write' }];
}

function isInTheWay(a: Touched, b: Touched): boolean {
  if (a.collection === b.collection) return true;
  if (a.use === 'read' || b.use === 'read') return false;
  if (a.place.connection !== b.place.connection || a.place.bucket !== b.place.bucket) return false;
  return a.place.prefix.startsWith(b.place.prefix) || b.place.prefix.startsWith(a.place.prefix);
}
