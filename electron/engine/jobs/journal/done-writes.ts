import type { JobOutcome } from '../../../../shared/job.ts';
import type { WriteIntent } from '../../records/write-intent.ts';
import { isEtagOf } from '../../s3/etag.ts';
import { FRAME, type FrameKind } from './frame.ts';
import { FrameReader, readFrameAt } from './frame-reader.ts';
import { contentOf } from './journal.ts';
import type { ReadableJournal } from './journal-file.ts';

const INTENTS: ReadonlySet<FrameKind> = new Set([FRAME.intents]);
const OUTCOMES: ReadonlySet<FrameKind> = new Set([FRAME.outcomes]);

/** Frames that are kept: what was deleted together stands in one, a thousand records at once. */
const MOST_FRAMES = 16;

/** A record that a job has changed. */
export interface DoneRecord {
  readonly outcome: JobOutcome;
  /** Null where the journal lost it to a power cut. */
  readonly intent: () => Promise<WriteIntent | null>;
}

/**
 * What a job has done, record by record, with what it found there: for an undo. In memory are sixteen bytes a record and some
 * frames, however long the journal is.
 */
export async function* doneRecords(file: ReadableJournal): AsyncGenerator<DoneRecord, void, undefined> {
  const { first, replacing } = await placesOfIntents(file);
  const frames = new Map<number, Promise<readonly WriteIntent[]>>();
  const intentsAt = (position: number): Promise<readonly WriteIntent[]> => {
    let frame = frames.get(position);
    if (frame === undefined) {
      frame = readIntents(file, position);
      frames.set(position, frame);
      const [oldest] = frames.keys();
      if (frames.size > MOST_FRAMES && oldest !== undefined) frames.delete(oldest);
    }
    return frame;
  };
  const reader = new FrameReader(file);
  for (let frame = await reader.next(OUTCOMES); frame !== null; frame = await reader.next(OUTCOMES)) {
    if (frame.content === null) continue;
    for (const outcome of contentOf(FRAME.outcomes, frame).outcomes) {
      if (outcome.outcome !== 'done') continue;
      const intentAt = async (position: number): Promise<WriteIntent | null> =>
        position === 0 ? null : ((await intentsAt(position)).find(({ index }) => index === outcome.index) ?? null);
      const { index } = outcome;
      yield {
        outcome,
        intent: async () => decisive(await intentAt(first.at(index)), await intentAt(replacing.at(index))),
      };
    }
  }
}

/**
 * The first intent: a later one may have met what the first had left. But where a new object was to be and another's was in
 * its place, that one was replaced.
 */
function decisive(first: WriteIntent | null, replacing: WriteIntent | null): WriteIntent | null {
  if (first === null || replacing === null || !('absent' in first.expectation)) return first;
  const met = 'etag' in replacing.expectation ? replacing.expectation.etag : '';
  const left = first.after?.md5 ?? null;
  return left !== null && isEtagOf(met, left) ? first : replacing;
}

/** Where the first intent of each record is, and the first that replaces an object. */
async function placesOfIntents(file: ReadableJournal): Promise<{ readonly first: Places; readonly replacing: Places }> {
  const first = new Places();
  const replacing = new Places();
  const reader = new FrameReader(file);
  for (let frame = await reader.next(INTENTS); frame !== null; frame = await reader.next(INTENTS)) {
    if (frame.content === null) continue;
    for (const { index, expectation } of contentOf(FRAME.intents, frame)) {
      first.putFirst(index, frame.position);
      if ('etag' in expectation) replacing.putFirst(index, frame.position);
    }
  }
  return { first, replacing };
}

async function readIntents(file: ReadableJournal, position: number): Promise<readonly WriteIntent[]> {
  const frame = await readFrameAt(file, position);
  let end = 0;
  return contentOf(FRAME.intents, frame).map((intent): WriteIntent => {
    if (intent.before === null) return { ...intent, before: null };
    const { facts, tags, bodyBytes } = intent.before;
    const start = end;
    end += bodyBytes ?? 0;
    return { ...intent, before: { facts, tags, body: bodyBytes === null ? null : frame.bodies.slice(start, end) } };
  });
}

/** Positions in a file by positions in a job; 0 where there is none, which is where the header stands. */
class Places {
  #places = new Float64Array(1024);

  putFirst(index: number, position: number): void {
    if (index >= this.#places.length) {
      const larger = new Float64Array(Math.max(this.#places.length * 2, index + 1));
      larger.set(this.#places);
      this.#places = larger;
    }
    if (this.#places[index] === 0) this.#places[index] = position;
  }

  at(index: number): number {
    return this.#places[index] ?? 0;
  }
}
