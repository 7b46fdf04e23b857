import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writePcapng } from '../../../../test/support/capture-writer.ts';
import { eventually } from '../../../../test/support/patience.ts';
import { numberedStream, range, TestRing } from '../../../../test/support/test-ring.ts';
import { LIVE_CAPTURE_LIMITS } from '../live-limits.ts';
import { wholeBlocks } from './ring-writer.ts';

const MIB = 1024 * 1024;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-ring-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the ring', () => {
  it('rotates before a file gets too large, and every file can be opened by itself', async () => {
    const ring = new TestRing(folder, { fileBytes: MIB, files: 100 });
    ring.push(numberedStream(3000, 1400));
    await ring.writer.close();
    expect(ring.read().flat()).toEqual(range(0, 3000));
    expect(ring.opened.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    for (const { path, number } of ring.opened) {
      const { size, mode } = statSync(path);
      expect(size).toBeLessThanOrEqual(MIB);
      expect(size).toBe(ring.written.get(number)?.bytes);
      expect(mode & 0o777).toBe(0o600);
      expect(path).toMatch(/test0_0000\d_\d{14}\.pcapng$/u);
    }
  });

  it('keeps the newest files and tells which went', async () => {
    const ring = new TestRing(folder, { fileBytes: MIB, files: 2 });
    ring.push(numberedStream(5000, 1400));
    await ring.writer.close();
    const kept = ring.read().flat();
    expect(readdirSync(folder)).toHaveLength(2);
    expect(kept.at(-1)).toBe(4999);
    const gone = ring.gone.reduce((sum, file) => sum + file.packets, 0);
    expect(gone).toBe(5000 - kept.length);
    expect(ring.gone.map(({ number }) => number)).toEqual(range(1, ring.gone.length + 1));
  });

  it('rotates by time, but not without packets', async () => {
    const ring = new TestRing(folder, { fileSeconds: 1, files: 10 });
    const now = vi.spyOn(performance, 'now');
    let time = 1000;
    now.mockImplementation(() => time);
    try {
      ring.push(numberedStream(2, 100));
      await eventually(() => expect(ring.written.get(1)?.packets).toBe(2));
      time += 900;
      ring.push(numberedStream(1, 100, 2).slice(numberedStream(0, 100).length));
      await eventually(() => expect(ring.written.get(1)?.packets).toBe(3));
      time += 200;
      ring.push(numberedStream(1, 100, 3).slice(numberedStream(0, 100).length));
      await ring.writer.close();
    } finally {
      now.mockRestore();
    }
    expect(ring.read()).toEqual([[0, 1, 2], [3]]);
  });

  it('begins every file after the first with what is told of now', async () => {
    const ring = new TestRing(folder, { fileBytes: MIB, files: 9 });
    const empty = writePcapng({
      sections: [
        { interfaces: [], blocks: [{ kind: 'raw', blockType: 0x8052_5301, body: new Uint8Array(64) }] },
      ],
    });
    ring.preamble = [empty.slice(-76)];
    ring.push(numberedStream(1000, 1400));
    await ring.writer.close();
    expect(ring.read().flat()).toEqual(range(0, 1000));
    const [first, second] = readdirSync(folder)
      .sort()
      .map((name) => readFileSync(join(folder, name)));
    expect(first.indexOf(ring.preamble[0])).toBe(-1);
    expect(second.indexOf(ring.preamble[0])).toBe(numberedStream(0, 0).length);
  });

  it('asks the source to wait when its queue is full, and to go on when there is room', async () => {
    const ring = new TestRing(folder, {});
    const packets = 20_000;
    ring.push(numberedStream(packets, 1400));
    expect(ring.roomy.at(-1)).toBe(false);
    // Each chunk makes two runs: the block that began in the one before, and the rest.
    const accepted = (ring.roomy.filter((isRoom) => isRoom).length / 2) * 64 * 1024;
    expect(accepted).toBeLessThanOrEqual(LIVE_CAPTURE_LIMITS.maxQueuedBytes + 64 * 1024);
    await ring.writer.close();
    expect(ring.drained).toBe(1);
    expect(ring.read().flat()).toHaveLength(packets);
  });
});

describe('a source that waits when it is told to', () => {
  it('never waits for nothing, whenever the queue gets full', async () => {
    const ring = new TestRing(folder, { fileBytes: 8 * MIB, files: 2 });
    const chunk = numberedStream(700, 1400).slice(numberedStream(0, 1400).length);
    ring.push(numberedStream(1, 1400));
    let waited = 0;
    for (let i = 0; i < 100; i++) {
      const before = ring.drained;
      ring.push(chunk, MIB);
      if (ring.roomy.at(-1) === true) continue;
      waited++;
      await eventually(() => expect(ring.drained).toBe(before + 1));
    }
    await ring.writer.close();
    expect(waited).toBeGreaterThan(1);
    expect(ring.failure).toBeUndefined();
  });
});

describe('a disk', () => {
  it('with too little free space ends the ring', async () => {
    const ring = new TestRing(folder, { keepFreeBytes: 1024 ** 5 });
    ring.push(numberedStream(10, 100));
    await ring.writer.close();
    expect(ring.failure?.code).toBe('disk-full');
    expect(ring.failure?.message).toMatch(/bytes left, less than/u);
    expect(ring.lost).toBe(10);
  });

  it('that is gone is an error, not a crash', async () => {
    const ring = new TestRing(join(folder, 'missing'), {});
    ring.push(numberedStream(10, 100));
    await ring.writer.close();
    expect(ring.failure?.code).toBe('disk-error');
  });
});

it('finds the last whole block of a piece', () => {
  const bytes = numberedStream(3, 100);
  const head = numberedStream(0, 100).length;
  const each = (bytes.length - head) / 3;
  expect(wholeBlocks(bytes, bytes.length, false)).toEqual({ bytes: bytes.length, packets: 3 });
  expect(wholeBlocks(bytes, bytes.length - 1, false)).toEqual({ bytes: head + 2 * each, packets: 2 });
  expect(wholeBlocks(bytes, head + each + 7, false)).toEqual({ bytes: head + each, packets: 1 });
  expect(wholeBlocks(bytes, 0, false)).toEqual({ bytes: 0, packets: 0 });
});
