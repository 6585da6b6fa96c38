import type { BatchOptions, BatchOutcome, Source } from '../record-batches.ts';
import type { RecordCall } from '../record-call.ts';
import type { RecordDone } from '../record-done.ts';
import type { RecordWritten } from '../record-store.ts';
import { callOf, tasksOf, undoneOutcome } from './batch-calls.ts';
import { BatchFailures } from './batch-failures.ts';
import { concurrentMap } from './concurrent-map.ts';
import { KeyTurns } from './key-turns.ts';

/** One kind of write, in two steps: what is to be written where, and its requests. */
export interface ManyWrites<T, P extends { readonly key: string }> {
  /** Throws where a record is so broken that it has no key. */
  readonly prepare: (item: T) => P;
  readonly write: (prepared: P, call: RecordCall) => Promise<RecordDone>;
  /** Bytes that an item takes in memory; null where the object that it changes has to be read first. */
  readonly sizeOf: (item: T) => number | null;
}

/** Writes of the same key are done in the order of the source. */
export function writeMany<T, P extends { readonly key: string }>(
  source: Source<T>,
  { prepare, write, sizeOf }: ManyWrites<T, P>,
  options: BatchOptions,
): AsyncGenerator<BatchOutcome, void, undefined> {
  const failures = new BatchFailures();
  const turns = new KeyTurns();

  const one = async (item: T, index: number, signal: AbortSignal): Promise<BatchOutcome> => {
    let key = '';
    try {
      const prepared = prepare(item);
      ({ key } = prepared);
      const turn = turns.take(key);
      if (turn !== null) await turn;
      try {
        const written = await write(prepared, callOf(options, index, signal));
        failures.passed();
        return { index, error: null, ...written };
      } finally {
        turns.give(key);
      }
    } catch (error) {
      return undoneOutcome(index, key, error, failures);
    }
  };
  return concurrentMap(source, one, {
    signal: options.signal,
    tasks: tasksOf(options),
    ordered: options.ordered ?? false,
    sizeOf,
    sizeOfResult: ({ written }) => written?.body.byteLength ?? 0,
  });
}

/** Of a write of one record. */
export function doneOf({ outcome, answer, etagBefore, written }: RecordWritten): RecordDone {
  const { key, etag, notes } = answer;
  return { outcome, key, etagBefore, etagAfter: etag, notes, written: outcome === 'unchanged' ? null : written };
}
