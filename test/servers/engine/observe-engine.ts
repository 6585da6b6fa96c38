/** How cases of the engine put into plain words what it told. */
import type { BatchOutcome } from '../../../electron/engine/records/record-batches.ts';
import type { ListOptions, S3Client } from '../../../electron/engine/s3/s3-client.ts';

/** `done`, `unchanged`, or the code of the failure, in the order of the source. */
export async function toldOf(outcomes: AsyncIterable<BatchOutcome>): Promise<readonly string[]> {
  const told: BatchOutcome[] = [];
  for await (const outcome of outcomes) told.push(outcome);
  return told
    .toSorted((one, other) => one.index - other.index)
    .map(({ outcome, error }) => (error === null ? outcome : error.code));
}

/** How many of each. */
export function countsOf(words: Iterable<string>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** One page after the other. */
export async function keysOf(client: S3Client, bucket: string, options: ListOptions = {}): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { objects } of client.listAllObjects(bucket, options)) keys.push(...objects.map(({ key }) => key));
  return keys;
}

/** Uploads that were begun and not ended. */
export async function unfinishedOf(client: S3Client, bucket: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const page of client.listMultipartUploads(bucket, {})) keys.push(...page.map(({ key }) => key));
  return keys;
}
