import { expect, it } from 'vitest';
import { eventually } from '../../test/support/patience.ts';
import { Puller } from './puller.ts';

it('ends each pull, and makes one more of all that was wanted meanwhile', async () => {
  const ends: (() => void)[] = [];
  const puller = new Puller(0, () => new Promise((end) => ends.push(end)));
  puller.wanted();
  puller.wanted();
  await eventually(() => {
    expect(ends).toHaveLength(1);
  });
  for (let i = 0; i < 3; i++) puller.wanted();
  expect(ends).toHaveLength(1);
  ends[0]();
  await eventually(() => {
    expect(ends).toHaveLength(2);
  });
  puller.wanted();
  puller.dispose();
  ends[1]();
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(ends).toHaveLength(2);
});
