import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The page: one build for both shells, served by app:// on the desktop and over loopback HTTP in the browser host. */
export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react()],
  build: {
    chunkSizeWarningLimit: 2000,
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome130',
    modulePreload: { polyfill: false },
    // Packages must carry the licences of what is bundled.
    license: { fileName: 'licenses.md' },
  },
});
