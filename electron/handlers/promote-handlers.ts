import { z } from 'zod';
import { idSchema } from '../store/schemas.ts';
import { handle } from './handler.ts';
import { collectionTarget, type Services } from './services.ts';

const comparisonSchema = z.strictObject({
  collection: idSchema,
  to: idSchema,
  first: z.number().int().min(1).max(1_000_000).optional(),
});

export function promoteHandlers(services: Services) {
  return {
    'promote:compare': handle('promote:compare', comparisonSchema, ({ collection, to, first }, { signal }) =>
      services.engine.compare(collectionTarget(services, collection), collectionTarget(services, to), signal, first),
    ),
    'promote:plan-comparison': handle('promote:plan-comparison', comparisonSchema, ({ collection, to, first }) =>
      services.engine.planComparison(collectionTarget(services, collection), collectionTarget(services, to), first),
    ),
  };
}
