import type { Collection } from '../../../../shared/collection.ts';
import type { S3Client } from '../../s3/s3-client.ts';
import { findObject, MAXIMUM_BODY_BYTES } from '../read-record.ts';
import type { BatchAddress, BatchOptions, ReadOutcome, Source } from '../record-batches.ts';
import { callOf, tasksOf } from './batch-calls.ts';
import { BatchFailures } from './batch-failures.ts';
import { concurrentMap } from './concurrent-map.ts';

export function readMany(
  client: S3Client,
  collection: Collection,
  source: Source<BatchAddress>,
  options: BatchOptions,
): AsyncGenerator<ReadOutcome, void, undefined> {
  const failures = new BatchFailures();

  const one = async (address: BatchAddress, index: number, signal: AbortSignal): Promise<ReadOutcome> => {
    try {
      const call = { maximumBytes: MAXIMUM_BODY_BYTES, ...callOf(options, index, signal) };
      const found = await findObject(collection, address, (key) => client.getObject(collection.bucket, key, call));
      failures.passed();
      return { index, found, error: null };
    } catch (error) {
      return { index, found: null, error: failures.ofRecord(error) };
    }
  };
  return concurrentMap(source, one, {
    signal: options.signal,
    tasks: tasksOf(options),
    ordered: options.ordered ?? false,
    sizeOf: ({ size }) => size ?? null,
    sizeOfResult: ({ found }) => found?.body.byteLength ?? 0,
  });
}
