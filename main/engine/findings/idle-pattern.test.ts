import fc from 'fast-check';
import { expect, it } from 'vitest';
import { idlePattern } from './idle-pattern.ts';

function pattern(...seconds: number[]) {
  return idlePattern(Float64Array.from(seconds).sort());
}

it('is nothing without a silence', () => {
  expect(pattern()).toBeNull();
});

it('knows the timeout that three silences share', () => {
  expect(pattern(350.1, 350.4, 350)).toMatchObject({ constant: true, always: true, medianSeconds: 350.1 });
  expect(pattern(350.1, 350.4, 350)?.matchesKnownTimeout).toContain('AWS Network Load Balancer');
});

it('is constant without being known', () => {
  expect(pattern(47, 47.2, 47.1)).toMatchObject({ constant: true, matchesKnownTimeout: null });
});

it('does not take a median of anything for a timer', () => {
  expect(pattern(1, 60.5, 400)).toMatchObject({ constant: false, matchesKnownTimeout: null });
  expect(pattern(0.1, 0.1, 0.1)?.constant).toBe(false);
});

it('leaves two silences open, though both may match', () => {
  expect(pattern(60.2, 60.4)).toMatchObject({ constant: false });
  expect(pattern(60.2, 60.4)?.matchesKnownTimeout).toContain('nginx');
  expect(pattern(60.2, 350)?.matchesKnownTimeout).toBeNull();
});

it('forgives one in ten', () => {
  const nineteen = Array.from({ length: 19 }, (_, i) => 240 + i / 100);
  expect(pattern(...nineteen, 3)).toMatchObject({ constant: true, always: false });
  expect(pattern(...nineteen.slice(0, 8), 3)).toMatchObject({ constant: false });
});

it('has its median between the ends, and no negative spread', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }), (seconds) => {
      const found = pattern(...seconds);
      expect(found?.medianSeconds).toBeGreaterThanOrEqual(Math.min(...seconds));
      expect(found?.medianSeconds).toBeLessThanOrEqual(Math.max(...seconds));
      expect(found?.spreadSeconds).toBeGreaterThanOrEqual(0);
    }),
  );
});
