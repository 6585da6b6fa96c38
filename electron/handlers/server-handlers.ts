import { z } from 'zod';
import type { LocalServer } from '../../shared/local-server.ts';
import { handle } from './handler.ts';
import type { Services } from './services.ts';

export function serverHandlers({ store, localServers, localStack, sandbox }: Services) {
  const nothing = z.strictObject({});
  return {
    'servers:find': handle('servers:find', nothing, async (_, { signal }) => {
      const known = store.connections.entries.flatMap(({ endpoint }) => (endpoint === null ? [] : [hostOf(endpoint)]));
      return (await localServers.find(signal)).filter(({ endpoint }: LocalServer) => !known.includes(hostOf(endpoint)));
    }),
    'servers:localstack': handle('servers:localstack', nothing, () => localStack.program()),
    'servers:start-localstack': handle('servers:start-localstack', nothing, async () => {
      await localStack.start();
      return null;
    }),
    'servers:start-sandbox': handle('servers:start-sandbox', nothing, async () => {
      await sandbox.start();
      return null;
    }),
    'servers:stop-sandbox': handle('servers:stop-sandbox', nothing, async () => {
      await sandbox.stop();
      return null;
    }),
  };
}

/** `localhost` and its address are one server. */
function hostOf(endpoint: string): string {
  return new URL(endpoint).host.replace(/^(?:localhost|\[::1\])(?=:|$)/, '127.0.0.1');
}
