import { buildScript } from './build-script.ts';

/** Bundles the sandbox's process from source; answers the path of a script in a new folder below the system's temporary one. */
export function buildSandboxScript(): Promise<string> {
  return buildScript('electron/sandbox/main.ts');
}
