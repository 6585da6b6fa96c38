import { AppFailure } from '../../shared/result.ts';
import type { RunningSandbox } from '../sandbox/sandbox-process.ts';

/** The data folder's sandbox: started when something first needs it, and again after it ended by itself. */
export interface SandboxKeeper {
  /** Starts it where nobody has stopped it. Throws `sandbox-unavailable`. */
  running(): Promise<RunningSandbox>;
  /** Starts nothing. */
  state(): 'running' | 'idle' | 'stopped';
  /** As a person asks for it: also where it was stopped. Throws `sandbox-unavailable`. */
  start(): Promise<void>;
  /** It stays stopped until somebody starts it again; requests under way are answered. */
  stop(): Promise<void>;
  /** For the end of Dipper. */
  close(): Promise<void>;
}

export interface SandboxKeeperOptions {
  readonly start: () => Promise<RunningSandbox>;
  /** It ended; what was known of its endpoint holds no longer. */
  readonly onLost: () => void;
  /** Its state is another one. */
  readonly onChanged: () => void;
}

export function createSandboxKeeper({ start, onLost, onChanged }: SandboxKeeperOptions): SandboxKeeper {
  let current: Promise<RunningSandbox> | null = null;
  let isStopped = false;
  let isClosed = false;

  const begin = async (): Promise<RunningSandbox> => {
    const sandbox = await start();
    sandbox.onExit(() => {
      current = null;
      if (isClosed) return;
      onLost();
      onChanged();
    });
    return sandbox;
  };

  const running = async (): Promise<RunningSandbox> => {
    if (isClosed) throw new AppFailure('aborted', 'Dipper is closing.');
    if (isStopped) {
      throw new AppFailure(
        'sandbox-unavailable',
        'The Sandbox was stopped. Start it from the list of connections, at the left end of the title bar.',
      );
    }
    if (current === null) {
      const starting = begin();
      current = starting;
      starting.then(onChanged, () => {
        if (current === starting) current = null;
      });
    }
    return current;
  };

  const end = async (): Promise<void> => {
    const starting = current;
    if (starting === null) return;
    let sandbox: RunningSandbox;
    try {
      sandbox = await starting;
    } catch {
      // Whoever asked for it heard why it did not start; there is nothing to stop.
      return;
    }
    await sandbox.stop();
  };

  return {
    running,
    state: () => (isStopped ? 'stopped' : current === null ? 'idle' : 'running'),
    start: async () => {
      isStopped = false;
      await running();
    },
    stop: async () => {
      isStopped = true;
      await end();
      onChanged();
    },
    close: async () => {
      isClosed = true;
      await end();
    },
  };
}
