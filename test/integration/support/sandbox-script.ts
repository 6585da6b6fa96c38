import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';

const project = resolve(import.meta.dirname, '../../..');

/** Bundles the sandbox's process from source; answers the path of a script in a new folder below the system's temporary one. */
export async function buildSandboxScript(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'dipper-sandbox-script-'));
  await build({
    root: project,
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        input: { 'sandbox-process': join(project, 'electron/sandbox/main.ts') },
        output: { entryFileNames: '[name].mjs', format: 'es' },
      },
    },
  });
  return join(folder, 'sandbox-process.mjs');
}
