import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fuzz } from '../fuzz/fuzz-loop.ts';
import { argumentsTarget, filtersTarget, traceLinesTarget } from './fuzz-targets.ts';
import { FUZZ_PROGRAMS } from './fuzz-programs.ts';
import { areFuzzersBuilt, isBuilt } from './support/programs.ts';

/** Each input is a process; the long run (npm run fuzz) has more. */
const ITERATIONS = 150;

describe.skipIf(!isBuilt)('the capture helper is fuzzed', () => {
  it.each([filtersTarget, argumentsTarget, traceLinesTarget])('$name', (target) => {
    fuzz(target, 1, ITERATIONS);
  });
});

/** Of the parts of the helper, many in one process. */
const INPUTS = 3000;

describe.skipIf(!areFuzzersBuilt)('the parts of the capture helper are fuzzed', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'resetscope-fuzz-seeds-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each(FUZZ_PROGRAMS)('$name', (program) => {
    expect(program.run(join(folder, program.name), 1, { inputs: INPUTS })).toBeGreaterThanOrEqual(INPUTS);
  });
});
