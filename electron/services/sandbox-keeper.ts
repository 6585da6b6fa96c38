import { AppFailure } from '../../shared/result.ts';
import type { RunningSandbox } from '../sandbox/sandbox-process.ts';

/** The data folder's sandbox: started when something first needs it, and again after it ended by itself. */
export interface SandboxKeeper {
  /** Throws `sandbox-unavailable`. */
  running(): Promise<RunningSandbox>;
  stop(): Promise<void>;
}

export interface SandboxKeeperOptions {
  readonly start: () => Promise<RunningSandbox>;
  /** It ended by itself; what was known of its endpoint holds no longer. */
  readonly onLost: () => void;
}

export function createSandboxKeeper({ start, onLost }: SandboxKeeperOptions): SandboxKeeper {
  let current: Promise<RunningSandbox> | null = null;
  let stopped = false;

  const begin = async (): Promise<RunningSandbox> => {
    const sandbox = await start();
    sandbox.onExit(() => {
      current = null;
      if (!stopped) onLost();
    });
    return sandbox;
  };

  return {
    running: async () => {
      if (stopped) throw new AppFailure('aborted', 'Dipper is closing.');
      if (current === null) {
        const starting = begin();
        current = starting;
        starting.catch(() => {
          if (current === starting) current = null;
        });
      }
      return current;
    },
    stop: async () => {
      stopped = true;
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
    },
  };
}
