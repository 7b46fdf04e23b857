import { it } from 'vitest';
import { decodeTarget } from './decode.ts';
import { fuzz } from './fuzz-loop.ts';

it('the decoder keeps its word on damaged packets', () => {
  fuzz(decodeTarget, 1, 10_000);
});
