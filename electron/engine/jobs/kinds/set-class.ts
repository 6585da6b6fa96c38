import { AppFailure } from '../../../../shared/result.ts';
import { writeMany } from '../../records/batch/write-many.ts';
import { setClass } from '../../records/set-class.ts';
import type { JobConnection } from '../job-context.ts';
import { namedRecords, SENT_TO_UNDO, type KindOfJob } from './job-kind.ts';
import { writeRecords } from './write-records.ts';

/** Another storage class, by a copy of each object onto itself. */
export const SET_CLASS: KindOfJob<'set-class'> = {
  use: 'write',
  pauses: 'behind-records',
  retries: 'failed-records',
  undo: 'writes',
  recordsOf: namedRecords,
  sends: ({ records, written, storageClass }) => [
    { operation: 'HeadObject', count: records, exact: true },
    { operation: 'CopyObject', count: written, exact: false, bodies: 'copied', into: storageClass ?? null },
  ],
  undoSends: [SENT_TO_UNDO.look, SENT_TO_UNDO.copy],
  writes: (from, { storageClass }) => from !== storageClass,
  endsObjects: true,
  run: async (run, { storageClass }) => {
    await requireClasses(run.connection, run.signal);
    return writeRecords(run, (records, options) => {
      const { client, source } = run.connection;
      return writeMany(
        records,
        {
          prepare: (record) => record,
          sizeOf: () => 0,
          write: (record, call) => setClass(client, source.bucket, record, storageClass, call),
        },
        options,
      );
    });
  },
};

async function requireClasses({ client, source, target }: JobConnection, signal: AbortSignal): Promise<void> {
  const { storageClasses } = await client.capabilities(source.bucket, source.prefix, { signal, lane: 'bulk' });
  if (storageClasses !== false) return;
  throw new AppFailure(
    'unsupported-by-server',
    `The server of connection ${target.connection.name} keeps every object in the same storage class. Nothing was changed.`,
  );
}
