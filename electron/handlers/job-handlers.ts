import { z } from 'zod';
import { idSchema } from '../store/schemas.ts';
import { handle } from './handler.ts';
import { sourceOf } from './import-handlers.ts';
import { jobRequestSchema, plannedJobSchema } from './job-schemas.ts';
import { spendingSchema } from './query-handlers.ts';
import type { Services } from './services.ts';

const jobSchema = z.strictObject({ job: idSchema });
const spentJobSchema = z.strictObject({ job: idSchema, spending: spendingSchema.optional() });

export function jobHandlers(services: Services) {
  const { jobs } = services.engine;
  return {
    'jobs:list': handle('jobs:list', z.strictObject({}), async () => jobs.list()),
    'jobs:plan': handle('jobs:plan', plannedJobSchema, (job, { signal }) => services.engine.planJob(job, signal)),
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
    'jobs:retry': handle('jobs:retry', spentJobSchema, ({ job, spending = 'within-budget' }, { signal }) =>
      services.engine.retryJob(job, spending, signal),
    ),
    'jobs:undo': handle(
      'jobs:undo',
      spentJobSchema.extend({ undoable: z.boolean().optional() }),
      ({ job, spending = 'within-budget', undoable }, { signal }) =>
        services.engine.undoJob(job, { spending, ...(undoable === undefined ? {} : { undoable }) }, signal),
    ),
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
