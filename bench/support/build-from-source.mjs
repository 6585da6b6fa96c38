import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';

export const projectFolder = resolve(import.meta.dirname, '../..');

/** Bundles source files, `{ name: 'electron/…/file.ts' }`; answers the folder that has `name.mjs` of each. */
export async function buildFromSource(input) {
  const folder = mkdtempSync(join(tmpdir(), 'dipper-bench-'));
  await build({
    root: projectFolder,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(input).map(([name, file]) => [name, join(projectFolder, file)])),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name].mjs', format: 'es' },
      },
    },
  });
  return folder;
}
