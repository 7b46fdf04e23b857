import { describe, expect, it } from 'vitest';
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { MatchClass } from '../../../shared/model/join.ts';
import { LIMITS } from '../limits.ts';
import { consistentPairs, turned } from './connections.ts';
import type { FlowPair } from './pair-flows.ts';

/** Flows are numbered by their vantage and which one it is there: 203 is the third of the second. */
const vantageOf = (flow: FlowRecord): number => Math.floor(flow / 100);

function pair(
  first: number,
  second: number,
  kind: MatchClass = 'same',
  more: Partial<FlowPair> = {},
): FlowPair {
  return {
    ...{ first: first as FlowRecord, second: second as FlowRecord, class: kind, isSwapped: false },
    ...{ seqShift: [0, 0], ...more },
  };
}

function consistent(...found: readonly FlowPair[]): FlowPair[] {
  const work = consistentPairs(found, vantageOf);
  let step = work.next();
  while (step.done !== true) step = work.next();
  return step.value;
}

const ends = (pairs: readonly FlowPair[]) => pairs.map(({ first, second }) => [first, second]);

describe('pairs of flows at several vantages', () => {
  it('stay as they are where they agree', () => {
    const pairs = [pair(101, 201), pair(101, 301), pair(201, 301), pair(102, 202, 'rewritten')];
    expect(new Set(consistent(...pairs))).toEqual(new Set(pairs));
  });

  it('imply the one that was not found, with its numbers and sides', () => {
    const first = pair(101, 201, 'rewritten', { seqShift: [10, 20] });
    const next = pair(201, 301, 'probable', { isSwapped: true, seqShift: [100, 200] });
    expect(consistent(first, next)).toEqual([
      first,
      pair(101, 301, 'probable', { isSwapped: true, seqShift: [110, 220] }),
      next,
    ]);
  });

  it('imply numbers in the order of the sides that they are seen from', () => {
    const first = pair(101, 201, 'same', { isSwapped: true, seqShift: [10, 20] });
    const next = pair(201, 301, 'same', { seqShift: [100, 200] });
    // The client of 101 is the server of 201.
    expect(consistent(first, next)[1]).toEqual(
      pair(101, 301, 'same', { isSwapped: true, seqShift: [210, 120] }),
    );
  });

  it('imply one over a vantage that comes after both', () => {
    const pairs = [
      pair(101, 301, 'same', { seqShift: [5, 0] }),
      pair(201, 301, 'same', { isSwapped: true, seqShift: [0, 7] }),
    ];
    const implied = consistent(...pairs).find(({ second }) => vantageOf(second) === 2);
    expect(implied).toEqual(pair(101, 201, 'same', { isSwapped: true, seqShift: [-2, 0] }));
  });

  it('give way to a stronger class, whichever was found first', () => {
    const [weak, strong] = [pair(101, 201, 'probable'), pair(101, 202)];
    expect(consistent(weak, strong)).toEqual([strong]);
    expect(consistent(strong, weak)).toEqual([strong]);
  });

  it('give way to the one that was found first where none is stronger', () => {
    const [one, other] = [pair(101, 201), pair(102, 201)];
    expect(consistent(one, other)).toEqual([one]);
    expect(consistent(other, one)).toEqual([other]);
  });

  it('do not unite two connections by a pair across them', () => {
    // 101–201 and 202–302 are two connections, each with a flow at vantage 2.
    const pairs = consistent(pair(101, 201), pair(202, 302), pair(101, 302, 'probable'));
    expect(ends(pairs)).toEqual([
      [101, 201],
      [202, 302],
    ]);
  });

  it('make one of each two vantages, also at as many as are joined', () => {
    const { maxJoinedVantages: vantages } = LIMITS;
    const flows = Array.from({ length: vantages }, (_, i) => 100 * (i + 1));
    const pairs = consistent(
      ...flows.slice(1).map((flow, i) => pair(flows[i], flow, 'same', { seqShift: [1, 0] })),
    );
    expect(pairs).toHaveLength((vantages * (vantages - 1)) / 2);
    expect(pairs.find(({ first, second }) => first === 100 && second === 100 * vantages)?.seqShift).toEqual([
      vantages - 1,
      0,
    ]);
  });
});

it('a pair that is turned twice is itself', () => {
  const one = pair(101, 201, 'rewritten', { isSwapped: true, seqShift: [7, -0x8000_0000] });
  expect(turned(one)).toMatchObject({
    first: 201,
    second: 101,
    isSwapped: true,
    seqShift: [-0x8000_0000, -7],
  });
  expect(turned(turned(one))).toEqual(one);
});
