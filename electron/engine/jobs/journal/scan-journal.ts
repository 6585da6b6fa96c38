import type { JobCounts, JobOutcome } from '../../../../shared/job.ts';
import { addInFlight, type InFlight, type WriteTries } from '../in-flight.ts';
import { IndexSet } from '../index-set.ts';
import { FRAME, type FrameKind } from './frame.ts';
import { FrameReader } from './frame-reader.ts';
import { contentOf, type JobStanding } from './journal.ts';
import type { ReadableJournal } from './journal-file.ts';

/** What a journal says of the work done so far; memory is a bit a record and the writes that were in flight. */
export interface JournalScan {
  /** The last one that was written; counts and what was spent are brought up to the last outcome. */
  readonly standing: JobStanding | null;
  /** Records with an outcome. */
  readonly finished: IndexSet;
  readonly inFlight: ReadonlyMap<number, WriteTries>;
  /** The last one; null before the first. */
  readonly checkpoint: unknown;
  /** Where the last whole frame ends. */
  readonly end: number;
}

const ALL: ReadonlySet<FrameKind> = new Set([
  FRAME.state,
  FRAME.intents,
  FRAME.outcomes,
  FRAME.failures,
  FRAME.checkpoint,
]);

export async function scanJournal(file: ReadableJournal): Promise<JournalScan> {
  const reader = new FrameReader(file);
  const finished = new IndexSet();
  const inFlight: InFlight = new Map();
  const counts = { done: 0, unchanged: 0, failed: 0 };
  let spent = { requests: 0, bytes: 0 };
  let standing: JobStanding | null = null;
  let checkpoint: unknown = null;
  for (let frame = await reader.next(ALL); frame !== null; frame = await reader.next(ALL)) {
    switch (frame.kind) {
      case FRAME.state: {
        const last = contentOf(FRAME.state, frame);
        spent = { requests: last.requests, bytes: last.bytes };
        standing = last;
        break;
      }
      case FRAME.intents:
        for (const intent of contentOf(FRAME.intents, frame)) addInFlight(inFlight, { ...intent, before: null });
        break;
      case FRAME.outcomes:
      case FRAME.failures: {
        const { outcomes, requests, bytes } = contentOf(frame.kind, frame);
        for (const { index, outcome } of outcomes) {
          finished.add(index);
          inFlight.delete(index);
          counts[outcome] += 1;
        }
        spent = { requests, bytes };
        break;
      }
      case FRAME.checkpoint:
        ({ content: checkpoint } = frame);
        break;
      case FRAME.header:
      case FRAME.records:
        break;
    }
  }
  return { standing: upTo(standing, counts, spent), finished, inFlight, checkpoint, end: reader.position };
}

function upTo(
  standing: JobStanding | null,
  counts: Omit<JobCounts, 'total'>,
  spent: { readonly requests: number; readonly bytes: number },
): JobStanding | null {
  // A sync has counts of its own and no outcomes.
  if (standing === null || counts.done + counts.unchanged + counts.failed === 0) return standing;
  return { ...standing, ...spent, counts: { total: standing.counts.total, ...counts } };
}

/** Outcomes from a position on: whole frames, until there are `most` or more. */
export async function readOutcomes(
  file: ReadableJournal,
  from: number,
  onlyFailed: boolean,
  most: number,
): Promise<{ readonly outcomes: readonly JobOutcome[]; readonly next: number | null }> {
  const wanted: ReadonlySet<FrameKind> = new Set(onlyFailed ? [FRAME.failures] : [FRAME.outcomes, FRAME.failures]);
  const reader = new FrameReader(file, from);
  const outcomes: JobOutcome[] = [];
  for (;;) {
    const frame = await reader.next(wanted);
    if (frame === null) return { outcomes, next: null };
    if (frame.content === null) continue;
    outcomes.push(...contentOf(FRAME.outcomes, frame).outcomes);
    if (outcomes.length >= most) return { outcomes, next: reader.position };
  }
}
