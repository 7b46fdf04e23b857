import { expect, it } from 'vitest';
import { percentIn } from './pane-size.ts';

it('takes a share that leaves room for both, and nothing else', () => {
  expect(percentIn('37.5')).toBe(37.5);
  for (const kept of [null, '', ' ', 'x', 'NaN', '-4', '0', '99', '1e9'])
    expect(percentIn(kept)).toBeUndefined();
});
