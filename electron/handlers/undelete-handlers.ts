import { z } from 'zod';
import { idSchema } from '../store/schemas.ts';
import { handle } from './handler.ts';
import { collectionTarget, type Services } from './services.ts';

export function undeleteHandlers(services: Services) {
  return {
    'undelete:find': handle('undelete:find', z.strictObject({ collection: idSchema }), ({ collection }, { signal }) =>
      services.engine.findDeleted(collectionTarget(services, collection), signal),
    ),
  };
}
