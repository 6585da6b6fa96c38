import { z } from 'zod';
import { draftSchema, idSchema } from '../store/schemas.ts';
import { handle } from './handler.ts';
import { collectionTarget, type Services } from './services.ts';

export function draftHandlers(services: Services) {
  const { drafts, problems } = services.store;
  /** Files of drafts are read when they are first needed: one that turns out to be broken is said then. */
  const noting = async <T>(work: () => Promise<T>): Promise<T> => {
    const before = problems.length;
    try {
      return await work();
    } finally {
      if (problems.length > before) services.emit({ name: 'application:changed', payload: {} });
    }
  };
  return {
    'drafts:list': handle('drafts:list', z.strictObject({ collection: idSchema }), ({ collection }) =>
      noting(() => drafts.list(collection)),
    ),
    'drafts:save': handle('drafts:save', z.strictObject({ draft: draftSchema }), async ({ draft }) => {
      const { collection } = collectionTarget(services, draft.collection);
      await noting(() => drafts.save(draft, collection.memoryOnly));
      return null;
    }),
    'drafts:discard': handle(
      'drafts:discard',
      z.strictObject({ collection: idSchema, key: z.string().min(1) }),
      async ({ collection, key }) => {
        await noting(() => drafts.discard(collection, key));
        return null;
      },
    ),
  };
}
