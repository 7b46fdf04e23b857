import { expect, it } from 'vitest';
import { analyzeBytes } from '../../../test/support/analyze.ts';
import { floodOf } from '../../../test/support/floods.ts';
import { LIMITS, LimitCounter } from '../limits.ts';
import { limitWarnings } from './loss-report.ts';

it('says what a flood cost and how often', () => {
  const surplus = 36;
  const bytes = floodOf(
    'first fragments of datagrams that never come whole',
    LIMITS.maxFragmentedDatagrams + surplus,
  );
  const [file] = analyzeBytes(bytes).files;
  expect(file.warnings).toEqual([
    expect.objectContaining({
      code: 'limit-reached',
      message: expect.stringMatching(
        /^36 datagrams were given up before all of their fragments came/u,
      ) as string,
    }),
  ]);
});

it('tells each hit once, those of other limits by their names', () => {
  const limits = new LimitCounter();
  limits.hit('maxEncapsulation', 3);
  expect(limitWarnings(limits).map(({ message }) => message)).toEqual([
    'limit maxEncapsulation (16) was reached 3 times',
  ]);
  expect(limitWarnings(limits)).toEqual([]);
  limits.hit('maxWaitingResets', 2);
  expect(limitWarnings(limits)).toEqual([expect.objectContaining({ lossy: true })]);
});
