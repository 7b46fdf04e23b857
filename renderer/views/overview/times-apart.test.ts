import { describe, expect, it } from 'vitest';
import { timesApart } from './times-apart.ts';

function span(from: number, to: number) {
  const iso = (second: number): string => new Date(second * 1000).toISOString();
  return { first: iso(from), last: iso(to) };
}

describe('times of files', () => {
  it('are apart by the longest time between two that follow each other', () => {
    expect(timesApart([span(100, 110), span(0, 40), span(41, 90)])).toBe(10e9);
  });

  it('are not apart where any two overlap', () => {
    expect(timesApart([span(0, 40), span(39, 90), span(200, 210)])).toBeNull();
    expect(timesApart([span(0, 100), span(20, 30)])).toBeNull();
  });

  it('say nothing of files without packets', () => {
    expect(timesApart([{ first: null, last: null }, span(0, 1)])).toBeNull();
  });
});
