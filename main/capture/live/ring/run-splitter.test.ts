import fc from 'fast-check';
import { expect, it } from 'vitest';
import { writePcapng, type PcapngBlock } from '../../../../test/support/capture-writer.ts';
import { BlockError } from '../blocks/block-walker.ts';
import { LIVE_CAPTURE_LIMITS } from '../live-limits.ts';
import type { InterfaceStatistics } from '../blocks/pcapng-blocks.ts';
import { BlockWriter } from '../blocks/pcapng-blocks.ts';
import type { BlockRun } from './ring-writer.ts';
import { RunSplitter } from './run-splitter.ts';
import { witnessKind, WITNESS_SOCKET_OWNER, writeSocketOwner } from '../blocks/witness-block.ts';

const START = 1_700_000_000_000_000_000n;

function split(
  bytes: Uint8Array,
  size = bytes.length,
): {
  runs: BlockRun[];
  statistics: InterfaceStatistics[];
  witnesses: Uint8Array[];
  splitter: RunSplitter;
} {
  const runs: BlockRun[] = [];
  const statistics: InterfaceStatistics[] = [];
  const witnesses: Uint8Array[] = [];
  const splitter = new RunSplitter({
    run: (run) => runs.push(run),
    statistics: (told) => statistics.push(told),
    witness: (block) => witnesses.push(block),
  });
  for (let at = 0; at < bytes.length; at += size) splitter.push(bytes.slice(at, at + size));
  return { runs, statistics, witnesses, splitter };
}

const packet = (index: number, length = 60): PcapngBlock => ({
  kind: 'packet',
  timeNs: START + BigInt(index) * 1_000_000n,
  data: new Uint8Array(length),
  wireLength: length + 10,
});

it('keeps every byte, in runs that begin and end at blocks', () => {
  const sections = [1, 2].map((n) => ({
    bigEndian: n === 2,
    interfaces: [{ tsresol: 9 }, { tsresol: 6 }],
    blocks: [packet(0), packet(1), { kind: 'interface' as const, tsresol: 9 }, packet(2)],
  }));
  const bytes = writePcapng({ sections });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: bytes.length }), (size) => {
      const { runs, splitter } = split(bytes, size);
      expect(Buffer.concat(runs.map((run) => run.bytes))).toEqual(Buffer.from(bytes));
      expect(runs.filter(({ head }) => head !== 'none').map(({ head }) => head)).toEqual([
        ...['section', 'interface', 'interface', 'interface'],
        ...['section', 'interface', 'interface', 'interface'],
      ]);
      expect(runs.reduce((sum, run) => sum + run.packets, 0)).toBe(6);
      expect([splitter.packets, splitter.wireBytes]).toEqual([6, 6 * 70]);
    }),
  );
});

it('tells the times of runs by the clock of each interface', () => {
  const bytes = writePcapng({
    sections: [
      {
        interfaces: [{ tsresol: 9 }, { tsresol: 0x80 | 20 }, { tsresol: 6, tsoffset: 5n }],
        blocks: [
          packet(0),
          { ...packet(3), interfaceId: 1 } as PcapngBlock,
          { ...packet(2), interfaceId: 2 } as PcapngBlock,
        ],
      },
    ],
  });
  const run = split(bytes).runs.at(-1);
  expect(run?.firstNs).toBeCloseTo(Number(START), -3);
  expect(run?.lastNs).toBeCloseTo(Number(START) + 3e6, -4);
});

it('reads the counters of interfaces', () => {
  const counters = { received: 7n, droppedByInterface: 1n, droppedByKernel: 2n ** 33n };
  for (const bigEndian of [false, true]) {
    const bytes = writePcapng({
      sections: [
        {
          bigEndian,
          interfaces: [{}],
          blocks: [{ kind: 'statistics', ...counters }, { kind: 'statistics' }],
        },
      ],
    });
    expect(split(bytes, 50).statistics).toEqual([
      { interfaceId: 0, received: 7, droppedByInterface: 1, droppedByKernel: 2 ** 33 },
      { interfaceId: 0, received: null, droppedByInterface: null, droppedByKernel: null },
    ]);
  }
});

it('shows witness blocks on their way', () => {
  const out = new BlockWriter(false);
  const end = { address: Uint8Array.of(127, 0, 0, 1), port: 80 };
  writeSocketOwner(out, { local: end, remote: end, pid: 1, name: 'init', cgroup: '/' }, START);
  const block = out.take();
  const bytes = Buffer.concat([writePcapng({ sections: [{ interfaces: [{}], blocks: [] }] }), block]);
  const { witnesses } = split(bytes, 33);
  expect(witnesses).toHaveLength(1);
  expect(Buffer.from(witnesses[0])).toEqual(Buffer.from(block));
  expect(witnessKind(witnesses[0], 0, block.length)).toBe(WITNESS_SOCKET_OWNER);
});

it('does not keep heads without end', () => {
  const interfaces = Array.from({ length: LIVE_CAPTURE_LIMITS.maxInterfaces + 1 }, () => ({}));
  expect(() => split(writePcapng({ sections: [{ interfaces, blocks: [] }] }))).toThrow(BlockError);
});
