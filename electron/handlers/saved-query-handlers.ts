import { z } from 'zod';
import { idSchema, queryRunSchema, savedQuerySchema } from '../store/schemas.ts';
import { handle } from './handler.ts';
import { collectionTarget, type Services } from './services.ts';

const collectionArgument = z.strictObject({ collection: idSchema });

export function savedQueryHandlers(services: Services) {
  const { savedQueries } = services.store;
  const changed = async (id: string, change: (memoryOnly: boolean) => Promise<void>): Promise<null> => {
    const { collection } = collectionTarget(services, id);
    await change(collection.memoryOnly);
    services.emit({ name: 'saved-queries:changed', payload: { collection: id } });
    return null;
  };
  return {
    'saved-queries:read': handle('saved-queries:read', collectionArgument, ({ collection }) =>
      Promise.resolve(savedQueries.of(collectionTarget(services, collection).collection.id)),
    ),
    'saved-queries:save': handle(
      'saved-queries:save',
      z.strictObject({ collection: idSchema, query: savedQuerySchema }),
      ({ collection, query }) => changed(collection, (memoryOnly) => savedQueries.save(collection, query, memoryOnly)),
    ),
    'saved-queries:remove': handle(
      'saved-queries:remove',
      z.strictObject({ collection: idSchema, id: idSchema }),
      ({ collection, id }) => changed(collection, (memoryOnly) => savedQueries.removeSaved(collection, id, memoryOnly)),
    ),
    'saved-queries:add-run': handle(
      'saved-queries:add-run',
      z.strictObject({ collection: idSchema, run: queryRunSchema }),
      ({ collection, run }) => changed(collection, (memoryOnly) => savedQueries.addRun(collection, run, memoryOnly)),
    ),
    'saved-queries:clear-history': handle('saved-queries:clear-history', collectionArgument, ({ collection }) =>
      changed(collection, (memoryOnly) => savedQueries.clearHistory(collection, memoryOnly)),
    ),
  };
}
