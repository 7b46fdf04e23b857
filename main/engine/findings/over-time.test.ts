import { expect, it } from 'vitest';
import type { Nanoseconds } from '../../../shared/base/units.ts';
import { overTime } from './over-time.ts';

function partsOf(from: number, to: number, times: number): [number, number][] {
  const parts: [number, number][] = [];
  overTime(from as Nanoseconds, to as Nanoseconds, times, (ns, share) => parts.push([ns, share]));
  return parts;
}

it('puts one reset where it was, and none of a copy anywhere', () => {
  expect(partsOf(5, 5, 1)).toEqual([[5, 1]]);
  expect(partsOf(5, 9, 0)).toEqual([]);
});

it('spreads a burst from its first moment to its last', () => {
  expect(partsOf(0, 10, 3)).toEqual([
    [0, 1],
    [5, 1],
    [10, 1],
  ]);
  const many = partsOf(0, 1000, 100_001);
  expect(many.length).toBeLessThanOrEqual(256);
  expect(many.reduce((sum, [, share]) => sum + share, 0)).toBe(100_001);
  expect(many.at(-1)?.[0]).toBe(1000);
});
