import { MOST_DELETED_AT_ONCE } from '../../s3/delete-objects.ts';
import type { S3Client } from '../../s3/s3-client.ts';
import { takeTurn } from '../../turns.ts';
import { deleteObject } from '../delete-object.ts';
import type { BatchOptions, BatchOutcome, BatchTarget, Source } from '../record-batches.ts';
import { callOf, deletedOutcome, tasksOf, undoneOutcome } from './batch-calls.ts';
import { BatchFailures } from './batch-failures.ts';
import { concurrentMap } from './concurrent-map.ts';
import { deleteTogether } from './delete-together.ts';

export interface IndexedTarget extends BatchTarget {
  readonly index: number;
}

/** What all deletes of a batch share. */
export interface DeleteBatch {
  readonly client: S3Client;
  readonly bucket: string;
  readonly options: BatchOptions;
  readonly failures: BatchFailures;
  readonly deleteOne: (target: IndexedTarget, signal: AbortSignal) => Promise<BatchOutcome>;
}

/** Keys that go into a list, or outcomes of one that are told, in a turn of the event loop: a thousand would hold it up. */
const IN_A_TURN = 100;

/** Lists of 1,000 keys under way at once: a server takes each key in them for a request. */
const MOST_LISTS = 8;

/** By 1,000 keys a request where the server looks at the ETags in it, else one by one. */
export async function* deleteMany(
  client: S3Client,
  bucket: string,
  source: Source<BatchTarget>,
  options: BatchOptions,
): AsyncGenerator<BatchOutcome, void, undefined> {
  const failures = new BatchFailures();
  const deleteOne = async ({ index, key, etag }: IndexedTarget, signal: AbortSignal): Promise<BatchOutcome> => {
    try {
      const { existed, notes } = await deleteObject(client, { bucket, key }, etag, callOf(options, index, signal));
      failures.passed();
      return deletedOutcome({ index, key, etag }, existed, notes);
    } catch (error) {
      return undoneOutcome(index, key, error, failures);
    }
  };
  const batch: DeleteBatch = { client, bucket, options, failures, deleteOne };
  const { signal, ordered = false } = options;
  const bounds = { signal, ordered, sizeOf: () => 0, sizeOfResult: () => 0 };

  const targets = indexed(source);
  // A server is tried out beside the first key, and not at all for an empty source.
  const first = await targets.next();
  if (first.done === true) return;
  const { key } = first.value;
  const capabilities = await client.capabilities(bucket, key, callOf(options, 0, signal)).catch(async (failure) => {
    await targets.return();
    throw failure;
  });
  const all = chain(first.value, targets);
  if (capabilities.conditionalBulkDelete === true) {
    const work = (list: readonly IndexedTarget[], _: number, stop: AbortSignal) => deleteTogether(batch, list, stop);
    for await (const outcomes of concurrentMap(listsOf(all), work, { ...bounds, tasks: () => MOST_LISTS })) {
      yield* inTurns(outcomes);
    }
  } else {
    const work = (target: IndexedTarget, _: number, stop: AbortSignal) => deleteOne(target, stop);
    yield* concurrentMap(all, work, { ...bounds, tasks: tasksOf(options) });
  }
}

async function* indexed(source: Source<BatchTarget>): AsyncGenerator<IndexedTarget, void, undefined> {
  let index = 0;
  for await (const { key, etag } of source) {
    yield { index, key, etag };
    index += 1;
  }
}

async function* chain<T>(first: T, rest: AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined> {
  yield first;
  yield* rest;
}

/** No key twice in a list, as S3 demands. */
async function* listsOf(
  targets: AsyncIterable<IndexedTarget>,
): AsyncGenerator<readonly IndexedTarget[], void, undefined> {
  let list = new Map<string, IndexedTarget>();
  for await (const target of targets) {
    if (list.size === MOST_DELETED_AT_ONCE || list.has(target.key)) {
      yield [...list.values()];
      list = new Map();
    }
    list.set(target.key, target);
    if (list.size % IN_A_TURN === 0) await takeTurn();
  }
  if (list.size > 0) yield [...list.values()];
}

async function* inTurns(outcomes: readonly BatchOutcome[]): AsyncGenerator<BatchOutcome, void, undefined> {
  for (const [place, outcome] of outcomes.entries()) {
    yield outcome;
    if (place % IN_A_TURN === 0) await takeTurn();
  }
}
