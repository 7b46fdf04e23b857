import { it } from 'vitest';
import { copyTarget } from './copy.ts';
import { fuzz } from './fuzz-loop.ts';

it('copies of damaged files say what the files say', () => {
  fuzz(copyTarget, 1, 2000);
});
