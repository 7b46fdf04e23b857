import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MARK_RETRANSMISSION } from '../../shared/model/packet-marks.ts';
import { sampleDownload, samplePackets } from '../testing/sample-ladder.ts';
import { runText } from './rung-words.ts';
import type { RungOptions, Rungs } from './rungs.ts';
import {
  BREAK_PX,
  PACKET,
  RUN,
  SILENCE,
  indexOfPacket,
  layRungs,
  nextRung,
  rungAt,
  rungOf,
} from './rungs.ts';

const ROWS: RungOptions = { scale: 'rows', pxPerNs: 0, rowPx: 20, open: new Set(), kept: new Set() };

const kinds = ({ kind }: Rungs): string =>
  Array.from(kind, (one) => ['packet', 'run', 'silence'][one]).join(' ');

describe('rungs', () => {
  it('fold runs of the same, keep their beginning and end, and say what was in them', () => {
    const packets = samplePackets(sampleDownload(40));
    const rungs = layRungs(packets, ROWS);
    expect(kinds(rungs)).toBe('packet packet run packet');
    expect([rungs.from[2], rungs.to[2]]).toEqual([2, 59]);
    expect(runText(packets, 2, 59)).toBe('57 packets: 38 kB from the server in 38, all acknowledged');
  });

  it('show a run packet by packet when asked to, and what somebody looks for always', () => {
    const packets = samplePackets(sampleDownload(40));
    expect(kinds(layRungs(packets, { ...ROWS, open: new Set([12]) }))).not.toContain('run');
    const kept = layRungs(packets, { ...ROWS, kept: new Set([10 + 30]) });
    expect(kinds(kept)).toBe('packet packet run packet packet packet packet run packet');
    expect(kept.kind[rungOf(kept, 30)]).toBe(PACKET);
  });

  it('fold nothing over a retransmission, another TTL, a reset or a silence', () => {
    for (const odd of [{ marks: MARK_RETRANSMISSION }, { ttl: 33 }, { flags: 0x04 }]) {
      const packets = sampleDownload(20);
      packets[15] = { ...packets[15], ...odd };
      const rungs = layRungs(samplePackets(packets), ROWS);
      expect(rungs.kind[rungOf(rungs, 15)]).toBe(PACKET);
    }
    const late = sampleDownload(20).map((packet, index) => ({
      ...packet,
      atMs: index < 15 ? index : 9000 + index,
    }));
    expect(kinds(layRungs(samplePackets(late), ROWS))).toBe(
      'packet packet run packet silence packet packet run packet',
    );
  });

  it('stand apart by time where drawn to scale, and break where the silence is long', () => {
    const packets = samplePackets([{ atMs: 0 }, { atMs: 1 }, { atMs: 5 }, { atMs: 5000 }]);
    const rungs = layRungs(packets, { ...ROWS, scale: 'time', pxPerNs: 20 / 1e6 });
    expect(kinds(rungs)).toBe('packet packet packet silence packet');
    expect([...rungs.top]).toEqual([0, 20, 100, 120, 140]);
  });

  it('are in order, hold every packet once, and are found by place and by packet', () => {
    const packet = fc.record({
      from: fc.constantFrom('client' as const, 'server' as const),
      payload: fc.constantFrom(0, 100),
      marks: fc.constantFrom(0, 0, 0, 0, 0, 0, MARK_RETRANSMISSION),
      pauseMs: fc.constantFrom(0, 1, 1, 1, 2000),
    });
    fc.assert(
      fc.property(
        fc.array(packet, { maxLength: 60 }),
        fc.constantFrom('rows' as const, 'time' as const),
        (list, scale) => {
          let atMs = 0;
          const packets = samplePackets(
            list.map(({ pauseMs, ...one }) => ({ ...one, atMs: (atMs += pauseMs) })),
          );
          const rungs = layRungs(packets, { ...ROWS, scale, pxPerNs: 30 / 1e6 });
          const held: number[] = [];
          for (let at = 0; at < rungs.count; at++) {
            for (let i = rungs.from[at]; i < rungs.to[at]; i++) held.push(i);
            if (at > 0) {
              const gap = rungs.top[at] - rungs.top[at - 1] - rungs.height[at - 1];
              expect(gap).toBeGreaterThanOrEqual(0);
              expect(gap).toBeLessThanOrEqual(BREAK_PX);
            }
            expect(rungAt(rungs, rungs.top[at])).toBe(at);
          }
          expect(held).toEqual(list.map((_, index) => index));
          held.forEach((index) => {
            const at = rungOf(rungs, index);
            expect(rungs.kind[at]).not.toBe(SILENCE);
            expect(rungs.from[at] <= index && index < rungs.to[at]).toBe(true);
            expect(indexOfPacket(packets, 10 + index)).toBe(index);
          });
        },
      ),
    );
  });

  it('are walked past silences, and not beyond their ends', () => {
    const rungs = layRungs(samplePackets([{ atMs: 0 }, { atMs: 5000 }]), ROWS);
    expect(kinds(rungs)).toBe('packet silence packet');
    expect([
      nextRung(rungs, 0, 1),
      nextRung(rungs, 2, -1),
      nextRung(rungs, 2, 1),
      nextRung(rungs, 0, -1),
    ]).toEqual([2, 0, 2, 0]);
    expect(rungs.kind).not.toContain(RUN);
  });
});
