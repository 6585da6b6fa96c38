import { z } from 'zod';
import { draftSchema, idSchema } from '../store/schemas.ts';
import { handle } from './handler.ts';
import { collectionTarget, type Services } from './services.ts';

export function draftHandlers(services: Services) {
  const { drafts } = services.store;
  return {
    'drafts:list': handle('drafts:list', z.strictObject({ collection: idSchema }), ({ collection }) =>
      drafts.list(collection),
    ),
    'drafts:save': handle('drafts:save', z.strictObject({ draft: draftSchema }), async ({ draft }) => {
      const { collection } = collectionTarget(services, draft.collection);
      await drafts.save(draft, collection.memoryOnly);
      return null;
    }),
    'drafts:discard': handle(
      'drafts:discard',
      z.strictObject({ collection: idSchema, key: z.string().min(1) }),
      async ({ collection, key }) => {
        await drafts.discard(collection, key);
        return null;
      },
    ),
  };
}
