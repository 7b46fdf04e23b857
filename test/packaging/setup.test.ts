/** `npm ci` removes node_modules first: it must run when packages are wrong, and never when they are right. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface Entry {
  readonly version?: string;
  readonly optional?: boolean;
  readonly extraneous?: boolean;
}
type Packages = Record<string, Entry>;
const root = new URL('../../', import.meta.url);
const { staleReason } = (await import(new URL('scripts/setup.mjs', root).href)) as {
  staleReason(wanted: Packages, installed: Packages | undefined): string | undefined;
};

const wanted: Packages = {
  '': { version: '0.1.0' },
  'node_modules/a': { version: '1.0.0' },
  'node_modules/other-platform': { version: '1.0.0', optional: true },
  'node_modules/left-over': { version: '1.0.0', extraneous: true },
};

it('takes what this lock file installed here for right', () => {
  const packages = (path: string): Packages =>
    (JSON.parse(readFileSync(new URL(path, root), 'utf8')) as { packages: Packages }).packages;
  const reason = staleReason(packages('package-lock.json'), packages('node_modules/.package-lock.json'));
  expect(reason).toBeUndefined();
});

it('misses nothing that npm leaves out on purpose', () => {
  expect(staleReason(wanted, { 'node_modules/a': { version: '1.0.0' } })).toBeUndefined();
});

it('notices what is missing or of another version', () => {
  expect(staleReason(wanted, undefined)).toBe('there are none');
  expect(staleReason(wanted, {})).toBe('a should be 1.0.0');
  expect(staleReason(wanted, { 'node_modules/a': { version: '2.0.0' } })).toBe('a should be 1.0.0');
  const installed = {
    'node_modules/a': { version: '1.0.0' },
    'node_modules/other-platform': { version: '2.0.0' },
  };
  expect(staleReason(wanted, installed)).toBe('other-platform should be 1.0.0');
});
