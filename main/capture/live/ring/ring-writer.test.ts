import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writePcapng } from '../../../../test/support/capture-writer.ts';
import { record } from '../../../../test/support/recording-sink.ts';
import { LIVE_CAPTURE_LIMITS } from '../live-limits.ts';
import type { RingFailure } from './ring-failure.ts';
import type { RingEvents, RingFileState, RingPlan } from './ring-writer.ts';
import { RingWriter, wholeBlocks } from './ring-writer.ts';
import { RunSplitter } from './run-splitter.ts';

const MIB = 1024 * 1024;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-ring-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A stream of `count` packets of `size` bytes, numbered in their data. */
function stream(count: number, size: number, from = 0): Uint8Array {
  const blocks = Array.from({ length: count }, (_, i) => {
    const data = new Uint8Array(size);
    new DataView(data.buffer).setUint32(0, from + i);
    return { kind: 'packet' as const, timeNs: 1_700_000_000_000_000_000n + BigInt(from + i), data };
  });
  return writePcapng({ sections: [{ interfaces: [{ tsresol: 9, name: 'test0' }], blocks }] });
}

class Ring {
  readonly opened: RingFileState[] = [];
  readonly gone: RingFileState[] = [];
  readonly written = new Map<number, RingFileState>();
  failure: RingFailure | undefined;
  lost = 0;
  drained = 0;
  roomy: boolean[] = [];
  preamble: Uint8Array[] = [];
  readonly writer: RingWriter;
  readonly #splitter: RunSplitter;

  constructor(plan: Partial<RingPlan> & Partial<RingPlan['ring']>) {
    const { fileBytes = 64 * MIB, fileSeconds = null, files = 4, ...rest } = plan;
    const events: RingEvents = {
      opened: (file) => this.opened.push(file),
      written: (file) => this.written.set(file.number, file),
      gone: (file) => this.gone.push(file),
      drained: () => this.drained++,
      failed: (failure, lostPackets) => {
        this.failure = failure;
        this.lost += lostPackets;
      },
      free: () => undefined,
      preamble: () => this.preamble,
    };
    const ring = { fileBytes, fileSeconds, files };
    this.writer = new RingWriter({ folder, base: 'test0', keepFreeBytes: 0, ...rest, ring }, events);
    this.#splitter = new RunSplitter({
      run: (run) => this.roomy.push(this.writer.append(run, this.#splitter.bigEndian)),
      statistics: () => undefined,
      witness: () => undefined,
    });
  }

  push(bytes: Uint8Array, chunk = 64 * 1024): void {
    for (let at = 0; at < bytes.length; at += chunk) this.#splitter.push(bytes.slice(at, at + chunk));
  }

