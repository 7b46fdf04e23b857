import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePcapng, type PcapngBlock } from '../../../../test/support/capture-writer.ts';
import { record } from '../../../../test/support/recording-sink.ts';
import { ALL_TIME, copyWindow } from './copy-window.ts';
import { BlockWriter } from '../blocks/pcapng-blocks.ts';
import type { RingFileState } from './ring-writer.ts';
import { writeSocketOwner } from '../blocks/witness-block.ts';

const START = 1_700_000_000;
const SECOND = 1_000_000_000n;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-copy-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A file with a packet every second of [from, to), the second in its first byte. */
function file(number: number, from: number, to: number, more: PcapngBlock[] = []): RingFileState {
  const packets = Array.from({ length: to - from }, (_, i) => ({
    kind: 'packet' as const,
    interfaceId: i % 2,
    timeNs: BigInt(START + from + i) * SECOND,
    data: new Uint8Array(60).fill(from + i),
  }));
  const interfaces = [
    { tsresol: 9, name: 'eth0' },
    { tsresol: 6, name: 'eth1' },
  ];
  const bytes = writePcapng({ sections: [{ interfaces, blocks: [...more, ...packets] }] });
  const path = join(folder, `${number}.pcapng`);
  writeFileSync(path, bytes);
  const firstNs = (START + from) * 1e9;
  const lastNs = (START + to - 1) * 1e9;
  return { number, path, bytes: bytes.length, packets: packets.length, firstNs, lastNs };
}

const seconds = (path: string): number[] => {
  const read = record(readFileSync(path));
  expect(read.warnings).toEqual([]);
  return read.packets.map(({ data }) => data[0]);
};
const window = (from: number, to: number) => ({ fromNs: (START + from) * 1e9, toNs: (START + to) * 1e9 });
const target = (): string => join(folder, 'case.pcapng');

describe('a stretch of time', () => {
  it('comes out of all files that have some of it, as one section', async () => {
    const files = [file(1, 0, 10), file(2, 10, 20), file(3, 20, 30)];
    const copied = await copyWindow(files, window(8, 21), target(), Infinity);
    expect(copied).toMatchObject({ packets: 14, missing: 0, isCut: false, bytes: statSync(target()).size });
    expect(seconds(target())).toEqual([8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21]);
    expect(record(readFileSync(target())).interfaces.map(({ name }) => name)).toEqual(['eth0', 'eth1']);
    expect(statSync(target()).mode & 0o777).toBe(0o600);
  });

  it('is read up to what was written when it was asked for', async () => {
    const one = file(1, 0, 10);
    const half = { ...one, bytes: one.bytes - 300 };
    await copyWindow([half], ALL_TIME, target(), Infinity);
    expect(seconds(target())).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('says which files went away', async () => {
    const files = [file(1, 0, 10), file(2, 10, 20)];
    unlinkSync(files[0].path);
    expect(await copyWindow(files, window(5, 12), target(), Infinity)).toMatchObject({
      packets: 3,
      missing: 1,
    });
    expect(seconds(target())).toEqual([10, 11, 12]);
  });

  it('is cut at a packet where it gets too long', async () => {
    const copied = await copyWindow([file(1, 0, 100)], ALL_TIME, target(), 2000);
    expect(copied.isCut).toBe(true);
    expect(copied.bytes).toBeLessThanOrEqual(2000);
    expect(seconds(target())).toEqual(Array.from({ length: copied.packets }, (_, i) => i));
    expect(copied.packets).toBeGreaterThan(10);
  });

  it('without a packet is still a capture', async () => {
    await copyWindow([file(1, 0, 2)], window(0.2, 0.8), target(), Infinity);
    expect(record(readFileSync(target())).interfaces).toHaveLength(2);
    expect(await copyWindow([file(1, 0, 2)], window(50, 60), target(), Infinity)).toMatchObject({
      packets: 0,
    });
    expect(record(readFileSync(target())).interfaces).toHaveLength(2);
  });

  it('keeps who owned a socket before it', async () => {
    const out = new BlockWriter(false);
    const end = { address: Uint8Array.of(127, 0, 0, 1), port: 80 };
    for (const second of [2, 9]) {
      writeSocketOwner(
        out,
        { local: end, remote: end, pid: second, name: 'x', cgroup: '' },
        BigInt(START + second) * SECOND,
      );
    }
    const written = out.take();
    const owners = [0, 1].map((i) => {
      const each = written.length / 2;
      return {
        kind: 'raw' as const,
        blockType: 0x8052_5301,
        body: written.slice(i * each + 8, (i + 1) * each - 4),
      };
    });
    await copyWindow([file(1, 0, 10, owners)], window(4, 6), target(), Infinity);
    const bytes = readFileSync(target());
    expect(bytes.indexOf(written.subarray(0, written.length / 2))).toBeGreaterThan(0);
    expect(bytes.indexOf(written.subarray(written.length / 2))).toBe(-1);
  });
});

it('leaves nothing where it cannot be written', async () => {
  const files = [file(1, 0, 3)];
  await expect(copyWindow(files, ALL_TIME, join(folder, 'no', 'case.pcapng'), Infinity)).rejects.toThrow(
    'ENOENT',
  );
  writeFileSync(files[0].path, 'this is no pcapng any more');
  await expect(copyWindow(files, ALL_TIME, target(), Infinity)).rejects.toThrow(/section header/u);
  expect(readdirSync(folder)).toEqual(['1.pcapng']);
});
