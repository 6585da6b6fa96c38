// What `buildFromSource` runs: bundles the source files of an object `{ name: file }` in JSON into a folder.
import { join, resolve } from 'node:path';
import { build } from 'vite';

const [, , folder, input] = process.argv;
const root = resolve(import.meta.dirname, '../..');

await build({
  root,
  configFile: false,
  logLevel: 'warn',
  build: {
    ssr: true,
    outDir: folder,
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    rolldownOptions: {
      input: Object.fromEntries(Object.entries(JSON.parse(input)).map(([name, file]) => [name, join(root, file)])),
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: '[name].mjs', format: 'es' },
    },
  },
});