  /** Numbers of the packets in each file, which must all be whole pcapng. */
  read(): number[][] {
    return readdirSync(folder)
      .sort()
      .map((name) => {
        const read = record(readFileSync(join(folder, name)));
        expect(read.warnings.filter(({ code }) => code !== 'empty-file')).toEqual([]);
        expect(read.interfaces[0].name).toBe('test0');
        return read.packets.map(({ data }) => new DataView(data.buffer, data.byteOffset).getUint32(0));
      });
  }
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe('the ring', () => {
  it('rotates before a file gets too large, and every file can be opened by itself', async () => {
    const ring = new Ring({ fileBytes: MIB, files: 100 });
    ring.push(stream(3000, 1400));
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
    const ring = new Ring({ fileBytes: MIB, files: 2 });
    ring.push(stream(5000, 1400));
    await ring.writer.close();
    const kept = ring.read().flat();
    expect(readdirSync(folder)).toHaveLength(2);
    expect(kept.at(-1)).toBe(4999);
    const gone = ring.gone.reduce((sum, file) => sum + file.packets, 0);
    expect(gone).toBe(5000 - kept.length);
    expect(ring.gone.map(({ number }) => number)).toEqual(range(1, ring.gone.length + 1));
  });

  it('rotates by time, but not without packets', async () => {
    const ring = new Ring({ fileSeconds: 1, files: 10 });
    const now = vi.spyOn(performance, 'now');
    let time = 1000;
    now.mockImplementation(() => time);
    try {
      ring.push(stream(2, 100));
      await vi.waitFor(() => expect(ring.written.get(1)?.packets).toBe(2));
      time += 900;
      ring.push(stream(1, 100, 2).slice(stream(0, 100).length));
      await vi.waitFor(() => expect(ring.written.get(1)?.packets).toBe(3));
      time += 200;
      ring.push(stream(1, 100, 3).slice(stream(0, 100).length));
      await ring.writer.close();
    } finally {
      now.mockRestore();
    }
    expect(ring.read()).toEqual([[0, 1, 2], [3]]);
  });

  it('begins every file after the first with what is told of now', async () => {
    const ring = new Ring({ fileBytes: MIB, files: 9 });
    const empty = writePcapng({
      sections: [
        { interfaces: [], blocks: [{ kind: 'raw', blockType: 0x8052_5301, body: new Uint8Array(64) }] },
      ],
    });
    ring.preamble = [empty.slice(-76)];
    ring.push(stream(1000, 1400));
    await ring.writer.close();
    expect(ring.read().flat()).toEqual(range(0, 1000));
    const [first, second] = readdirSync(folder)
      .sort()
      .map((name) => readFileSync(join(folder, name)));
    expect(first.indexOf(ring.preamble[0])).toBe(-1);
    expect(second.indexOf(ring.preamble[0])).toBe(stream(0, 0).length);
  });

  it('asks the source to wait when its queue is full, and to go on when there is room', async () => {
    const ring = new Ring({});
    const packets = 20_000;
    ring.push(stream(packets, 1400));
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
    const ring = new Ring({ fileBytes: 8 * MIB, files: 2 });
    const chunk = stream(700, 1400).slice(stream(0, 1400).length);
    ring.push(stream(1, 1400));
    let waited = 0;
    for (let i = 0; i < 100; i++) {
      const before = ring.drained;
      ring.push(chunk, MIB);
      if (ring.roomy.at(-1) === true) continue;
      waited++;
      await vi.waitFor(() => expect(ring.drained).toBe(before + 1), { interval: 5, timeout: 10_000 });
    }
    await ring.writer.close();
    expect(waited).toBeGreaterThan(1);
    expect(ring.failure).toBeUndefined();
  });
});

describe('a disk', () => {
  it('with too little free space ends the ring', async () => {
    const ring = new Ring({ keepFreeBytes: 1024 ** 5 });
    ring.push(stream(10, 100));
    await ring.writer.close();
    expect(ring.failure?.code).toBe('disk-full');
    expect(ring.failure?.message).toMatch(/bytes left, less than/u);
    expect(ring.lost).toBe(10);
  });

  it.skipIf(process.getuid?.() !== 0 || process.platform !== 'linux')(
    'that is full ends the ring with a file that is whole',
    async () => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
      try {
        const ring = new Ring({});
        ring.push(stream(1500, 1400));
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

  it('that is gone is an error, not a crash', async () => {
    const ring = new Ring({ folder: join(folder, 'missing') });
    ring.push(stream(10, 100));
    await ring.writer.close();
    expect(ring.failure?.code).toBe('disk-error');
  });
});

it('finds the last whole block of a piece', () => {
  const bytes = stream(3, 100);
  const head = stream(0, 100).length;
  const each = (bytes.length - head) / 3;
  expect(wholeBlocks(bytes, bytes.length, false)).toEqual({ bytes: bytes.length, packets: 3 });
  expect(wholeBlocks(bytes, bytes.length - 1, false)).toEqual({ bytes: head + 2 * each, packets: 2 });
  expect(wholeBlocks(bytes, head + each + 7, false)).toEqual({ bytes: head + each, packets: 1 });
  expect(wholeBlocks(bytes, 0, false)).toEqual({ bytes: 0, packets: 0 });
});
