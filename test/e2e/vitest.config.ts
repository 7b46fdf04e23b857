/** End-to-end tests: one after the other, in one process, against the built programs. Run by run.mjs. */
import { defineConfig } from 'vitest/config';

const root = new URL('../..', import.meta.url).pathname;
const host = process.env.RESETSCOPE_E2E_HOST ?? 'server';

export default defineConfig({
  root,
  test: {
    name: `e2e ${host}`,
    include: ['test/e2e/**/*.test.ts'],
    // What is about the loopback server alone: uploads, tokens, its command line.
    exclude: host === 'server' ? [] : ['test/e2e/server/**'],
    environment: 'node',
    globalSetup: ['test/e2e/support/global-setup.ts'],
    fileParallelism: false,
    maxWorkers: 1,
    // One connection to the browser serves all files.
    isolate: false,
    testTimeout: 45_000,
    hookTimeout: 60_000,
  },
});
