/** The page. Everything it loads is a file of its own: nothing inline, so that the strict CSP holds. */
import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { ServerOptions } from 'vite';
import { defineConfig } from 'vite';
import { CONTENT_SECURITY_POLICY, PAGE_HEADERS, TRUSTED_TYPES } from './main/host/page-headers.ts';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
/** Names the inline script and styles of Vite's hot replacement, which are all that `npm run dev` allows in addition. */
const nonce = randomBytes(16).toString('base64');

export default defineConfig(({ command }) => ({
  root: path('renderer'),
  // Relative: the same files are served under http://127.0.0.1 and app://rst.
  base: './',
  plugins: [react()],
  cacheDir: path('.cache/vite'),
  ...(command === 'serve' ? { html: { cspNonce: nonce }, server: devServer() } : {}),
  build: {
    outDir: path('dist/renderer'),
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
}));

/** What scripts/dev.mjs starts; it adds where the host is. */
function devServer(): ServerOptions {
  const policy = CONTENT_SECURITY_POLICY.replace("script-src 'self'", `script-src 'self' 'nonce-${nonce}'`)
    .replace("style-src 'self'", `style-src 'self' 'nonce-${nonce}'`)
    // Vite shows errors as markup.
    .replace(`; ${TRUSTED_TYPES}`, '');
  return {
    host: '127.0.0.1',
    headers: { ...PAGE_HEADERS, 'content-security-policy': policy },
    cors: false,
    fs: { allow: [path('renderer'), path('shared'), realpathSync(path('node_modules'))] },
  };
}
