import { describe, expect, it } from 'vitest';
import { LIMITS } from '../limits.ts';
import { KeyIndex } from './key-index.ts';

describe('the index of keys', () => {
  it('counts all items of a key and keeps the first few', () => {
    const many = LIMITS.maxJoinCandidates * 4;
    const index = new KeyIndex(many + 2);
    for (let item = 0; item < many; item++) index.add(-7, item);
    index.add(3, 100);
    expect([index.count(-7), index.items(-7).length]).toEqual([many, LIMITS.maxJoinCandidates]);
    expect([index.only(-7), index.only(3), index.only(4)]).toEqual([undefined, 100, undefined]);
    expect([index.count(3), index.count(4)]).toEqual([1, 0]);
  });

  it('answers as a map does, keys that collide in its slots among them', () => {
    const index = new KeyIndex(3000);
    const map = new Map<number, number[]>();
    for (let item = 0; item < 3000; item++) {
      // Few different slots, many different keys.
      const key = Math.imul(item % 1500, 0x1_0000) | (item % 3);
      index.add(key, item);
      map.set(key, [...(map.get(key) ?? []), item]);
    }
    for (const [key, items] of map) {
      expect(index.count(key)).toBe(items.length);
      expect(index.items(key).sort((a, b) => a - b)).toEqual(items.slice(0, LIMITS.maxJoinCandidates));
    }
  });
});
