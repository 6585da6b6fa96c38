import { canBeInXml } from '../../s3/delete-objects.ts';
import type { CallOptions, DeletedObject } from '../../s3/s3-client.ts';
import { WriteInDoubt } from '../../s3/write-in-doubt.ts';
import type { BatchOutcome } from '../record-batches.ts';
import { settleIntent } from '../settle-write.ts';
import { hasCode, recordChanged } from '../write-failures.ts';
import type { WriteIntent } from '../write-intent.ts';
import { callOf, deletedOutcome, failedOutcome } from './batch-calls.ts';
import type { DeleteBatch, IndexedTarget } from './delete-many.ts';

const MAXIMUM_TRIES = 3;

/**
 * Deletes up to 1,000 objects with one DeleteObjects. Where its answer is lost, or says of an object that it may be tried
 * again, those objects are looked at, and what is still there goes into another one.
 */
export async function deleteTogether(
  batch: DeleteBatch,
  targets: readonly IndexedTarget[],
  signal: AbortSignal,
): Promise<readonly BatchOutcome[]> {
  const { client, bucket, options, failures, deleteOne } = batch;
  const inList = targets.filter(({ key }) => canBeInXml(key));
  const alone = targets.filter(({ key }) => !canBeInXml(key));
  const outcomes = await Promise.all(alone.map((target) => deleteOne(target, signal)));
  if (inList.length === 0) return outcomes;
  const { announce: _announce, ...call } = callOf(options, 0, signal);
  await options.witness?.intend(inList.map((target) => intentOf(bucket, target)));

  let left = inList;
  for (let tries = 1; ; tries += 1) {
    const answers = await deleteObjects(batch, left, call, tries);
    if (answers === 'refused') {
      outcomes.push(...(await Promise.all(left.map((target) => deleteOne(target, signal)))));
      break;
    }
    const unsure: IndexedTarget[] = [];
    for (const [place, target] of left.entries()) {
      const error = answers?.[place]?.error;
      if (error === undefined || (error?.retryable === true && tries < MAXIMUM_TRIES)) {
        unsure.push(target);
      } else if (error === null || error.code === 'record-not-found') {
        failures.passed();
        outcomes.push(deletedOutcome(target, error === null || tries > 1));
      } else {
        outcomes.push(failedOutcome(target.index, target.key, failures.ofError(error)));
      }
    }
    const looks = await Promise.all(unsure.map((target) => settleIntent(client, intentOf(bucket, target), call)));
    const settled = looks.map((look) => look.settled);
    left = unsure.filter((_target, place) => settled[place] === 'not-done');
    for (const [place, target] of unsure.entries()) {
      if (settled[place] === 'done') {
        failures.passed();
        outcomes.push(deletedOutcome(target, true));
      } else if (settled[place] === 'changed') {
        const conflict = recordChanged({ bucket, key: target.key });
        outcomes.push(failedOutcome(target.index, target.key, failures.ofRecord(conflict)));
      }
    }
    if (left.length === 0) break;
  }
  return outcomes.toSorted((one, other) => one.index - other.index);
}

/** Null where the answer was lost; `refused` where the server takes no such list, or not this one. */
async function deleteObjects(
  { client, bucket }: DeleteBatch,
  targets: readonly IndexedTarget[],
  call: CallOptions,
  tries: number,
): Promise<readonly DeletedObject[] | 'refused' | null> {
  try {
    const list = targets.map(({ key, etag }) => (etag === null ? { key } : { key, etag }));
    return await client.deleteObjects(bucket, list, call);
  } catch (error) {
    if (error instanceof WriteInDoubt && tries < MAXIMUM_TRIES) return null;
    const isRefused = hasCode(error, 'unsupported-by-server', 'invalid-arguments', 'invalid-key', 'server-error');
    if (isRefused && !error.error.retryable) return 'refused';
    throw error;
  }
}

function intentOf(bucket: string, { index, key, etag }: IndexedTarget): WriteIntent {
  return { index, bucket, key, expectation: etag === null ? { any: true } : { etag }, after: null, before: null };
}
