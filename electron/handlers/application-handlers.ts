import { z } from 'zod';
import { handle } from './handler.ts';
import type { Services } from './services.ts';

export function applicationHandlers({ state }: Services) {
  return {
    'application:state': handle('application:state', z.strictObject({}), () => Promise.resolve(state())),
  };
}
