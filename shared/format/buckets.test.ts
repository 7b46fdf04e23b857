import { describe, expect, it } from 'vitest';
import { bucketsOver, roundWidthNs } from './buckets.ts';
import { durationText } from './duration.ts';

const SECOND = 1e9;
const widthText = (spanSeconds: number, most: number): string =>
  durationText(roundWidthNs(spanSeconds * SECOND, most));

describe('roundWidthNs', () => {
  it('has widths that people say', () => {
    expect(widthText(1.332, 120)).toBe('20 ms');
    expect(widthText(46, 120)).toBe('500 ms');
    expect(widthText(100, 120)).toBe('1 s');
    expect(widthText(1300, 120)).toBe('15 s');
    expect(widthText(3600, 120)).toBe('30 s');
    expect(widthText(2 * 3600, 120)).toBe('60 s');
    expect(widthText(86_400, 120)).toBe('15 min');
    expect(widthText(30 * 86_400, 120)).toBe('6 h');
    expect(widthText(365 * 86_400, 120)).toBe('5 d');
    expect(widthText(4000 * 86_400, 120)).toBe('50 d');
  });

  it('never needs more bars than it may have, and never a wider bar than needed', () => {
    let last = 0;
    for (let span = 1; span < 1e18; span *= 1.37) {
      const width = roundWidthNs(span, 100);
      expect(span / width).toBeLessThanOrEqual(100);
      expect(width === 1 || span / width > 100 / 2.51).toBe(true);
      expect(Number.isSafeInteger(width)).toBe(true);
      expect(width).toBeGreaterThanOrEqual(last);
      last = width;
    }
  });

  it('takes spans that are none', () => {
    expect(roundWidthNs(0, 100)).toBe(1);
    expect(roundWidthNs(-5, 100)).toBe(1);
    expect(roundWidthNs(Number.NaN, 100)).toBe(1);
    expect(roundWidthNs(SECOND, 0)).toBe(SECOND);
  });
});

describe('bucketsOver', () => {
  it('begins at a multiple of its width, and holds both ends', () => {
    expect(bucketsOver(3.7 * SECOND, 99 * SECOND, 50)).toEqual({
      fromNs: 2 * SECOND,
      widthNs: 2 * SECOND,
      count: 49,
    });
    expect(bucketsOver(-0.5 * SECOND, 0, 4)).toEqual({
      fromNs: -0.6 * SECOND,
      widthNs: 0.2 * SECOND,
      count: 4,
    });
    expect(bucketsOver(7, 7, 100)).toEqual({ fromNs: 7, widthNs: 1, count: 1 });
  });

  it('keeps to its number of bars where alignment costs one more', () => {
    for (let from = 0; from < 40; from += 0.7) {
      const { fromNs, widthNs, count } = bucketsOver(from * SECOND, (from + 20) * SECOND, 20);
      expect(count).toBeLessThanOrEqual(20);
      expect(fromNs).toBeLessThanOrEqual(from * SECOND);
      expect(fromNs + count * widthNs).toBeGreaterThan((from + 20) * SECOND);
    }
  });
});
