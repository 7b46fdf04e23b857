/**
 * All that the long run fuzzes, in turns. A target is a file that exports a `FuzzTarget`, and a line here; what its short run
 * among the system tests is, says a `*.fuzz.test.ts` beside it.
 */
import { argumentsTarget, filtersTarget, traceLinesTarget } from '../native/fuzz-targets.ts';
import { isBuilt } from '../native/support/programs.ts';
import { decodeTarget } from './decode.ts';
import { lz4Target, zstdTarget } from './decompressors.ts';
import { filterTarget } from './filter.ts';
import type { FuzzTarget } from './fuzz-loop.ts';
import { hintsTarget } from './hints.ts';
import { readersTarget } from './readers.ts';

export const TARGETS: readonly FuzzTarget[] = [
  readersTarget,
  lz4Target,
  zstdTarget,
  decodeTarget,
  hintsTarget,
  filterTarget,
  ...(isBuilt ? [filtersTarget, argumentsTarget, traceLinesTarget] : []),
];

/** The targets to run: all, or those named. @throws Error for a name that no target has */
export function targetsNamed(names: readonly string[]): readonly FuzzTarget[] {
  const known = TARGETS.map((target) => target.name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no target ${unknown.join(', ')}; there are ${known.join(', ')}`);
  return names.length === 0 ? TARGETS : TARGETS.filter((target) => names.includes(target.name));
}
