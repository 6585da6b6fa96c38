import { AppFailure } from '../../../../shared/result.ts';
import { writeMany } from '../../records/batch/write-many.ts';
import { setClass } from '../../records/set-class.ts';
import type { JobConnection } from '../job-context.ts';
import type { RequestOf } from '../../../../shared/job.ts';
import type { RecordDone } from '../../records/record-done.ts';
import type { JobRecord } from '../journal/journal.ts';
import { namedRecords, SENT_TO_UNDO, type KindOfJob, type ListingContext, type Pages } from './job-kind.ts';
import { writeRecords } from './write-records.ts';

/** Another storage class, by a copy of each object onto itself; rules are asked of the index while its records are listed. */
export const SET_CLASS: KindOfJob<'set-class'> = {
  use: 'write',
  pauses: 'behind-records',
  retries: 'failed-records',
  undo: 'writes',
  recordsOf: ruledRecords,
  sends: ({ records, written, storageClass, storageRules }) => [
    { operation: 'HeadObject', count: records, exact: true },
    {
      operation: 'CopyObject',
      count: written,
      exact: false,
      bodies: 'copied',
      into: storageRules === undefined ? (storageClass ?? null) : null,
    },
  ],
  undoSends: [SENT_TO_UNDO.look, SENT_TO_UNDO.copy],
  writes: ({ storageClass, into }, task) => storageClass !== (into ?? task.storageClass ?? storageClass),
  endsObjects: true,
  check: async ({ storageClass, storageRules = [] }) => {
    if (storageClass !== undefined || storageRules.length > 0) return;
    throw new AppFailure('invalid-arguments', 'Say the class, or rules that give it.');
  },
  run: async (run, { storageClass }) => {
    await requireClasses(run.connection, run.signal);
    return writeRecords(run, (records, options) => {
      const { client, source } = run.connection;
      return writeMany(
        records,
        {
          prepare: (record) => record,
          sizeOf: () => 0,
          write: async (record, call) => {
            const into = record.into ?? storageClass;
            return into === undefined ? stays(record) : setClass(client, source.bucket, record, into, call);
          },
        },
        options,
      );
    });
  },
};

/** Rules give it no class. */
function stays({ key, etag }: JobRecord): RecordDone {
  return { outcome: 'unchanged', key, etagBefore: etag, etagAfter: etag, notes: [], written: null };
}

function ruledRecords(request: RequestOf<'set-class'>, context: ListingContext): Pages {
  const { records, collection, storageRules = [] } = request;
  if (storageRules.length === 0) return namedRecords(request, context);
  if ('result' in records) {
    const { result, ranges } = records;
    return context.indexes.listRecords(result, collection, {
      rules: storageRules,
      ...(ranges === undefined ? {} : { ranges }),
    });
  }
  throw new AppFailure(
    'invalid-arguments',
    'Rules for classes are asked of the index, which knows the rows of an answer: name the records by a query.',
  );
}

async function requireClasses({ client, source, target }: JobConnection, signal: AbortSignal): Promise<void> {
  const { storageClasses } = await client.capabilities(source.bucket, source.prefix, { signal, lane: 'bulk' });
  if (storageClasses !== false) return;
  throw new AppFailure(
    'unsupported-by-server',
    `The server of connection ${target.connection.name} keeps every object in the same storage class. Nothing was changed.`,
  );
}
