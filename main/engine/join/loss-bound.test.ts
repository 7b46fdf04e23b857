import { expect, it } from 'vitest';
import fc from 'fast-check';
import { lossBound } from './loss-bound.ts';

/** Quantiles of scipy.stats.beta(0.1 + missed, 100 + passed - missed).ppf(0.95). */
it.each([
  [0, 0, 0.005813586949],
  [100, 0, 0.002904489329],
  [1000, 0, 0.000527744896],
  [100_000, 0, 0.000005798562],
  [1000, 1, 0.002895272113],
  [40, 3, 0.045614950582],
  [1000, 50, 0.056324872235],
  [1_000_000, 700, 0.000744092385],
])('of %i packets that passed and %i missed is %d', (passed, missed, bound) => {
  expect(lossBound(passed, missed)).toBeCloseTo(bound, 7);
});

it('stays between 0 and 1, grows with what is missed, and shrinks with what was captured', () => {
  const count = fc.nat(1_000_000);
  fc.assert(
    fc.property(count, count, (captured, missed) => {
      const bound = lossBound(captured + missed, missed);
      expect(bound).toBeGreaterThan(0);
      expect(bound).toBeLessThanOrEqual(1);
      expect(lossBound(captured + missed + 1, missed + 1)).toBeGreaterThan(bound);
      expect(lossBound(captured + missed + 1, missed)).toBeLessThan(bound);
    }),
    { numRuns: 200 },
  );
});
