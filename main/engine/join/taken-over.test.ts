import { describe, expect, it } from 'vitest';
import { takenOver, type VantagePackets } from './taken-over.ts';

/**
 * A letter a packet: c and s are what client and server send, C and S their resets. Behind it the index of the counterpart, if any:
 * "c0 s1 S".
 */
function packets(told: string): VantagePackets {
  const all = told
    .split(' ')
    .map((one) => ({ letter: one[0], other: one.length > 1 ? Number(one.slice(1)) : -1 }));
  return {
    count: all.length,
    counterparts: Int32Array.from(all, ({ other }) => other),
    isReset: (at) => 'CS'.includes(all[at].letter),
    direction: (at) => ('cC'.includes(all[at].letter) ? 0 : 1),
  };
}

describe('takenOver', () => {
  it('is nowhere while both have the same resets, whatever else is lost', () => {
    expect(takenOver(packets('c0 s S2 c'), packets('c0 s S2'))).toEqual([4, 3]);
  });

  it('begins after the last packet of the way of a reset that one alone has', () => {
    const client = packets('c0 s1 c2 s S c c');
    const server = packets('c0 s1 c2 s s');
    expect(takenOver(client, server)).toEqual([2, 2]);
    expect(takenOver(server, client)).toEqual([2, 2]);
  });

  it('begins with the earlier of two', () => {
    expect(takenOver(packets('c0 s1 c2 S'), packets('c0 s1 c2 C'))).toEqual([2, 2]);
  });

  it('is all of a connection that begins with such a reset', () => {
    expect(takenOver(packets('S c0'), packets('c1'))).toEqual([0, 0]);
  });
});
