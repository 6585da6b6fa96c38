import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFromSource } from './build-from-source.mjs';
import { collectionIn, connectionTo, SECRET } from './connections.mjs';

/**
 * Dipper without a shell, in this process, on a data folder of its own, with a connection to the server at `endpoint`.
 * `more` are further source files to bundle with it, which `load` imports.
 */
export async function openBenchApplication(endpoint, more = {}) {
  const scripts = await buildFromSource({
    application: 'electron/open-application.ts',
    caller: 'electron/ipc/caller.ts',
    'index-process': 'electron/engine/index/process/main.ts',
    ...more,
  });
  const load = (name) => import(join(scripts, `${name}.mjs`));
  const { openApplication } = await load('application');
  const { createCaller } = await load('caller');
  const dataFolder = mkdtempSync(join(tmpdir(), 'dipper-bench-data-'));
  const application = await openApplication({
    dataFolder,
    shell: 'command-line',
    version: '0.0.0',
    scripts: { indexProcess: join(scripts, 'index-process.mjs'), sandboxProcess: '', sampleData: '' },
  });
  const listeners = new Set();
  const caller = createCaller(application.door, (event) => {
    for (const listener of listeners) listener(event);
  });
  const connection = connectionTo(endpoint);
  await caller.call('connections:save', { connection, secret: SECRET });
  return {
    load,
    call: (channel, args) => caller.call(channel, args),
    /** Answers the id of a new collection of plain records. */
    addCollection: async (place) => {
      const collection = collectionIn(connection.id, place);
      await caller.call('collections:save', { collection });
      return collection.id;
    },
    /** Resolves with the payload of the first event `name` that `fits`. */
    until: (name, fits) =>
      new Promise((resolve) => {
        const listener = (event) => {
          if (event.name !== name || !fits(event.payload)) return;
          listeners.delete(listener);
          resolve(event.payload);
        };
        listeners.add(listener);
      }),
    close: async () => {
      caller.close();
      await application.close();
      rmSync(dataFolder, { recursive: true, force: true });
      rmSync(scripts, { recursive: true, force: true });
    },
  };
}
