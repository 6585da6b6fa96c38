import type { BatchOptions, BatchOutcome, BatchTarget } from '../record-batches.ts';
import type { RecordCall } from '../record-call.ts';
import type { WriteWitness } from '../write-intent.ts';
import type { S3Client } from '../../s3/s3-client.ts';
import { takeTurn } from '../../turns.ts';
import { WriteInDoubt } from '../../s3/write-in-doubt.ts';
import type { BatchFailures } from './batch-failures.ts';

/** Tasks of one batch under way at once; the client's bulk lane lets through what the server bears. */
const MOST_TASKS = 512;

export function tasksOf({ tasks = MOST_TASKS }: BatchOptions): () => number {
  return typeof tasks === 'number' ? () => tasks : tasks;
}

/**
 * As many tasks as the server bears requests, since more would only wait for those, at a cost. Who has intents to write
 * into a journal begins more, so that one write of it takes many.
 */
export function paced(client: S3Client, options: BatchOptions): BatchOptions {
  const isPaced = options.tasks === undefined && options.witness === undefined;
  return isPaced ? { ...options, tasks: () => client.bulkLimit() } : options;
}

/** How the requests of one record of a batch are sent. */
export function callOf({ meter, witness }: BatchOptions, index: number, signal: AbortSignal): RecordCall {
  const call: RecordCall = meter === undefined ? { signal, lane: 'bulk' } : { signal, lane: 'bulk', meter };
  return witness === undefined ? call : { ...call, ...announcing(witness, index) };
}

function announcing(witness: WriteWitness, index: number): Pick<RecordCall, 'announce' | 'keepsBody'> {
  return {
    announce: async (write) => {
      await witness.intend([{ index, ...write }]);
      // One write of the journal lets hundreds go on.
      await takeTurn();
    },
    keepsBody: witness.keepsBodies ?? true,
  };
}

/** Of a record that failed, or of whose write nobody knows. Throws what ends the whole batch. */
export function undoneOutcome(index: number, key: string, failure: unknown, failures: BatchFailures): BatchOutcome {
  const outcome = failure instanceof WriteInDoubt ? 'in-doubt' : 'failed';
  const error = failures.ofRecord(failure);
  return { index, key, outcome, etagBefore: null, etagAfter: null, error, notes: [], written: null };
}

/** Of a delete; `existed` is false where there was nothing to delete. */
export function deletedOutcome(
  { index, key, etag }: BatchTarget & { readonly index: number },
  existed: boolean,
  notes: readonly string[] = [],
): BatchOutcome {
  return {
    index,
    key,
    outcome: existed ? 'done' : 'unchanged',
    etagBefore: existed ? etag : null,
    etagAfter: null,
    error: null,
    notes,
    written: null,
  };
}
