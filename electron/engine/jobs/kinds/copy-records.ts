import { AppFailure } from '../../../../shared/result.ts';
import type { SentRequests } from '../../cost/plan-job.ts';
import type { CollectionTarget } from '../../engine.ts';
import { writeMany } from '../../records/batch/write-many.ts';
import { copyRecord, type Copied, type CopySide, type CopyTerms, type SeenThere } from '../../records/copy-record.ts';
import { moveRecord, removeMoved } from '../../records/move-record.ts';
import type { RecordCall } from '../../records/record-call.ts';
import type { RecordDone } from '../../records/record-done.ts';
import type { JobConnection } from '../job-context.ts';
import type { JobRecord, WorkOf } from '../journal/journal.ts';
import { isOneService, routeBetween } from './copy-route.ts';
import { keepsReplaced, namedRecords, SENT_TO_UNDO, type KindOfJob, type SentTask } from './job-kind.ts';
import type { JobRun } from './job-run.ts';
import { writeRecords, type TellIndex } from './write-records.ts';

/** Copies objects as they are into another collection; their keys below its prefix are the same. */
export const COPY: KindOfJob<'copy'> = {
  use: 'read',
  pauses: 'behind-records',
  retries: 'failed-records',
  undo: 'writes-there',
  recordsOf: namedRecords,
  sends: copySends,
  undoSends: [SENT_TO_UNDO.look, SENT_TO_UNDO.read, SENT_TO_UNDO.write, SENT_TO_UNDO.deleteCreated],
  keeps: keepsReplaced,
  run: async (run, work) => {
    const sides = await sidesOf(run, work, 'read');
    const settled = { ...run, connection: { ...run.connection, settle: sides.there.settle } };
    return copyAll(settled, sides, copyRecord, tellOther(work.to));
  },
};

/** What is in the place of a copy takes more. */
export function copySends({ records, written: count, byServer, storageClass }: SentTask): readonly SentRequests[] {
  const looked: SentRequests = { operation: 'HeadObject', count: records, exact: true };
  const written = { count, exact: false, into: storageClass ?? null, isThere: true };
  if (byServer) return [looked, { operation: 'CopyObject', ...written, bodies: 'copied' }];
  return [
    looked,
    { operation: 'GetObject', count, exact: false, bodies: 'read' },
    { operation: 'PutObject', ...written },
  ];
}

/** The index of the other collection is behind now. */
export function tellOther(to: string): TellIndex {
  return async ({ indexes }, _, { outcome }) => {
    if (outcome !== 'unchanged') indexes.distrust(to);
  };
}

/** A copy whose sources go, each once its copy was looked at. */
export const MOVE: KindOfJob<'move'> = {
  use: 'write',
  pauses: 'behind-records',
  retries: 'failed-records',
  undo: 'moves',
  recordsOf: namedRecords,
  sends: (task) => [...copySends(task), { operation: 'DeleteObject', count: task.written, exact: false }],
  undoSends: [SENT_TO_UNDO.look, SENT_TO_UNDO.copy, SENT_TO_UNDO.delete],
  endsObjects: true,
  // The source lives on in its copy.
  keeps: keepsReplaced,
  run: async (run, work) => {
    const sides = await sidesOf(run, work, 'write');
    const connection = { ...run.connection, settle: settleMove(sides) };
    return copyAll({ ...run, connection }, sides, moveRecord, async ({ indexes, entry }, changes, outcome) => {
      if (outcome.outcome === 'unchanged') return;
      indexes.distrust(work.to);
      if (outcome.outcome === 'done') await changes.delete(outcome.key);
      else indexes.distrust(entry.header.collection);
    });
  },
};

/** The two ends of a copy. */
export interface CopySides {
  readonly here: JobConnection;
  readonly there: JobConnection;
  readonly terms: CopyTerms;
}

export async function sidesOf(
  { connection: here, connectTo }: Pick<JobRun, 'connection' | 'connectTo'>,
  { to, ifExists, storageClass }: Omit<WorkOf<'copy'>, 'kind'>,
  use: 'read' | 'write',
): Promise<CopySides> {
  const there = await connectTo(to, 'write');
  const { collection } = there.target;
  if (isOnItself(here.target, there.target)) {
    throw new AppFailure(
      'invalid-arguments',
      `Source and destination are the same place, s3://${collection.bucket}/${collection.prefix}. Nothing was ${use === 'read' ? 'copied' : 'moved'}.`,
    );
  }
  const terms = {
    ifExists,
    storageClass: storageClass ?? collection.defaultStorageClass,
    encryption: collection.encryption,
    route: routeBetween(here.target, there.target),
  };
  return { here, there, terms };
}

function isOnItself(a: CollectionTarget, b: CollectionTarget): boolean {
  const isSamePlace = a.collection.bucket === b.collection.bucket && a.collection.prefix === b.collection.prefix;
  return isSamePlace && isOneService(a, b);
}

export function copyOf({ here, there }: Pick<CopySides, 'here' | 'there'>, key: string): CopySide {
  const below = key.slice(here.source.prefix.length);
  return { client: there.client, bucket: there.source.bucket, key: there.source.prefix + below };
}

type CopyOne = (
  from: CopySide & { readonly etag: string },
  to: CopySide,
  terms: CopyTerms & SeenThere,
  call: RecordCall,
) => Promise<Copied>;

export function copyAll(run: JobRun, sides: CopySides, copyOne: CopyOne, tell: TellIndex): Promise<boolean> {
  const { client, source } = sides.here;
  const write = async ({ key, etag, etagThere }: JobRecord, call: RecordCall): Promise<RecordDone> => {
    const from = { client, bucket: source.bucket, key, etag };
    const terms = etagThere === undefined ? sides.terms : { ...sides.terms, seen: etagThere };
    const copied = await copyOne(from, copyOf(sides, key), terms, call);
    return {
      outcome: copied.outcome,
      key,
      etagBefore: copied.etagBefore,
      ...(copied.etagBefore === null ? { created: true as const } : {}),
      ...(copied.throughHere === true ? { throughHere: true as const } : {}),
      etagAfter: copied.etag,
      notes: copied.notes,
      written: null,
    };
  };
  return writeRecords(
    run,
    (records, options) => writeMany(records, { prepare: (record) => record, sizeOf: () => 0, write }, options),
    tell,
  );
}

/** A copy that took place is half a move: its source has to go before it is one. */
export function settleMove({ here, there }: Pick<CopySides, 'here' | 'there'>): JobConnection['settle'] {
  return async (tries, call) => {
    const settled = await there.settle(tries, call);
    const [{ bucket, key, from, after }] = tries;
    if (settled.settled !== 'done' || from === undefined || settled.etag === null) return settled;
    const { signal = new AbortController().signal } = call;
    const source = { client: here.client, ...from };
    const copy = { etag: settled.etag, size: after?.size ?? 0 };
    await removeMoved(source, { client: there.client, bucket, key }, copy, { ...call, signal });
    return settled;
  };
}
