import { it } from 'vitest';
import { fuzz } from './fuzz-loop.ts';
import { hintsTarget } from './hints.ts';

it('hints keep their word on damaged payloads', () => {
  fuzz(hintsTarget, 1, 15_000);
});
