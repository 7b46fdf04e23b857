import { describe, expect, it } from 'vitest';
import { decodeLadder, joinLadders, makeLadderColumns } from './ladder.ts';

function three(): ReturnType<typeof makeLadderColumns> {
  const columns = makeLadderColumns(3);
  columns.timeNs.set([1.5e18, 2, 3]);
  columns.seq.set([0xffff_ffff, 1, 2]);
  columns.reset.set([-1, 7, -1]);
  columns.ttl.set([64, 47, 255]);
  columns.from.set([0, 1, 0]);
  return columns;
}

describe('columns of packets', () => {
  it('come back as they went, from wherever they lie in a frame', () => {
    const { bytes } = three();
    const frame = new Uint8Array(bytes.length + 3);
    frame.set(bytes, 3);
    const back = decodeLadder(frame.subarray(3));
    expect(back.count).toBe(3);
    expect([...back.timeNs]).toEqual([1.5e18, 2, 3]);
    expect([...back.seq]).toEqual([0xffff_ffff, 1, 2]);
    expect([...back.reset]).toEqual([-1, 7, -1]);
    expect([...back.from]).toEqual([0, 1, 0]);
  });

  it('of another length or kind are refused', () => {
    const { bytes } = three();
    expect(() => decodeLadder(bytes.subarray(0, bytes.length - 1))).toThrow();
    expect(() => decodeLadder(new Uint8Array(64))).toThrow();
    expect(() => decodeLadder(new Uint8Array(3))).toThrow();
  });

  it('are joined in their order', () => {
    const all = joinLadders([three(), makeLadderColumns(0), three()]);
    expect(all.count).toBe(6);
    expect([...all.ttl]).toEqual([64, 47, 255, 64, 47, 255]);
  });
});
