/** The ring on a disk of a mebibyte, which only root can mount. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { numberedStream, range, TestRing } from '../../../../test/support/test-ring.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-ring-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

it.skipIf(process.getuid?.() !== 0 || process.platform !== 'linux')(
  'a disk that is full ends the ring with a file that is whole',
  async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
    try {
      const ring = new TestRing(folder, {});
      ring.push(numberedStream(1500, 1400));
      await ring.writer.close();
      expect(ring.failure).toMatchObject({ code: 'disk-full' });
      const kept = ring.read().flat();
      expect(kept).toEqual(range(0, kept.length));
      expect(kept.length).toBeGreaterThan(600);
      expect(kept.length + ring.lost).toBe(1500);
      expect(ring.written.get(1)).toMatchObject({
        packets: kept.length,
        bytes: statSync(ring.opened[0].path).size,
      });
    } finally {
      execFileSync('umount', [folder]);
    }
  },
);
