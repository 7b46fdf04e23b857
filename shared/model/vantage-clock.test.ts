import { describe, expect, it } from 'vitest';
import type { ClockOffset } from './join.ts';
import { correctedNs, differenceErrorNs, offsetAt } from './vantage-clock.ts';

const CLOCK: ClockOffset = { offsetNs: 5e9, offsetErrorNs: 1e6, driftPpm: 20, atNs: 100e9, steps: [] };

describe('a clock beside the reference', () => {
  it('is ahead by its offset, and by its drift away from when that holds', () => {
    expect(offsetAt(CLOCK, 100e9)).toBe(5e9);
    expect(offsetAt(CLOCK, 200e9)).toBeCloseTo(5e9 + 2e6, 3);
    expect(offsetAt(CLOCK, 0)).toBeCloseTo(5e9 - 2e6, 3);
  });

  it('is corrected so that the offset of the corrected time is what was taken off', () => {
    for (const timeNs of [3e9, 105e9, 4000e9]) {
      const corrected = correctedNs(CLOCK, timeNs);
      expect(corrected + offsetAt(CLOCK, corrected)).toBeCloseTo(timeNs, -1);
    }
  });

  it('steps once, before and behind the time at which its offset holds', () => {
    const behind = { ...CLOCK, driftPpm: 0, steps: [{ timeNs: 150e9, byNs: 2e9 }] };
    expect(offsetAt(behind, 149e9)).toBe(5e9);
    expect(offsetAt(behind, 150e9)).toBe(7e9);
    const before = { ...CLOCK, driftPpm: 0, steps: [{ timeNs: 50e9, byNs: 2e9 }] };
    expect(offsetAt(before, 60e9)).toBe(5e9);
    expect(offsetAt(before, 40e9)).toBe(3e9);
  });

  it('has no bounded difference to a clock without bound', () => {
    expect(differenceErrorNs(CLOCK, CLOCK)).toBe(2e6);
    expect(differenceErrorNs(CLOCK, { ...CLOCK, offsetErrorNs: null })).toBeNull();
  });
});
