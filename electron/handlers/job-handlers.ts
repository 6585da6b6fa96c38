import { z } from 'zod';
import { idSchema } from '../store/schemas.ts';
import { handle } from './handler.ts';
import { sourceOf } from './import-handlers.ts';
import { jobKindSchema, jobRequestSchema } from './job-schemas.ts';
import { spendingSchema } from './query-handlers.ts';
import { collectionTarget, type Services } from './services.ts';

const jobSchema = z.strictObject({ job: idSchema });
export function jobHandlers(services: Services) {
  const { jobs } = services.engine;
  return {
    'jobs:list': handle('jobs:list', z.strictObject({}), async () => jobs.list()),
    'jobs:plan': handle(
      'jobs:plan',
      z.strictObject({ collection: idSchema, kind: jobKindSchema, records: z.number().int().min(0) }),
      ({ collection, kind, records }, { signal }) =>
        services.engine.planJob(collectionTarget(services, collection), kind, records, signal),
    ),
    'jobs:start': handle(
      'jobs:start',
      z.strictObject({ job: jobRequestSchema, spending: spendingSchema.optional() }),
      ({ job, spending = 'within-budget' }, { signal }) => {
        const named = job.kind === 'import' ? { ...job, source: sourceOf(services, job.source) } : job;
        return services.engine.startJob(named, spending, signal);
      },
    ),
    'jobs:preview': handle('jobs:preview', z.strictObject({ job: jobRequestSchema }), ({ job }, { signal }) =>
      jobs.preview(job, signal),
    ),
    'jobs:pause': handle('jobs:pause', jobSchema, ({ job }) => jobs.pause(job)),
    'jobs:resume': handle('jobs:resume', jobSchema, ({ job }) => jobs.resume(job)),
    'jobs:cancel': handle('jobs:cancel', jobSchema, ({ job }) => jobs.cancel(job)),
    'jobs:retry': handle('jobs:retry', jobSchema, ({ job }) => jobs.retry(job)),
    'jobs:undo': handle('jobs:undo', jobSchema, ({ job }) => jobs.undo(job)),
    'jobs:report': handle(
      'jobs:report',
      z.strictObject({ job: idSchema, from: z.string().max(200).nullable(), onlyFailed: z.boolean() }),
      ({ job, from, onlyFailed }) => jobs.report(job, from, onlyFailed),
    ),
    'jobs:bad-rows': handle(
      'jobs:bad-rows',
      z.strictObject({ job: idSchema, from: z.number().int().min(0) }),
      ({ job, from }) => jobs.badRows(job, from),
    ),
    'jobs:remove': handle('jobs:remove', jobSchema, async ({ job }) => {
      await jobs.remove(job);
      return null;
    }),
  };
}
