import { expect, it } from 'vitest';
import { sampleOverview } from '../../testing/sample.ts';
import { countsAt, stackedSeries } from './stacked.ts';

it('stacks the origins, each over the sum of those below it', () => {
  const [seconds, unknown, endpoint, middlebox] = stackedSeries(sampleOverview());
  expect(seconds).toEqual([0.5, 1.5, 2.5]);
  expect(middlebox).toEqual([2, null, null]);
  expect(endpoint).toEqual([3, null, 3]);
  expect(unknown).toEqual([null, null, 4]);
});

it('counts a bar', () => {
  expect(countsAt(sampleOverview(), 2)).toEqual({ middlebox: 0, endpoint: 3, unknown: 1, total: 4 });
  expect(countsAt(sampleOverview(), 99).total).toBe(0);
});
