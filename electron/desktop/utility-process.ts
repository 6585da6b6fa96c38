import { utilityProcess } from 'electron';

/** What the index process and the sandbox ask of whoever starts them. */
export interface StartedProcess {
  readonly pid: number | null;
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, whatever ended it. */
  onExit(listener: (reason: string) => void): void;
  kill(): void;
}

/**
 * A script as a utility process of Electron: a package has the fuse that turns the executable into plain Node switched
 * off. `name` is what the system's task manager shows. `UV_THREADPOOL_SIZE` as in plain Node (node-index-process.ts).
 */
export function startUtilityProcess(script: string, name: string): StartedProcess {
  const child = utilityProcess.fork(script, [], {
    serviceName: name,
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
    stdio: 'inherit',
  });
  return {
    pid: child.pid ?? null,
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process has no origin
    send: (message) => child.postMessage(message),
    onMessage: (listener) => {
      child.on('message', listener);
    },
    onExit: (listener) => {
      child.once('exit', (code) => listener(`exit code ${code}`));
    },
    kill: () => {
      child.kill();
    },
  };
}
