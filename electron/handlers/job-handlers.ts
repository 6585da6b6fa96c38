import { z } from 'zod';
import { editSchema, idSchema } from '../store/schemas.ts';
import { handle } from './handler.ts';
import type { Services } from './services.ts';
import { etagSchema, keySchema } from './record-handlers.ts';

const jobSchema = z.strictObject({ job: idSchema });
const resultSchema = z.string().min(1).max(200);

/** What is picked by hand; whole answers are named by their result. */
const MOST_RECORDS = 10_000;

const recordsSchema = z.union([
  z.strictObject({
    records: z
      .array(z.strictObject({ key: keySchema, etag: etagSchema }))
      .min(1, 'is empty')
      .max(MOST_RECORDS),
  }),
  z.strictObject({ result: resultSchema }),
]);

export function jobHandlers(services: Services) {
  const { jobs } = services.engine;
  return {
    'jobs:list': handle('jobs:list', z.strictObject({}), async () => jobs.list()),
    'jobs:start': handle(
      'jobs:start',
      z.strictObject({
        job: z.discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('sync'), collection: idSchema, rebuild: z.boolean() }),
          z.strictObject({ kind: z.literal('delete'), collection: idSchema, records: recordsSchema }),
          z.strictObject({
            kind: z.literal('update'),
            collection: idSchema,
            records: recordsSchema,
            edits: z.array(editSchema).min(1, 'is empty').max(1_000),
          }),
        ]),
      }),
      ({ job }) => jobs.start(job),
    ),
    'jobs:pause': handle('jobs:pause', jobSchema, ({ job }) => jobs.pause(job)),
    'jobs:resume': handle('jobs:resume', jobSchema, ({ job }) => jobs.resume(job)),
    'jobs:cancel': handle('jobs:cancel', jobSchema, ({ job }) => jobs.cancel(job)),
    'jobs:retry': handle('jobs:retry', jobSchema, ({ job }) => jobs.retry(job)),
    'jobs:report': handle(
      'jobs:report',
      z.strictObject({ job: idSchema, from: z.string().max(200).nullable(), onlyFailed: z.boolean() }),
      ({ job, from, onlyFailed }) => jobs.report(job, from, onlyFailed),
    ),
    'jobs:remove': handle('jobs:remove', jobSchema, async ({ job }) => {
      await jobs.remove(job);
      return null;
    }),
  };
}
