/**
 * The tests in two halves, told apart by their names and places alone:
 *
 * - Unit tests stand beside their source and are named *.test.ts(x). They need Node and a POSIX shell, nothing else.
 * - System tests are named *.system.test.ts where they stand beside a source, and are everything in test/. They may need root,
 *   the capture helper, other programs, the built app, real captures.
 *
 * Unit tests get no other programs and no captures: whatever asks for one in a unit test fails at once, on every machine.
 */
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { TEST_PATIENCE_MS } from './support/patience-times.ts';

const root = new URL('..', import.meta.url).pathname;
const SYSTEM = '**/*.system.test.ts';
/** They install Resetscope on this very machine, which other tests would find there: nothing runs beside them. */
const INSTALLED = 'test/packaging/deb.test.ts';

/** What the scripts that play capture programs are made of. */
const POSIX_PROGRAMS = ['sh', 'cat', 'mkfifo', 'mv', 'sleep', 'wc'];

/** A folder with these programs only, as the PATH of unit tests. */
function posixPath(): string {
  const folder = join(root, '.cache/posix-programs');
  mkdirSync(folder, { recursive: true });
  for (const name of POSIX_PROGRAMS) {
    const program = ['/bin', '/usr/bin'].map((bin) => join(bin, name)).find((path) => existsSync(path));
    const link = join(folder, name);
    if (program !== undefined && !existsSync(link)) symlinkSync(program, link);
  }
  return folder;
}

const common = { root, testTimeout: TEST_PATIENCE_MS, hookTimeout: TEST_PATIENCE_MS };
const unit = {
  ...common,
  env: process.platform === 'win32' ? {} : { PATH: posixPath(), RESETSCOPE_CORPUS: '/nonexistent' },
};

export default defineConfig({
  root,
  test: {
    projects: [
      {
        test: {
          ...unit,
          name: 'unit',
          include: ['shared/**/*.test.ts', 'main/**/*.test.ts'],
          exclude: [SYSTEM],
          environment: 'node',
        },
      },
      {
        test: {
          ...unit,
          name: 'unit-page',
          include: ['renderer/**/*.test.{ts,tsx}'],
          exclude: [SYSTEM],
          environment: 'happy-dom',
          setupFiles: [join(root, 'test/support/page-patience.ts')],
        },
      },
      {
        test: {
          ...common,
          name: 'system',
          include: ['test/**/*.test.ts', SYSTEM],
          // The end-to-end tests have a configuration of their own.
          exclude: ['test/e2e/**', INSTALLED, 'node_modules/**', 'dist/**'],
          environment: 'node',
        },
      },
      { test: { ...common, name: 'installed', include: [INSTALLED], environment: 'node' } },
    ],
  },
});
