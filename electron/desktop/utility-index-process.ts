import { utilityProcess } from 'electron';
import type { ApplicationOptions } from '../application.ts';

type SpawnIndexProcess = NonNullable<ApplicationOptions['spawnIndexProcess']>;

/**
 * The index process as a utility process of Electron: a package has the fuse that turns the executable into plain Node
 * switched off. `UV_THREADPOOL_SIZE` as in plain Node (node-index-process.ts).
 */
export function utilityIndexProcess(script: string): SpawnIndexProcess {
  return () => {
    const child = utilityProcess.fork(script, [], {
      serviceName: 'Dipper Index',
      env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
      stdio: 'inherit',
    });
    return {
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
  };
}
