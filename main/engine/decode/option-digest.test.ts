import { describe, expect, it } from 'vitest';
import { optionsDigest, timestampsOnlyDigest } from './option-digest.ts';

const digest = (...words: number[]): number => {
  const view = new DataView(new ArrayBuffer(4 * words.length));
  words.forEach((word, i) => view.setInt32(4 * i, word));
  return optionsDigest(view, 0, view.byteLength);
};

describe('the digest of TCP options', () => {
  it('is the same for time stamps alone, walked or not', () => {
    for (const [value, echo] of [
      [0, 0],
      [1, 2],
      [-1, 0x7fff_ffff],
      [123_456_789, -987_654_321],
    ]) {
      expect(timestampsOnlyDigest(value, echo)).toBe(digest(0x0101_080a, value, echo));
    }
  });

  it('tells apart SACK blocks, time stamps and segment sizes, and is never that of no options', () => {
    const sack = (right: number): number => digest(0x0101_050a, 1000, right);
    const many = Array.from({ length: 500 }, (_, i) => sack(2000 + 1448 * i));
    expect(new Set(many).size).toBeGreaterThan(490);
    expect(digest(0x0204_05b4)).not.toBe(digest(0x0204_0550));
    expect(digest(0)).toBeGreaterThan(0);
  });
});
