import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tooMuchToJoin } from './join-limit.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-limit-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A file of that length that takes no room. */
function sparse(name: string, bytes: number): string {
  const path = join(folder, name);
  writeFileSync(path, '');
  truncateSync(path, bytes);
  return path;
}

it('opens both rings of the usual size by itself, and says why not where there is more', async () => {
  const both = [sparse('a', 1024 ** 3), sparse('b', 1024 ** 3)];
  expect(await tooMuchToJoin(both)).toBeNull();
  const refusal = await tooMuchToJoin([...both, sparse('c', 3 * 1024 ** 3)]);
  expect(refusal).toMatchObject({ code: 'limit-reached', lossy: false });
  expect(refusal?.message).toContain('5 GiB');
  expect(refusal?.message).toContain(folder);
});

it('counts nothing of a file that the ring let go of meanwhile', async () => {
  expect(await tooMuchToJoin([join(folder, 'gone')])).toBeNull();
});
