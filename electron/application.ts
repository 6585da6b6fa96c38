import { resolve } from 'node:path';
import type { Door } from './ipc/door.ts';
import { becomeOwnerOrConnect } from './ipc/owner.ts';
import { shellDoor } from './ipc/shell-door.ts';
import type { OwnerDescription } from './ipc/socket-messages.ts';
import type * as OpenApplication from './open-application.ts';
import type { ApplicationOptions, ApplicationScripts } from './open-application.ts';
import type { runSandbox as RunSandbox } from './sandbox/run-sandbox.ts';

export type { ApplicationOptions } from './open-application.ts';
export { chooseDataFolder, electronFolderOf } from './store/data-folder.ts';
export { readKnownNames, type KnownNames } from './store/known-names.ts';

/** The scripts as the build lays them out; `folder` is where the running script is. */
export function scriptsIn(folder: string): ApplicationScripts {
  return {
    indexProcess: resolve(folder, 'index-process.js'),
    sandboxProcess: resolve(folder, 'sandbox-process.js'),
    sampleData: resolve(folder, 'sample-data.ndjson.gz'),
  };
}

/** The contract of a data folder, whoever owns it. */
export interface Attachment {
  readonly door: Door;
  /** Null where this process owns the folder. */
  readonly owner: OwnerDescription | null;
  /** Resolves when the owner has ended; null where this process is the owner. */
  readonly ownerEnded: Promise<void> | null;
  /** For second starts that ask where the browser host's page is. */
  announce(newAddress: () => string): void;
  /**
   * As the owner: ends the application; a command line first waits for other commands that work through it. As a guest:
   * cancels its own calls.
   */
  close(): Promise<void>;
}

/**
 * Opens the application on the data folder, or speaks to the process that has it open. What a shell and the command line
 * start with; `createCaller(attachment.door)` gives typed calls. Throws `data-folder-in-use`, `data-folder-newer`,
 * `data-folder-unusable`, `disk-full`.
 */
export async function attachToDataFolder(options: ApplicationOptions): Promise<Attachment> {
  const folder = await becomeOwnerOrConnect(options.dataFolder, options.shell, loadApplication);
  if (folder.role === 'guest') {
    return {
      door: shellDoor(folder.door, { shell: options.shell }),
      owner: folder.owner,
      ownerEnded: folder.ended,
      announce: () => undefined,
      close: () => {
        folder.leave();
        return Promise.resolve();
      },
    };
  }
  try {
    const { openApplication } = await loadApplication();
    const application = await openApplication(options);
    folder.serve(application.door);
    return {
      door: application.door,
      owner: null,
      ownerEnded: null,
      announce: (newAddress) => folder.announce(newAddress),
      close: () => folder.release(() => application.close()),
    };
  } catch (error) {
    await folder.abandon();
    throw error;
  }
}

/** As a command of its own, in this very process. */
export const runSandbox: typeof RunSandbox = async (...given) => {
  const sandbox = await import('./sandbox/run-sandbox.ts');
  return sandbox.runSandbox(...given);
};

/** Most of what there is to load; who completes a word, prints help or speaks to a running Dipper needs none of it. */
function loadApplication(): Promise<typeof OpenApplication> {
  return import('./open-application.ts');
}
