import { z } from 'zod';
import { MOST_DRAGGED_RECORDS } from '../../shared/dragged-records.ts';
import { AppFailure } from '../../shared/result.ts';
import { idSchema } from '../store/schemas.ts';
import { exportedStatementSchema, exportFormSchema, queryTextSchema } from './export-schemas.ts';
import { handle } from './handler.ts';
import { resultSchema } from './query-handlers.ts';
import { collectionTarget, type Services } from './services.ts';

const positionSchema = z.number().int().min(0);
const nameSchema = z.string().min(1, 'is empty').max(400);

export function exportHandlers(services: Services) {
  const { engine, exportPlaces } = services;
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
    'exports:dragged': handle(
      'exports:dragged',
      z
        .strictObject({
          collection: idSchema,
          result: resultSchema,
          ranges: z
            .array(z.strictObject({ from: positionSchema, to: positionSchema }).refine(({ from, to }) => from < to))
            .min(1)
            .max(MOST_DRAGGED_RECORDS),
        })
        .refine(
          ({ ranges }) => ranges.reduce((count, { from, to }) => count + to - from, 0) <= MOST_DRAGGED_RECORDS,
          'are more records than can be dragged',
        ),
      (records, { signal }) => engine.readDragged(collectionTarget(services, records.collection), records, signal),
    ),
    'exports:show': handle('exports:show', z.strictObject({ job: idSchema }), async ({ job }) => {
      const path = engine.jobs.list().find(({ id }) => id === job)?.path;
      if (path === undefined) throw new AppFailure('job-not-found', 'This job is not kept any more.');
      exportPlaces.show(path);
      return null;
    }),
  };
}
