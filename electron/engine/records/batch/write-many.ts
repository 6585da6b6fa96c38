import type { BatchOptions, BatchOutcome, Source } from '../record-batches.ts';
import type { RecordCall } from '../record-call.ts';
import type { RecordWritten } from '../record-store.ts';
import { callOf, undoneOutcome, MOST_TASKS } from './batch-calls.ts';
import { BatchFailures } from './batch-failures.ts';
import { concurrentMap } from './concurrent-map.ts';
import { KeyTurns } from './key-turns.ts';

/** One kind of write, in two steps: what is to be written where, and its requests. */
export interface ManyWrites<T, P extends { readonly key: string }> {
  /** Throws where a record is so broken that it has no key. */
  readonly prepare: (item: T) => P;
  readonly write: (prepared: P, call: RecordCall) => Promise<RecordWritten | KeptRecord>;
  /** Bytes that an item takes in memory; null where the object that it changes has to be read first. */
  readonly sizeOf: (item: T) => number | null;
}

/** Nothing was written: another record is there, and is to stay. */
export interface KeptRecord {
  readonly outcome: 'kept';
  readonly key: string;
  /** Null where it was not looked at. */
  readonly etag: string | null;
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
      await turns.take(key);
      try {
        const written = await write(prepared, callOf(options, index, signal));
        failures.passed();
        return outcomeOf(index, written);
      } finally {
        turns.give(key);
      }
    } catch (error) {
      return undoneOutcome(index, key, error, failures);
    }
  };
  return concurrentMap(source, one, {
    signal: options.signal,
    tasks: options.tasks ?? MOST_TASKS,
    ordered: options.ordered ?? false,
    sizeOf,
    sizeOfResult: ({ written }) => written?.body.byteLength ?? 0,
  });
}

function outcomeOf(index: number, result: RecordWritten | KeptRecord): BatchOutcome {
  if (result.outcome === 'kept') {
    const { key, etag } = result;
    const kept = { etagBefore: etag, etagAfter: etag, error: null, notes: [], written: null };
    return { index, key, outcome: 'unchanged', ...kept };
  }
  const { outcome, answer, etagBefore, written } = result;
  return {
    index,
    key: answer.key,
    outcome,
    etagBefore,
    etagAfter: answer.etag,
    error: null,
    notes: answer.notes,
    written: outcome === 'unchanged' ? null : written,
  };
}
