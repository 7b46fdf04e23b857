/** A clock that goes wrong in a way that is known. */
import type { ClockTruth } from './output.ts';

/** By how much it is ahead at the true time `ns` after `epochNs`. */
export function aheadAt(epochNs: bigint, ns: number, clock: ClockTruth | undefined): number {
  if (clock === undefined) return 0;
  const { offsetNs, ppm, fromNs, stepAtNs, stepNs } = clock;
  const sinceNs = Number(epochNs - BigInt(fromNs)) + ns;
  const isBehindStep = stepAtNs !== null && Number(epochNs - BigInt(stepAtNs)) + ns >= 0;
  return offsetNs + (ppm * sinceNs) / 1e6 + (isBehindStep ? stepNs : 0);
}
