import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import type { IndexProcess, SpawnIndexProcess } from '../../../../electron/engine/index/index-process.ts';
import { startNodeIndexProcess } from '../../../../electron/engine/index/node-index-process.ts';

/** Spawner of the real index process, built from source; `last` is the process that runs. */
export interface TestSpawner {
  readonly spawn: SpawnIndexProcess;
  /** Path of the built process. */
  readonly script: string;
  readonly last: () => IndexProcess;
  readonly started: () => number;
  /** Deletes what was built. */
  readonly remove: () => Promise<void>;
}

/** Builds the process into a folder of this test worker alone: a fork runs JavaScript, and tests run side by side. */
export async function buildIndexProcess(): Promise<TestSpawner> {
  const root = join(import.meta.dirname, '../../../..');
  const outDir = join(root, 'dist/test', `index-process-${String(process.pid)}`);
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        input: { 'index-process': join(root, 'electron/engine/index/process/main.ts') },
        external: [/^@duckdb\//, /^node:/],
        output: { entryFileNames: '[name].js', format: 'es' },
      },
    },
    ssr: { noExternal: true, external: ['@duckdb/node-api', '@duckdb/node-bindings'] },
  });
  let running: IndexProcess | null = null;
  let started = 0;
  const script = join(outDir, 'index-process.js');
  return {
    script,
    spawn: () => {
      running = startNodeIndexProcess(script);
      started += 1;
      return running;
    },
    last: () => {
      if (running === null) throw new Error('No index process was started.');
      return running;
    },
    started: () => started,
    remove: () => rm(outDir, { recursive: true, force: true }),
  };
}
