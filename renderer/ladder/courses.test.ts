import { describe, expect, it } from 'vitest';
import { CHANGED } from '../../shared/model/join.ts';
import { sampleFlow } from '../testing/sample.ts';
import { sampleFlowAccount } from '../testing/sample-connection.ts';
import type { SampleCourse, SampleWay } from '../testing/sample-joined.ts';
import { sampleJoinedLadder } from '../testing/sample-joined.ts';
import { courseNotes, courseSentence } from './course-words.ts';
import type { Courses } from './courses.ts';
import {
  FATE_APPEARS,
  FATE_CHANGED,
  FATE_ELSEWHERE,
  FATE_MISSED,
  FATE_VANISHES,
  isOrderKnown,
  legEnds,
  orderErrorNs,
} from './courses.ts';
import type { FlowPackets } from './flow-packets.ts';
import { hasOtherTtl } from './rung-words.ts';
import { usualTtlOf } from './flow-packets.ts';
import { joinedPackets } from './joined-packets.ts';
import { indexOfPacket, layRungs, standingFor } from './rungs.ts';

const THREE = ['client', 'middle', 'server'];

function joined(
  courses: readonly SampleCourse[],
  names = THREE,
  spanOf: Parameters<typeof joinedPackets>[2] = () => null,
  way: SampleWay = {},
): FlowPackets & { readonly courses: Courses } {
  const accounts = names.map((_, v) => ({
    ...sampleFlowAccount(sampleFlow(v), []),
    baseSeq: { client: 1000 * (v + 1), server: 1000 * (v + 1) },
  }));
  const packets = joinedPackets(sampleJoinedLadder(courses, names, undefined, way), accounts, spanOf);
  if (packets.courses === null) throw new Error('a joined ladder has courses');
  return { ...packets, courses: packets.courses };
}

