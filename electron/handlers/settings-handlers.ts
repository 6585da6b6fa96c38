import { z } from 'zod';
import { settingsSchema } from '../store/schemas.ts';
import { handle } from './handler.ts';
import type { Services } from './services.ts';

export function settingsHandlers({ store, emit }: Services) {
  return {
    'settings:read': handle('settings:read', z.strictObject({}), () => Promise.resolve(store.settings.value)),
    'settings:write': handle(
      'settings:write',
      z.strictObject({ settings: settingsSchema.partial() }),
      async ({ settings }) => {
        const written = await store.settings.update((before) => ({ ...before, ...settings }));
        emit({ name: 'settings:changed', payload: written });
        return written;
      },
    ),
  };
}
