import { fork } from 'node:child_process';
import type { IndexProcess } from './index-process.ts';

/**
 * Megabytes of half of the space for new objects. What is read of records is garbage a moment later, so that more of it only
 * takes memory: Node lets it grow by 100 MB, Electron has it as small as this by itself.
 */
const NEW_OBJECTS = '--max-semi-space-size=8';

/**
 * The index process in plain Node. `script` is the built `index-process.js`. Its standard error goes to ours, because a
 * native crash says why only there. libuv reads UV_THREADPOOL_SIZE once at start, hence here: four running DuckDB
 * queries fill the default pool, and a file read beside them waits for seconds.
 */
export function startNodeIndexProcess(script: string, executableArguments: readonly string[] = []): IndexProcess {
  const child = fork(script, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
    execArgv: [NEW_OBJECTS, ...executableArguments],
  });
  let startFailure: string | null = null;
  child.on('error', (error) => {
    startFailure = error.message;
  });
  return {
    send: (message: object) => {
      // A process that is just ending answers nothing: its exit rejects the call, so a failed send needs no second report.
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage: (listener) => {
      child.on('message', listener);
    },
    onExit: (listener) => {
      let told = false;
      const tell = (reason: string): void => {
        if (told) return;
        told = true;
        listener(reason);
      };
      child.once('exit', (code, signal) => {
        tell(signal ?? `exit code ${String(code)}`);
      });
      // A spawn that fails raises no exit.
      child.once('error', () => {
        if (child.pid === undefined) tell(startFailure ?? 'it could not be started');
      });
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}
