import type { SizeCount } from '../../../../shared/class-offer.ts';
import { SizeCounter } from '../../../../shared/size-counter.ts';
import { STORAGE_CLASSES } from '../../../../shared/storage-classes.ts';
import { MAXIMUM_BODY_BYTES } from '../../records/read-record.ts';
import { isVersion } from '../../records/before-image.ts';
import { IndexSet } from '../index-set.ts';
import { FRAME, type FrameKind } from './frame.ts';
import { FrameReader } from './frame-reader.ts';
import { contentOf, type JobWork, type JournalledIntent } from './journal.ts';
import type { ReadableJournal } from './journal-file.ts';

/** What a job has left, as an undo of it will find it where nobody changed it since. */
export interface UndoneObjects {
  /** `into`: the class that it goes back into; left out of what was not there before, and goes. */
  readonly sizes: readonly SizeCount[];
  /** Bytes that the undo keeps in its turn. */
  readonly kept: number;
}

const INTENTS: ReadonlySet<FrameKind> = new Set([FRAME.intents]);
const OUTCOMES: ReadonlySet<FrameKind> = new Set([FRAME.outcomes]);
const DAY = 24 * 60 * 60 * 1000;

/** Two bits a record and some frames are in memory. `endedAt`: when the job did, milliseconds since 1970. */
export async function undoneObjects(file: ReadableJournal, work: JobWork, endedAt: number): Promise<UndoneObjects> {
  const left = await doneIn(file);
  const sizes = new SizeCounter();
  const usual = usualClass(work);
  const days = Math.max(0, (Date.now() - endedAt) / DAY);
  let kept = 0;
  // As an undo goes by them: what replaces an object counts before what was to create one, and met it.
  for (const isReplacing of [true, false]) {
    for await (const intent of intentsIn(file)) {
      const { index, expectation, before, after } = intent;
      if (!left.has(index) || 'absent' in expectation === isReplacing) continue;
      left.delete(index);
      const was = before?.facts.storageClass ?? usual;
      const storageClass = after?.facts?.storageClass ?? after?.storageClass ?? was;
      const bytes = after?.size ?? before?.facts.size ?? 0;
      const leastDays = STORAGE_CLASSES.find(({ name }) => name === storageClass)?.minimumDays ?? 0;
      sizes.add({
        storageClass,
        ...('absent' in expectation ? {} : { into: was }),
        bytes,
        byteDaysLeft: after === null ? 0 : bytes * Math.max(0, leastDays - days),
      });
      if (isKeptAgain(intent, work)) kept += bytes;
    }
  }
  return { sizes: sizes.counts, kept };
}

async function doneIn(file: ReadableJournal): Promise<IndexSet> {
  const done = new IndexSet();
  const reader = new FrameReader(file);
  for (let frame = await reader.next(OUTCOMES); frame !== null; frame = await reader.next(OUTCOMES)) {
    if (frame.content === null) continue;
    for (const { index, outcome } of contentOf(FRAME.outcomes, frame).outcomes) if (outcome === 'done') done.add(index);
  }
  return done;
}

async function* intentsIn(file: ReadableJournal): AsyncGenerator<JournalledIntent, void, undefined> {
  const reader = new FrameReader(file);
  for (let frame = await reader.next(INTENTS); frame !== null; frame = await reader.next(INTENTS)) {
    if (frame.content !== null) yield* contentOf(FRAME.intents, frame);
  }
}

/** Where nothing more is known of an object that was written. */
function usualClass(work: JobWork): string {
  const said = work.kind === 'import' ? work.settings.storageClass : 'storageClass' in work ? work.storageClass : null;
  return said ?? 'STANDARD';
}

/** Bodies that stay, or go back with a move, are read by nobody, and versions keep them by themselves. */
function isKeptAgain({ after, before }: JournalledIntent, { kind }: JobWork): boolean {
  if (after === null || after.facts !== undefined || kind === 'move' || after.size > MAXIMUM_BODY_BYTES) return false;
  return before === null || !isVersion(before.facts);
}