describe('packets on their way past capture points', () => {
  it('are one row each, in the order in which they were sent, on one clock', () => {
    const { columns, courses } = joined([
      { from: 'client', flags: 2, seq: 0, seen: [0, 10, 20] },
      { from: 'server', flags: 0x12, seq: 0, seen: [41, 31, 21] },
      { from: 'client', seen: [42, 52, 62] },
    ]);
    expect(columns.count).toBe(3);
    expect([...columns.from]).toEqual([0, 1, 0]);
    expect([...courses.first]).toEqual([0, 2, 0]);
    [0, 21, 42].forEach((ms, index) => {
      expect(columns.timeNs[index]).toBeCloseTo(ms * 1e6, -2);
    });
    expect([...courses.fate]).toEqual([0, 0, 0]);
  });

  it('have numbers without what a device between added to them', () => {
    const { columns } = joined([{ from: 'server', seq: 7, ack: 9, seen: [20, 10, 0] }]);
    expect([columns.seq[0], columns.ack[0]]).toEqual([7, 9]);
  });

  it('appear, vanish, are missed and changed', () => {
    const { courses } = joined([
      { from: 'server', flags: 4, seen: [5, null, null] },
      { from: 'client', seen: [10, 20, null] },
      { from: 'client', seen: [40, null, 60] },
      { from: 'client', seen: [70, 80, 90], changes: [0, CHANGED.window | CHANGED.seq, CHANGED.client] },
      { from: 'client', seen: [100, 110, 120], changes: [0, CHANGED.client, CHANGED.seq] },
      { from: 'client', seen: [null, 130, null] },
    ]);
    expect([...courses.fate]).toEqual([
      FATE_APPEARS,
      FATE_VANISHES,
      FATE_MISSED,
      FATE_CHANGED,
      0,
      FATE_APPEARS | FATE_VANISHES,
    ]);
    expect(courseNotes(courses, 0, false)).toEqual(['not seen at server, middle before']);
    expect(courseNotes(courses, 1, true)).toEqual(['did not come to server']);
    expect(courseNotes(courses, 2, true)).toEqual(['not captured at middle']);
    expect(courseNotes(courses, 3, true)).toEqual(['changed on the way to middle: window']);
    expect(courseNotes(courses, 5, true)).toEqual(['not seen at client before', 'did not come to server']);
  });

  it('say nothing of a vantage that did not capture then', () => {
    const spanOf = (file: number): readonly [number, number] | null =>
      file === 2 ? [31_204e6 / 2 + 50e6, 31_204e6 / 2 + 1000e6] : null;
    const { courses } = joined(
      [
        { from: 'client', seen: [0, 10, null] },
        { from: 'client', seen: [400, 410, null] },
      ],
      THREE,
      spanOf,
    );
    expect([...courses.fate]).toEqual([0, FATE_VANISHES]);
  });

  it('are told with every frame and TTL that they have', () => {
    const { courses, usualTtl, ...rest } = joined([
      { from: 'client', payload: 3000, seen: [0, 10, 20], segments: [1, 1, 3] },
    ]);
    expect(courseSentence(courses, 0, true)).toBe(
      'seen at client as frame 1 with TTL 64, at middle as frame 1 with TTL 61, at server as frame 1 with TTL 58',
    );
    expect(courseNotes(courses, 0, true)).toEqual(['3 segments at server']);
    expect(usualTtl[0].client).toBe(64);
    expect(rest.columns.payload[0]).toBe(3000);
  });

  it('hold a TTL against others of the same capture point', () => {
    const packets = joined([
      { from: 'client', seen: [0, 10, 20] },
      { from: 'client', seen: [null, 30, 40] },
    ]);
    expect(usualTtlOf(packets, 1)).toBe(61);
    expect(hasOtherTtl(packets, 1)).toBe(false);
  });

  it('are found by each of their numbers', () => {
    const packets = joined([
      { from: 'client', seen: [0, 10, 20] },
      { from: 'server', seen: [40, 30, 21] },
    ]);
    // Two packets at each of three vantages, numbered one vantage after the other.
    expect([0, 1, 2, 3, 4, 5].map((number) => indexOfPacket(packets, number))).toEqual([0, 1, 0, 1, 0, 1]);
    expect(indexOfPacket(packets, 6)).toBe(-1);
    expect(standingFor(packets, 2)).toBe(0);
    expect(standingFor(packets, 1)).toBe(5);
  });

  it('claim no order that the clocks do not support', () => {
    const { courses } = joined(
      [
        { from: 'client', seen: [0, null] },
        { from: 'server', seen: [null, 0.5] },
        { from: 'client', seen: [3, null] },
        { from: 'client', seen: [4, 14] },
        { from: 'server', seen: [24, 14.2] },
      ],
      ['client', 'server'],
    );
    expect([0, 1, 2, 3, 4].map((index) => isOrderKnown(courses, index))).toEqual([
      true,
      false,
      true,
      true,
      true,
    ]);
    expect(orderErrorNs(courses)).toBe(1_200_000);
  });

  it('are folded only where nothing happened to them', () => {
    const download: SampleCourse[] = Array.from({ length: 40 }, (_, i) => ({
      from: 'server',
      seq: 1 + i * 1000,
      payload: 1000,
      seen: [i + 10, i === 20 ? null : i + 5, i],
    }));
    const packets = joined(download);
    const rungs = layRungs(packets, {
      scale: 'rows',
      pxPerNs: 0,
      rowPx: 28,
      open: new Set(),
      kept: new Set(),
    });
    const alone = Array.from({ length: rungs.count }, (_, at) => at).filter(
      (at) => rungs.kind[at] === 0 && rungs.from[at] === 20,
    );
    expect(alone).toHaveLength(1);
    expect(rungs.count).toBeLessThan(12);
  });

  it('stay quick where there are many', () => {
    const many: SampleCourse[] = Array.from({ length: 20_000 }, (_, i) => ({ seen: [i + 2, i + 1, i] }));
    const packets = joined(many);
    expect(packets.columns.count).toBe(20_000);
    expect(indexOfPacket(packets, 59_999)).toBe(19_999);
  });
});

describe('packets on either side of a proxy', () => {
  it('pass the points of their own connection only, between a host and the proxy', () => {
    const { courses } = joined(
      [
        { from: 'client', seen: [0, 10, null] },
        { from: 'client', seen: [null, null, 20] },
        { from: 'client', seen: [30, null, null] },
      ],
      THREE,
      undefined,
      { behindProxy: [2] },
    );
    expect([...courses.fate]).toEqual([0, 0, FATE_VANISHES]);
    expect(courseNotes(courses, 1, true)).toEqual([]);
    expect(courseNotes(courses, 2, true)).toEqual(['did not come to middle']);
    const [proxy] = courses.proxies;
    expect(legEnds(courses, 0)).toEqual([0, proxy]);
    expect(legEnds(courses, 1)).toEqual([proxy, 1]);
    expect(proxy).toBeGreaterThan(courses.vantages[1].at);
    expect(proxy).toBeLessThan(courses.vantages[2].at);
  });
});

describe('packets at points whose order nobody knows', () => {
  it('neither appear nor vanish', () => {
    const { courses } = joined(
      [
        { from: 'client', seen: [0, null] },
        { from: 'client', seen: [null, 10] },
      ],
      ['one', 'other'],
      undefined,
      { isOrdered: false },
    );
    expect([...courses.fate]).toEqual([FATE_ELSEWHERE, FATE_ELSEWHERE]);
    expect(courseNotes(courses, 0, true)).toEqual(['not seen at other']);
    expect(courseNotes(courses, 1, true)).toEqual(['not seen at one']);
  });
});
