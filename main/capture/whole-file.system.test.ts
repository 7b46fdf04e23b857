/** On file systems that only root can mount. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tryWholeFile, WholeFile, type WholeFileOptions } from './whole-file.ts';

const CAPTURE: WholeFileOptions = { existing: 'refuse', mode: 0o600 };
const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-whole-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function canMountVfat(): boolean {
  if (spawnSync('mkfs.vfat', ['--help']).error !== undefined) return false;
  return readFileSync('/proc/filesystems', 'utf8').includes('vfat') && existsSync('/dev/loop-control');
}

function mounted(options: string[], work: (at: string) => Promise<void>): Promise<void> {
  const at = join(folder, 'mount');
  mkdirSync(at);
  execFileSync('mount', [...options, at]);
  return work(at).finally(() => execFileSync('umount', [at]));
}

describe.skipIf(!isRoot)('a place that cannot be written is told', () => {
  it('because the disk is full', async () => {
    await mounted(['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs'], async (at) => {
      const filler = await WholeFile.create(join(at, 'filler'), CAPTURE);
      await filler.handle.write(new Uint8Array(128 * 1024)).catch(() => undefined);
      await filler.commit();
      await expect(tryWholeFile(join(at, 'a'), CAPTURE)).rejects.toThrow(`the disk of ${at} is full`);
      expect(readdirSync(at)).toEqual(['filler']);
    });
  });

  it('because it is read-only', async () => {
    await mounted(['-t', 'tmpfs', '-o', 'ro', 'tmpfs'], async (at) => {
      await expect(tryWholeFile(join(at, 'a'), CAPTURE)).rejects.toThrow(
        `the file system of ${at} is read-only`,
      );
    });
  });
});

it.skipIf(!isRoot || !canMountVfat())(
  'a file system without hard links gets the file whole, and no other is replaced',
  async () => {
    const image = join(folder, 'image');
    execFileSync('mkfs.vfat', ['-C', image, '2048'], { stdio: 'ignore' });
    await mounted(['-o', 'loop', image], async (at) => {
      const [first, second] = [
        await WholeFile.create(join(at, 'a'), CAPTURE),
        await WholeFile.create(join(at, 'a'), CAPTURE),
      ];
      await first.handle.write('first');
      await first.commit();
      await expect(second.commit()).rejects.toThrow('it exists already');
      expect(readFileSync(join(at, 'a'), 'utf8')).toBe('first');
      expect(readdirSync(at)).toEqual(['a']);
    });
  },
);
