import type { JobOutcome } from '../../../../shared/job.ts';
import { AppFailure } from '../../../../shared/result.ts';
import { writeMany } from '../../records/batch/write-many.ts';
import { copyRecord } from '../../records/copy-record.ts';
import { moveRecord } from '../../records/move-record.ts';
import type { RecordCall } from '../../records/record-call.ts';
import type { RecordDone } from '../../records/record-done.ts';
import { headOrNull } from '../../records/settle-write.ts';
import { undoWrite } from '../../records/undo-write.ts';
import type { WriteIntent } from '../../records/write-intent.ts';
import { sameEtag } from '../../s3/etag.ts';
import type { JobConnection } from '../job-context.ts';
import { doneRecords, type DoneRecord } from '../journal/done-writes.ts';
import { settleMove, type CopySides } from './copy-records.ts';
import { routeBetween } from './copy-route.ts';
import { SENT_TO_UNDO, type KindOfJob } from './job-kind.ts';
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
  undoSends: [SENT_TO_UNDO.look, SENT_TO_UNDO.read, SENT_TO_UNDO.write, SENT_TO_UNDO.deleteCreated],
  run: async (run, { job, moves = 'back' }) => {
    const { to } = run.entry.header;
    const sides =
      to === undefined ? null : { here: run.connection, there: await run.connectTo(to.collection, 'write') };
    const way = sides === null ? null : moves === 'forth' ? forwards(sides) : backwards(sides);
    const settle = way?.settle ?? run.connection.settle;
    const write = async ({ record: { outcome, intent } }: UndoneItem, call: RecordCall): Promise<RecordDone> =>
      way === null
        ? undoWrite(run.connection.client, outcome, await intent(), call)
        : way.write(outcome, await intent(), call);
    return run.journals.read(job, (file) =>
      writeItems({ ...run, connection: { ...run.connection, settle } }, itemsOf(doneRecords(file)), (items, options) =>
        writeMany(items, { prepare: (item) => item, sizeOf: () => null, write }, options),
      ),
    );
  },
};

/** Both ends of the move that is taken back, or done again. */
type MoveSides = Pick<CopySides, 'here' | 'there'>;

interface WayOfMoving {
  readonly settle: JobConnection['settle'];
  readonly write: (outcome: JobOutcome, intent: WriteIntent | null, call: RecordCall) => Promise<RecordDone>;
}

function backwards(sides: MoveSides): WayOfMoving {
  return {
    settle: settleHalf(sides.here.settle),
    write: (outcome, intent, call) => moveBack(sides, outcome, intent, call),
  };
}

/**
 * What an undo brought back goes to where it had been moved. What is there stays, and such a record too: also where it is what
 * the move had written over.
 */
function forwards({ here, there }: MoveSides): WayOfMoving {
  const route = routeBetween(here.target, there.target);
  const terms = { ifExists: 'fail', storageClass: null, encryption: null, route } as const;
  return {
    settle: settleMove({ here, there }),
    write: async ({ key, etagAfter }, intent, call) => {
      const to = intent?.from;
      if (intent === null || to === undefined || etagAfter === null) throw notMoved(key);
      const from = { client: here.client, bucket: intent.bucket, key: intent.key, etag: etagAfter };
      const { etag, notes } = await moveRecord(from, { client: there.client, ...to }, terms, call);
      return { outcome: 'done', key: intent.key, etagBefore: etagAfter, etagAfter: etag, notes, written: null };
    },
  };
}

/** A record to where it was moved from; then what the move had written over comes back to where it is now. */
async function moveBack(
  { here, there }: MoveSides,
  { key, etagAfter }: JobOutcome,
  intent: WriteIntent | null,
  call: RecordCall,
): Promise<RecordDone> {
  const from = intent?.from;
  if (intent === null || from === undefined || etagAfter === null) throw notMoved(key);
  const copy = { client: there.client, bucket: intent.bucket, key: intent.key, etag: etagAfter };
  const original = { client: here.client, bucket: from.bucket, key: from.key };
  const route = routeBetween(there.target, here.target);
  const terms = { ifExists: 'fail', storageClass: null, encryption: null, route } as const;
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
