import { it } from 'vitest';
import { dissectTarget } from './dissect.ts';
import { fuzz } from './fuzz-loop.ts';

it('the dissectors keep their word on damaged packets', () => {
  fuzz(dissectTarget, 1, 2000);
});
