import { z } from 'zod';
import { idSchema } from '../store/schemas.ts';
import { anyPrefixSchema, bucketSchema } from './bucket-handlers.ts';
import { handle } from './handler.ts';
import { collectionTarget, type Services } from './services.ts';

const collectionArgument = z.strictObject({ collection: idSchema });

export function forgetHandlers(services: Services) {
  const { engine, store, emit } = services;
  return {
    'collections:traces': handle('collections:traces', collectionArgument, async ({ collection: id }) => {
      const { collection } = collectionTarget(services, id);
      const [indexBytes, bodyBytes, drafts] = await Promise.all([
        engine.indexSize(collection.id),
        engine.bodiesSize(collection.id),
        store.drafts.list(id),
      ]);
      const jobs = engine.jobs.list().filter((job) => job.collection === id);
      const { saved } = store.savedQueries.of(id);
      return { indexBytes, bodyBytes, drafts: drafts.length, jobs: jobs.length, savedQueries: saved.length };
    }),
    'collections:forget': handle('collections:forget', collectionArgument, async ({ collection: id }) => {
      collectionTarget(services, id);
      await store.drafts.discardAll(id);
      if (await store.views.remove(id)) {
        emit({ name: 'view:changed', payload: { collection: id, view: store.views.of(id) } });
      }
      if (await store.savedQueries.remove(id)) emit({ name: 'saved-queries:changed', payload: { collection: id } });
      await store.workspaces.forgetCollection(id);
      await engine.forgetCollection(id);
      emit({ name: 'collections:changed', payload: {} });
      return null;
    }),
    'collections:forget-url': handle(
      'collections:forget-url',
      z.strictObject({ bucket: bucketSchema, prefix: anyPrefixSchema }),
      async ({ bucket, prefix: given }) => {
        const prefix = given === '' || given.endsWith('/') ? given : `${given}/`;
        const ids = await store.urlCollections.removeAt(bucket, prefix);
        let bytes = 0;
        for (const id of ids) {
          bytes += (await engine.indexSize(id)) + (await engine.bodiesSize(id));
          await engine.forgetCollection(id);
        }
        const here = store.collections.entries.filter((other) => other.bucket === bucket && other.prefix === prefix);
        return { indexes: ids.length, bytes, kept: here.map(({ name }) => name) };
      },
    ),
  };
}
