import { z } from 'zod';
import { settingsSchema } from '../store/schemas.ts';
import { handle } from './handler.ts';
import type { Services } from './services.ts';

export function settingsHandlers({ engine, store, emit }: Services) {
  return {
    'settings:read': handle('settings:read', z.strictObject({}), () => Promise.resolve(store.settings.value)),
    'settings:write': handle(
      'settings:write',
      z.strictObject({ settings: settingsSchema.partial() }),
      async ({ settings }) => {
        const before = store.settings.value;
        const written = await store.settings.update((current) => ({ ...current, ...settings }));
        emit({ name: 'settings:changed', payload: written });
        if (written.mostIndexBytes < before.mostIndexBytes) {
          await engine.trimIndexes();
          // Of an index that went nobody knows how many records it had.
          emit({ name: 'collections:changed', payload: {} });
        }
        return written;
      },
    ),
    'settings:indexes': handle('settings:indexes', z.strictObject({}), () => engine.indexSizes()),
  };
}
