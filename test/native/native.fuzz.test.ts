import { describe, it } from 'vitest';
import { fuzz } from '../fuzz/fuzz-loop.ts';
import { argumentsTarget, filtersTarget, traceLinesTarget } from './fuzz-targets.ts';
import { isBuilt } from './support/programs.ts';

/** Each input is a process; the long run (npm run fuzz) has more. */
const ITERATIONS = 150;

describe.skipIf(!isBuilt)('the capture helper is fuzzed', () => {
  it.each([filtersTarget, argumentsTarget, traceLinesTarget])('$name', (target) => {
    fuzz(target, 1, ITERATIONS);
  });
});
