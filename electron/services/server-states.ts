import type { Connection } from '../../shared/connection.ts';
import type { ServerState } from '../../shared/local-server.ts';
import { AppFailure } from '../../shared/result.ts';
import type { Engine } from '../engine/engine.ts';
import type { LocalServers } from './local-servers.ts';
import type { SandboxKeeper } from './sandbox-keeper.ts';

/** How the servers of connections stand. */
export interface ServerStates {
  /** Sends one signed request. Asking does not start the Sandbox. */
  of(connection: Connection, signal: AbortSignal): Promise<ServerState>;
}

export interface StateSources {
  readonly engine: Pick<Engine, 'answerTime'>;
  readonly localServers: LocalServers;
  readonly sandbox: SandboxKeeper;
}

export function createServerStates({ engine, localServers, sandbox }: StateSources): ServerStates {
  return {
    of: async (connection, signal) => {
      const isSandbox = connection.credentials.source === 'sandbox';
      const standing = sandbox.state();
      if (isSandbox && standing !== 'running') return { state: standing };
      try {
        const [milliseconds, version] = await Promise.all([
          engine.answerTime(connection, signal),
          isSandbox ? null : versionOf(localServers, connection, signal),
        ]);
        return { state: 'up', milliseconds, version };
      } catch (error) {
        if (!(error instanceof AppFailure) || error.error.code === 'aborted') throw error;
        return { state: 'down', error: error.error };
      }
    },
  };
}

async function versionOf(
  localServers: LocalServers,
  { endpoint }: Connection,
  signal: AbortSignal,
): Promise<string | null> {
  return endpoint === null ? null : ((await localServers.recognise(endpoint, signal))?.version ?? null);
}
