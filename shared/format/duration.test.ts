import { describe, expect, it } from 'vitest';
import { durationText } from './duration.ts';

const S = 1e9;

describe('durationText', () => {
  it.each([
    [0, '0 ns'],
    [840, '840 ns'],
    [999.7, '1 µs'],
    [1500, '1.5 µs'],
    [12_345_678, '12.3 ms'],
    [999_499_000, '999 ms'],
    [999_999_999, '1 s'],
    [1.25 * S, '1.25 s'],
    [59.96 * S, '60 s'],
    [350 * S, '350 s'],
    [350.4 * S, '350 s'],
    [599 * S, '599 s'],
    [599.7 * S, '10 min'],
    [600 * S, '10 min'],
    [1503 * S, '25 min 3 s'],
    [3599.6 * S, '1 h'],
    [3600 * S, '1 h'],
    [7500 * S, '2 h 5 min'],
    [86_390 * S, '1 d'],
    [86_400 * S, '1 d'],
    [3 * 86_400 * S + 4 * 3600 * S, '3 d 4 h'],
    [-5e6, '-5 ms'],
  ])('writes %d ns as %s', (ns, text) => {
    expect(durationText(ns)).toBe(text);
  });

  it('says that it does not know', () => {
    expect(durationText(NaN)).toBe('unknown');
    expect(durationText(-Infinity)).toBe('unknown');
  });
});
