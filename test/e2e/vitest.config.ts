/**
 * End-to-end tests against the built programs, two files at a time; run.mjs runs them. What they print as measured may
 * have been measured with another file beside it.
 */
import { defineConfig } from 'vitest/config';
import { PATIENCE_MS, TEST_PATIENCE_MS } from '../support/patience-times.ts';

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
    maxWorkers: 2,
    // Files that share a process share its connection to the browser.
    isolate: false,
    testTimeout: TEST_PATIENCE_MS,
    hookTimeout: TEST_PATIENCE_MS,
    expect: { poll: { timeout: PATIENCE_MS } },
    // A failure's reason names all that was found.
    chaiConfig: { truncateThreshold: 0 },
  },
});
