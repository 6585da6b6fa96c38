import { z } from 'zod';
import { LONGEST_STATEMENT } from '../../shared/sql.ts';
import { idSchema, sortSchema } from '../store/schemas.ts';
import { handle } from './handler.ts';
import { resultSchema, spendingSchema } from './query-handlers.ts';
import { collectionTarget, type Services } from './services.ts';

export const statementSchema = z.string().max(LONGEST_STATEMENT, `is longer than ${LONGEST_STATEMENT} characters`);

export function sqlHandlers(services: Services) {
  const { engine } = services;
  return {
    'sql:open': handle(
      'sql:open',
      z.strictObject({
        collection: idSchema,
        statement: statementSchema,
        freshness: z.enum(['first-rows', 'complete', 'forced', 'held']),
        spending: spendingSchema.optional(),
      }),
      async ({ collection, statement, freshness, ...terms }, { signal, client }) => {
        const target = collectionTarget(services, collection);
        const opened = await engine.sql.open(target, statement, freshness, signal, terms);
        client.hold(opened.result, () => engine.closeQuery(opened.result));
        return opened;
      },
    ),
    'sql:sort': handle(
      'sql:sort',
      z.strictObject({ result: resultSchema, sort: sortSchema }),
      async ({ result, sort }) => {
        await engine.sql.sort(result, sort);
        return null;
      },
    ),
    'sql:columns': handle('sql:columns', z.strictObject({ collection: idSchema }), ({ collection }) =>
      engine.sql.columns(collectionTarget(services, collection)),
    ),
  };
}
