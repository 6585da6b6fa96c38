import { builtinModules } from 'node:module';
import { defineConfig } from 'vite';

const external = ['electron', /^@duckdb\//, ...builtinModules, ...builtinModules.map((name) => `node:${name}`)];

/**
 * Everything that runs in Node: the desktop's main process, the command, and the processes they start. Only what has
 * native parts stays outside of the bundle. The preload script is built by vite.preload.config.ts, because a sandboxed
 * preload must be one CommonJS file.
 */
export default defineConfig({
  build: {
    ssr: true,
    outDir: 'dist/node',
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    sourcemap: true,
    // Which script imports which: the command line's package takes only what it needs.
    manifest: 'manifest.json',
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      input: {
        main: 'electron/main.ts',
        cli: 'electron/cli/main.ts',
        'index-process': 'electron/engine/index/process/main.ts',
        'sandbox-process': 'electron/sandbox/main.ts',
      },
      external,
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js', format: 'es' },
    },
  },
  ssr: { noExternal: true, external: ['electron', '@duckdb/node-api', '@duckdb/node-bindings'] },
});
