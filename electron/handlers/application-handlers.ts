import { z } from 'zod';
import { handle, type Handlers } from './handler.ts';
import type { Services } from './services.ts';

export function applicationHandlers({ state }: Services, all: () => Handlers) {
  return {
    'application:state': handle('application:state', z.strictObject({}), () => Promise.resolve(state())),
    'application:channels': handle('application:channels', z.strictObject({}), () =>
      Promise.resolve(Object.entries(all()).map(([channel, handler]) => ({ channel, args: handler.describeArgs() }))),
    ),
  };
}
