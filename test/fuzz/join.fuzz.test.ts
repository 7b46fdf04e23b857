import { it } from 'vitest';
import { fuzz } from './fuzz-loop.ts';
import { joinTarget } from './join.ts';

it('captures of one path are joined, or not, however they are damaged', () => {
  fuzz(joinTarget, 1, 200);
});
