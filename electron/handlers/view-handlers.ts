import { z } from 'zod';
import { idSchema, viewSchema } from '../store/schemas.ts';
import { handle } from './handler.ts';
import { collectionTarget, type Services } from './services.ts';

export function viewHandlers(services: Services) {
  const { views } = services.store;
  return {
    'views:read': handle('views:read', z.strictObject({ collection: idSchema }), ({ collection }) =>
      Promise.resolve(views.of(collectionTarget(services, collection).collection.id)),
    ),
    'views:save': handle(
      'views:save',
      z.strictObject({ collection: idSchema, view: viewSchema }),
      async ({ collection: id, view }) => {
        const { collection } = collectionTarget(services, id);
        await views.save(id, view, collection.memoryOnly);
        services.emit({ name: 'view:changed', payload: { collection: id, view } });
        return null;
      },
    ),
  };
}
