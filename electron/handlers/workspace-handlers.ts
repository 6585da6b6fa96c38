import { z } from 'zod';
import { idSchema, workspaceSchema } from '../store/schemas.ts';
import { handle } from './handler.ts';
import type { Services } from './services.ts';

export function workspaceHandlers({ store }: Services) {
  return {
    'workspace:read': handle('workspace:read', z.strictObject({ window: idSchema }), ({ window }) =>
      Promise.resolve(store.workspaces.read(window)),
    ),
    'workspace:save': handle(
      'workspace:save',
      z.strictObject({ window: idSchema, workspace: workspaceSchema }),
      async ({ window, workspace }) => {
        await store.workspaces.save(window, workspace);
        return null;
      },
    ),
  };
}
