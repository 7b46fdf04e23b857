import { describe, expect, it } from 'vitest';
import { moved, ticksTo, timeTicks, zoomed } from './range.ts';

const WHOLE = { fromNs: 0, toNs: 1e9 };

describe('the range of graphs', () => {
  it('zooms around what is pointed at', () => {
    const near = zoomed(WHOLE, WHOLE, 250e6, 0.5);
    expect(near).toEqual({ fromNs: 125e6, toNs: 625e6 });
    expect((250e6 - near.fromNs) / (near.toNs - near.fromNs)).toBeCloseTo(0.25);
  });

  it('never leaves the connection, nor becomes nothing', () => {
    expect(zoomed({ fromNs: 0, toNs: 5e8 }, WHOLE, 1e8, 10)).toEqual(WHOLE);
    expect(moved({ fromNs: 8e8, toNs: 9e8 }, WHOLE, 5e8)).toEqual({ fromNs: 9e8, toNs: 1e9 });
    expect(moved({ fromNs: 1e8, toNs: 2e8 }, WHOLE, -5e8)).toEqual({ fromNs: 0, toNs: 1e8 });
    let range = WHOLE;
    for (let i = 0; i < 60; i++) range = zoomed(range, WHOLE, 5e8, 0.5);
    expect(range.toNs - range.fromNs).toBe(1e3);
  });

  it('is marked at round values', () => {
    expect(ticksTo(95, 5)).toEqual([0, 20, 40, 60, 80]);
    expect(ticksTo(0, 5)).toEqual([0]);
    expect(timeTicks({ fromNs: 1.3e9, toNs: 2.1e9 }, 1e9, 4)).toEqual([0.4e9, 0.6e9, 0.8e9, 1e9]);
  });

  it('has few marks, whatever it spans', () => {
    for (const span of [1, 7, 999, 1e6, 3.3e12]) expect(ticksTo(span, 6).length).toBeLessThanOrEqual(8);
  });
});
