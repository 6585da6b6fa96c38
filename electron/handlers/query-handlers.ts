import { z } from 'zod';
import { MOST_PROFILED_FIELDS } from '../../shared/profile.ts';
import { idSchema } from '../store/schemas.ts';
import { handle } from './handler.ts';
import { collectionTarget, type Services } from './services.ts';

export const resultSchema = z.string().min(1).max(200);
/** A path that has figures is never deeper than the index follows. */
const pathSchema = z.array(z.string().max(4_096)).min(1).max(16);
const positionSchema = z.number().int().min(0);

/** A page has at most 1,000 rows; the engine cuts by bytes. */
const rangeSchema = z.strictObject({
  result: resultSchema,
  from: positionSchema,
  count: z.number().int().min(1).max(1000),
});

export const spendingSchema = z.enum(['ask', 'within-budget', 'anything']);

const askedSchema = z.strictObject({
  collection: idSchema,
  query: z.string().max(4_194_304, 'is longer than 4 MB'),
  freshness: z.enum(['first-rows', 'complete', 'forced', 'held']),
  tagsReadBefore: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
});

export function queryHandlers(services: Services) {
  const { engine } = services;
  return {
    'query:open': handle(
      'query:open',
      askedSchema.extend({ spending: spendingSchema.optional() }),
      async ({ collection, query, freshness, ...terms }, { signal, client }) => {
        const target = collectionTarget(services, collection);
        const opened = await engine.openQuery(target, query, freshness, signal, terms);
        client.hold(opened.result, () => engine.closeQuery(opened.result));
        return opened;
      },
    ),
    'query:count': handle(
      'query:count',
      askedSchema.extend({ spending: spendingSchema.optional() }),
      ({ collection, query, freshness, ...terms }, { signal }) =>
        engine.countRecords(collectionTarget(services, collection), query, freshness, signal, terms),
    ),
    'query:plan': handle('query:plan', askedSchema, ({ collection, query, freshness, ...terms }, { signal }) =>
      engine.planQuery(collectionTarget(services, collection), query, freshness, signal, terms),
    ),
    'query:page': handle('query:page', rangeSchema, ({ result, from, count }, { signal }) =>
      engine.readPage(result, from, count, signal),
    ),
    'query:rows': handle('query:rows', rangeSchema, ({ result, from, count }, { signal }) =>
      engine.readRows(result, from, count, signal),
    ),
    'query:profile': handle(
      'query:profile',
      z.strictObject({ result: resultSchema, fields: z.array(pathSchema).max(MOST_PROFILED_FIELDS) }),
      ({ result, fields }, { signal }) => engine.profileResult(result, fields, signal),
    ),
    'query:close': handle('query:close', z.strictObject({ result: resultSchema }), async ({ result }, { client }) => {
      client.drop(result);
      await engine.closeQuery(result);
      return null;
    }),
    'query:stop-sync': handle('query:stop-sync', z.strictObject({ collection: idSchema }), async ({ collection }) => {
      await engine.stopSync(collection);
      return null;
    }),
  };
}
