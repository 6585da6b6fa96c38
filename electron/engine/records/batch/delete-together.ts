import { AppFailure } from '../../../../shared/result.ts';
import { canBeInXml } from '../../s3/delete-objects.ts';
import { BULK_PATIENCE } from '../../s3/retry.ts';
import type { CallOptions, DeletedObject } from '../../s3/s3-client.ts';
import { takeTurn } from '../../turns.ts';
import { lookInDoubt, WriteInDoubt } from '../../s3/write-in-doubt.ts';
import type { BatchOutcome } from '../record-batches.ts';
import { MAXIMUM_TRIES, settleIntent, type Settled } from '../settle-write.ts';
import { hasCode, recordChanged } from '../write-failures.ts';
import type { WriteIntent } from '../write-intent.ts';
import { callOf, deletedOutcome, undoneOutcome } from './batch-calls.ts';
import type { DeleteBatch, IndexedTarget } from './delete-many.ts';

/**
 * Deletes up to 1,000 objects with one DeleteObjects. Where its answer is lost, or says of an object that it may be tried
 * again, those objects are looked at, and what is still there goes into another one. Those that were one too many for the
 * server go there without a look: nothing was done to them. The lane has slowed down by then, and they are given up after
 * the time that a single request would be.
 */
export async function deleteTogether(
  batch: DeleteBatch,
  targets: readonly IndexedTarget[],
  signal: AbortSignal,
): Promise<readonly BatchOutcome[]> {
  const { bucket, options, failures, deleteOne } = batch;
  const inList = targets.filter(({ key }) => canBeInXml(key));
  const alone = targets.filter(({ key }) => !canBeInXml(key));
  const outcomes = await Promise.all(alone.map((target) => deleteOne(target, signal)));
  if (inList.length === 0) return outcomes;
  const { announce: _announce, ...call } = callOf(options, 0, signal);
  await options.witness?.intend(inList.map((target) => intentOf(bucket, target)));

  const begun = performance.now();
  const triesInDoubt = new Map<IndexedTarget, number>();
  const deleted = (target: IndexedTarget, existed: boolean): void => {
    failures.passed();
    outcomes.push(deletedOutcome(target, existed));
  };
  const undone = (target: IndexedTarget, failure: AppFailure): void => {
    outcomes.push(undoneOutcome(target.index, target.key, failure, failures));
  };

  for (let left = inList; left.length > 0;) {
    const answers = await deleteObjects(batch, left, call);
    if (answers === 'refused') {
      outcomes.push(...(await Promise.all(left.map((target) => deleteOne(target, signal)))));
      break;
    }
    const isPatient = performance.now() - begun < BULK_PATIENCE;
    const again: IndexedTarget[] = [];
    const unsure: { readonly target: IndexedTarget; readonly doubt: WriteInDoubt }[] = [];
    for (const { target, failure } of answers) {
      if (failure === null) {
        deleted(target, true);
        continue;
      }
      const { code, retryable } = failure.error;
      if (code === 'record-not-found') deleted(target, triesInDoubt.has(target));
      else if (code === 'throttled' && isPatient) again.push(target);
      else if (code !== 'throttled' && retryable) {
        triesInDoubt.set(target, (triesInDoubt.get(target) ?? 0) + 1);
        unsure.push({ target, doubt: new WriteInDoubt(failure) });
      } else undone(target, failure);
    }
    const looks = await Promise.all(unsure.map(({ target }) => look(batch, target, call)));
    for (const [place, { target, doubt }] of unsure.entries()) {
      const found = looks[place];
      if (found instanceof WriteInDoubt) undone(target, found);
      else if (found === 'done') deleted(target, true);
      else if (found === 'changed') undone(target, recordChanged({ bucket, key: target.key }));
      else if ((triesInDoubt.get(target) ?? 0) >= MAXIMUM_TRIES) undone(target, doubt);
      else again.push(target);
    }
    left = again;
  }
  return outcomes.toSorted((one, other) => one.index - other.index);
}

interface Answered {
  readonly target: IndexedTarget;
  /** Null where it is deleted. */
  readonly failure: AppFailure | null;
}

/**
 * What became of each by the server's answer, all in doubt where that is lost; `refused` where the server takes no such
 * list, or not this one.
 */
async function deleteObjects(
  { client, bucket }: DeleteBatch,
  targets: readonly IndexedTarget[],
  call: CallOptions,
): Promise<readonly Answered[] | 'refused'> {
  try {
    const list = targets.map(({ key, etag }) => (etag === null ? { key } : { key, etag }));
    const answers = await client.deleteObjects(bucket, list, call);
    // To read a thousand of them has taken the time of a turn.
    await takeTurn();
    return targets.map((target, place) => ({ target, failure: failureOf(answers[place]) }));
  } catch (error) {
    if (error instanceof WriteInDoubt) return targets.map((target) => ({ target, failure: error }));
    const isRefused = hasCode(error, 'unsupported-by-server', 'invalid-arguments', 'invalid-key', 'server-error');
    if (isRefused && !error.error.retryable) return 'refused';
    throw error;
  }
}

function failureOf(answer: DeletedObject | undefined): AppFailure | null {
  if (answer === undefined) throw new Error('A list of deletes has fewer answers than keys.');
  const { error } = answer;
  return error === null ? null : new AppFailure(error.code, error.message, error);
}

async function look(
  { client, bucket }: DeleteBatch,
  target: IndexedTarget,
  call: CallOptions,
): Promise<Settled | WriteInDoubt> {
  try {
    return (await lookInDoubt(() => settleIntent(client, intentOf(bucket, target), call))).settled;
  } catch (error) {
    if (error instanceof WriteInDoubt) return error;
    throw error;
  }
}

function intentOf(bucket: string, { index, key, etag }: IndexedTarget): WriteIntent {
  return { index, bucket, key, expectation: etag === null ? { any: true } : { etag }, after: null, before: null };
}
