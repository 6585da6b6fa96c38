import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { build } from 'vite';

const project = resolve(import.meta.dirname, '../../..');

/** Bundles a script from source, for a process of its own; answers its path, in a new folder below the system's temporary one. */
export async function buildScript(source: string): Promise<string> {
  const name = basename(source, '.ts');
  const folder = mkdtempSync(join(tmpdir(), `dipper-${name}-script-`));
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
        input: { [name]: join(project, source) },
        output: { entryFileNames: '[name].mjs', format: 'es' },
      },
    },
    ssr: { noExternal: true },
  });
  return join(folder, `${name}.mjs`);
}
