import type { JobOutcome } from '../../../../shared/job.ts';
import { AppFailure } from '../../../../shared/result.ts';
import { writeMany } from '../../records/batch/write-many.ts';
import { copyRecord } from '../../records/copy-record.ts';
import type { RecordCall } from '../../records/record-call.ts';
import type { RecordDone } from '../../records/record-done.ts';
import { headOrNull } from '../../records/settle-write.ts';
import { undoWrite } from '../../records/undo-write.ts';
import type { WriteIntent } from '../../records/write-intent.ts';
import { sameEtag } from '../../s3/etag.ts';
import type { JobConnection } from '../job-context.ts';
import { doneRecords, type DoneRecord } from '../journal/done-writes.ts';
import { isOneService } from './copy-records.ts';
import type { KindOfJob } from './job-kind.ts';
import { writeItems, type JobItem } from './write-records.ts';

/** A record of the other job; its position there is its position here. */
interface UndoneItem extends JobItem {
  readonly key: string;
  readonly record: DoneRecord;
}

/** Brings back what was before another job, record by record, by that job's journal. */
export const UNDO: KindOfJob<'undo'> = {
  use: 'write',
  pauses: 'behind-records',
  retries: 'anew',
  undo: 'writes',
  recordsOf: null,
  run: async (run, { job }) => {
    const { to } = run.entry.header;
    const { client } = run.connection;
    const there = to === undefined ? null : await run.connectTo(to.collection, 'write');
    const { settle } = run.connection;
    const connection = there === null ? run.connection : { ...run.connection, settle: settleHalf(settle) };
    const write = async ({ record: { outcome, intent } }: UndoneItem, call: RecordCall): Promise<RecordDone> =>
      there === null
        ? undoWrite(client, outcome, await intent(), call)
        : moveBack({ here: run.connection, there }, outcome, await intent(), call);
    return run.journals.read(job, (file) =>
      writeItems({ ...run, connection }, itemsOf(doneRecords(file)), (items, options) =>
        writeMany(items, { prepare: (item) => item, sizeOf: () => null, write }, options),
      ),
    );
  },
};

/** A record to where it was moved from; then what the move had written over comes back to where it is now. */
async function moveBack(
  { here, there }: { readonly here: JobConnection; readonly there: JobConnection },
  { key, etagAfter }: JobOutcome,
  intent: WriteIntent | null,
  call: RecordCall,
): Promise<RecordDone> {
  const from = intent?.from;
  if (intent === null || from === undefined || etagAfter === null) throw notMoved(key);
  const copy = { client: there.client, bucket: intent.bucket, key: intent.key, etag: etagAfter };
  const original = { client: here.client, bucket: from.bucket, key: from.key };
  const byServer = isOneService(here.target, there.target);
  const terms = { ifExists: 'fail', storageClass: null, encryption: null, byServer } as const;
  const { announce: _, ...look } = call;
  const found = await headOrNull(here.client, from, look);
  // An earlier run of this undo has brought it back, and was cut off before the rest.
  const isBack = found !== null && sameEtag(found.etag, from.etag);
  const { etag, notes } = isBack ? { etag: found.etag, notes: [] } : await copyRecord(copy, original, terms, call);
  const etagBefore = intent.before?.facts.etag ?? null;
  await undoWrite(there.client, { ...intent, etagBefore, etagAfter }, intent, look);
  return { outcome: 'done', key, etagBefore: null, etagAfter: etag, notes, written: null };
}

async function* itemsOf(
  records: AsyncGenerator<DoneRecord, void, undefined>,
): AsyncGenerator<UndoneItem, void, undefined> {
  for await (const record of records) yield { ...placeOf(record.outcome), record };
}

function placeOf({ index, key, etagAfter }: JobOutcome): Omit<UndoneItem, 'record'> {
  return { index, key, etag: etagAfter };
}

/** What was brought back is half of it: what is left of the move has to go. */
function settleHalf(settle: JobConnection['settle']): JobConnection['settle'] {
  return async (tries, call) => {
    const settled = await settle(tries, call);
    return settled.settled === 'done' ? { ...settled, settled: 'not-done' } : settled;
  };
}

function notMoved(key: string): AppFailure {
  return new AppFailure(
    'record-not-found',
    `The journal does not say where ${JSON.stringify(key)} was moved from. It stays where it is.`,
    { detail: { key } },
  );
}
