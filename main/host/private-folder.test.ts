import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makePrivateFolder } from './private-folder.ts';

const PREFIX = 'resetscope-test-';
/** Larger than any process id there is. */
const DEAD = `${PREFIX}99999999-`;

let parent = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'resetscope-parent-'));
});
afterEach(() => {
  rmSync(parent, { recursive: true });
});

it('is new, of a name that cannot be guessed, and for this user alone', async () => {
  const [one, other] = await Promise.all([1, 2].map(() => makePrivateFolder(PREFIX, parent)));
  expect(one).not.toBe(other);
  for (const folder of [one, other]) expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(basename(one)).toMatch(new RegExp(`^${PREFIX}${process.pid}-[A-Za-z0-9]{6}$`));
});

it('takes the place of what a killed process left behind, and of nothing of a living one', async () => {
  const living = await makePrivateFolder(PREFIX, parent);
  const dead = mkdtempSync(join(parent, DEAD));
  writeFileSync(join(dead, 'file'), '');
  const foreign = mkdtempSync(join(parent, 'another-99999999-'));
  await makePrivateFolder(PREFIX, parent);
  expect(existsSync(dead)).toBe(false);
  expect([living, foreign].map((folder) => existsSync(folder))).toEqual([true, true]);
});

/** What another user can put into the folder for temporary files, under a name of ours. */
const FOREIGN: Record<string, (path: string, victim: string) => void> = {
  'a link to a folder of ours': (path, victim) => symlinkSync(victim, path),
  'a link to nothing': (path) => symlinkSync('/nonexistent', path),
  'a link to itself': (path) => symlinkSync(path, path),
  'a file': (path) => writeFileSync(path, ''),
  'a folder that others may look into': (path) => {
    mkdirSync(path);
    chmodSync(path, 0o755);
  },
};

it.each(Object.entries(FOREIGN))('passes over %s', async (_what, put) => {
  const victim = mkdtempSync(join(parent, 'victim-'));
  writeFileSync(join(victim, 'precious'), '');
  const path = join(parent, `${DEAD}x`);
  put(path, victim);
  const folder = await makePrivateFolder(PREFIX, parent);
  expect(readdirSync(folder)).toEqual([]);
  expect(lstatSync(path)).toBeTruthy();
  expect(readdirSync(victim)).toEqual(['precious']);
});

it.skipIf(process.getuid?.() !== 0)('passes over a folder of another user', async () => {
  const { chownSync } = await import('node:fs');
  const path = mkdtempSync(join(parent, DEAD));
  chownSync(path, 65534, 65534);
  await makePrivateFolder(PREFIX, parent);
  expect(existsSync(path)).toBe(true);
});
