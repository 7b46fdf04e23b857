import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inRanges, toggled, withRange } from './ranges.ts';
import type { Ranges } from './ranges.ts';

const numbersOf = (ranges: Ranges): number[] =>
  ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i));

it('is a set, whatever is added and taken out', () => {
  const step = fc.record({ from: fc.nat(40), length: fc.nat(6), toggle: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const set = new Set<number>();
      let ranges: Ranges = [];
      for (const { from, length, toggle } of steps) {
        if (toggle) {
          ranges = toggled(ranges, from);
          if (!set.delete(from)) set.add(from);
        } else {
          ranges = withRange(ranges, { from, to: from + length });
          for (let number = from; number <= from + length; number++) set.add(number);
        }
      }
      expect(numbersOf(ranges)).toEqual([...set].sort((a, b) => a - b));
      for (let number = 0; number < 50; number++) expect(inRanges(ranges, number)).toBe(set.has(number));
      for (const [i, { from }] of ranges.entries())
        if (i > 0) expect(from).toBeGreaterThan(ranges[i - 1].to + 1);
    }),
  );
});
