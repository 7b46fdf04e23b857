import { expect, it } from 'vitest';
import { sampleOverview, sampleProgress, sampleSummary } from '../../testing/sample.ts';
import { resetCount } from './reset-count.ts';

const counted = {
  summary: sampleSummary({ resets: 31 }),
  progress: sampleProgress({ phase: 'following', resets: 32 }),
  overview: sampleOverview({ byOrigin: { endpoint: 10, middlebox: 18, unknown: 2 } }),
  range: null,
};

it('counts what is listed while resets still wait for their verdict, and all of them afterwards', () => {
  expect(resetCount(counted)).toBe(30);
  expect(resetCount({ ...counted, range: { fromNs: 0, toNs: 1 } })).toBe(31);
  expect(resetCount({ ...counted, progress: sampleProgress({ phase: 'done' }) })).toBe(31);
  expect(resetCount({ ...counted, overview: null, summary: null })).toBe(32);
});
