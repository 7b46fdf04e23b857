import { it } from 'vitest';
import { filterTarget } from './filter.ts';
import { fuzz } from './fuzz-loop.ts';

it('filters keep their word on any text', () => {
  fuzz(filterTarget, 1, 5000);
});
