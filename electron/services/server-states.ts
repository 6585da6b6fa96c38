import type { Connection } from '../../shared/connection.ts';
import type { ServerState } from '../../shared/local-server.ts';
import { AppFailure, type AppError } from '../../shared/result.ts';
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

/** One that is silent for so long is as good as away: whoever looks at the list wants to know now. */
const PATIENCE_MILLISECONDS = 5_000;

export function createServerStates(
  { engine, localServers, sandbox }: StateSources,
  patience = PATIENCE_MILLISECONDS,
): ServerStates {
  return {
    of: async (connection, signal) => {
      const isSandbox = connection.credentials.source === 'sandbox';
      const standing = sandbox.state();
      if (isSandbox && standing !== 'running') return { state: standing };
      const patient = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
      try {
        const [milliseconds, version] = await Promise.all([
          engine.answerTime(connection, patient),
          isSandbox ? null : versionOf(localServers, connection, patient),
        ]);
        return { state: 'up', milliseconds, version };
      } catch (error) {
        if (patient.aborted && !signal.aborted) return { state: 'down', error: silent(connection, patience) };
        if (!(error instanceof AppFailure) || error.error.code === 'aborted') throw error;
        return { state: 'down', error: error.error };
      }
    },
  };
}

function silent({ name }: Connection, milliseconds: number): AppError {
  const message = `${name} gave no answer within ${milliseconds / 1_000} seconds.`;
  return { code: 'timed-out', message, retryable: true };
}

async function versionOf(
  localServers: LocalServers,
  { endpoint }: Connection,
  signal: AbortSignal,
): Promise<string | null> {
  return endpoint === null ? null : ((await localServers.recognise(endpoint, signal))?.version ?? null);
}
