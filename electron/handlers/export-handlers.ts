import { z } from 'zod';
import { AppFailure } from '../../shared/result.ts';
import { idSchema } from '../store/schemas.ts';
import { exportedStatementSchema, exportFormSchema, queryTextSchema } from './export-schemas.ts';
import { handle } from './handler.ts';
import type { Services } from './services.ts';

const nameSchema = z.string().min(1, 'is empty').max(400);

export function exportHandlers({ engine, exportPlaces }: Services) {
  return {
    'exports:choose': handle('exports:choose', z.strictObject({ name: nameSchema }), ({ name }) =>
      exportPlaces.choose(name),
    ),
    'exports:start': handle(
      'exports:start',
      z.strictObject({
        collection: idSchema,
        query: queryTextSchema,
        sql: exportedStatementSchema.optional(),
        form: exportFormSchema,
        place: z.union([z.strictObject({ chosen: idSchema }), z.strictObject({ downloads: nameSchema })]),
      }),
      async ({ place, ...task }, { signal }) => {
        const target = await exportPlaces.targetOf(place);
        return engine.startJob({ kind: 'export', ...task, target }, 'within-budget', signal);
      },
    ),
    'exports:show': handle('exports:show', z.strictObject({ job: idSchema }), async ({ job }) => {
      const path = engine.jobs.list().find(({ id }) => id === job)?.path;
      if (path === undefined) throw new AppFailure('job-not-found', 'This job is not kept any more.');
      exportPlaces.show(path);
      return null;
    }),
  };
}
