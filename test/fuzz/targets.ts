/**
 * All that the long run fuzzes, in turns. A target is a file that exports a `FuzzTarget`, and a line here; what its short run
 * among the system tests is, says a `*.fuzz.test.ts` beside it.
 */
import { FUZZ_PROGRAMS, type FuzzProgram } from '../native/fuzz-programs.ts';
import { argumentsTarget, filtersTarget, traceLinesTarget } from '../native/fuzz-targets.ts';
import { areFuzzersBuilt, isBuilt } from '../native/support/programs.ts';
import { copyTarget } from './copy.ts';
import { decodeTarget } from './decode.ts';
import { dissectTarget } from './dissect.ts';
import { lz4Target, zstdTarget } from './decompressors.ts';
import { filterTarget } from './filter.ts';
import type { FuzzTarget } from './fuzz-loop.ts';
import { hintsTarget } from './hints.ts';
import { joinTarget } from './join.ts';
import { ordinaryBytesTarget, ordinaryTarget } from './ordinary.ts';
import { readersTarget } from './readers.ts';
import { rpcTarget } from './rpc.ts';

export type LongTarget = FuzzTarget | FuzzProgram;

export const TARGETS: readonly LongTarget[] = [
  readersTarget,
  copyTarget,
  ordinaryTarget,
  ordinaryBytesTarget,
  lz4Target,
  zstdTarget,
  decodeTarget,
  dissectTarget,
  hintsTarget,
  joinTarget,
  filterTarget,
  rpcTarget,
  ...(isBuilt ? [filtersTarget, argumentsTarget, traceLinesTarget] : []),
  ...(areFuzzersBuilt ? FUZZ_PROGRAMS : []),
];

/** The targets to run: all, or those named; `helper` names all whose names begin with `helper-`. @throws Error for an unknown name */
export function targetsNamed(names: readonly string[]): readonly LongTarget[] {
  const isNamed = (target: LongTarget, name: string): boolean =>
    target.name === name || target.name.startsWith(`${name}-`);
  const unknown = names.filter((name) => !TARGETS.some((target) => isNamed(target, name)));
  if (unknown.length > 0) {
    throw new Error(
      `no target ${unknown.join(', ')}; there are ${TARGETS.map(({ name }) => name).join(', ')}`,
    );
  }
  return names.length === 0
    ? TARGETS
    : TARGETS.filter((target) => names.some((name) => isNamed(target, name)));
}
