import { mkdirSync, mkdtempSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';

export const projectFolder = resolve(import.meta.dirname, '../..');

/** Bundles source files, `{ name: 'electron/…/file.ts' }`; answers the folder that has `name.mjs` of each. */
export async function buildFromSource(input) {
  // Inside of the project, where Node finds the packages: they stay outside, so that a profile tells them from our code.
  mkdirSync(join(projectFolder, 'dist'), { recursive: true });
  const folder = mkdtempSync(join(projectFolder, 'dist/bench-'));
  await build({
    root: projectFolder,
    configFile: false,
    logLevel: 'warn',
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
