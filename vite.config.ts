/** The page. Everything it loads is a file of its own: nothing inline, so that the strict CSP holds. */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('renderer', import.meta.url)),
  // Relative: the same files are served under http://127.0.0.1 and app://rst.
  base: './',
  plugins: [react()],
  server: { host: '127.0.0.1' },
  build: {
    outDir: fileURLToPath(new URL('dist/renderer', import.meta.url)),
    emptyOutDir: true,
    // The Chromium of the oldest Electron we ship in, and what people have as a browser.
    target: ['chrome130', 'firefox130', 'safari18'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
    // Loaded from this machine.
    chunkSizeWarningLimit: 2000,
  },
});
