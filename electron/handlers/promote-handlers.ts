import { z } from 'zod';
import { idSchema } from '../store/schemas.ts';
import { handle } from './handler.ts';
import { collectionTarget, type Services } from './services.ts';

export function promoteHandlers(services: Services) {
  return {
    'promote:compare': handle(
      'promote:compare',
      z.strictObject({ collection: idSchema, to: idSchema }),
      ({ collection, to }, { signal }) =>
        services.engine.compare(collectionTarget(services, collection), collectionTarget(services, to), signal),
    ),
  };
}
