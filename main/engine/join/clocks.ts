/** The offset of one clock against another, by packets that pass both vantages. */
import type { ClockOffset } from '../../../shared/model/join.ts';

/** Points (time at the first vantage, time at the second less that) of packets from the first to the second, and of those the other way. */
export interface Transits {
  readonly there: readonly (readonly [timeNs: number, differenceNs: number])[];
  readonly back: readonly (readonly [timeNs: number, differenceNs: number])[];
}

/** Offset of the second vantage's clock against the first's; undefined without any packet. */
export function clockOffset({ there, back }: Transits): ClockOffset | undefined {
  // A packet on its way there takes time, so that its difference lies above the offset; on its way back below.
  const above = there.reduce((least, [, difference]) => Math.min(least, difference), Infinity);
  const below = back.reduce((most, [, difference]) => Math.max(most, difference), -Infinity);
  if (above === Infinity && below === -Infinity) return undefined;
  const times = [...there, ...back].map(([timeNs]) => timeNs);
  const atNs = times.reduce((sum, timeNs) => sum + timeNs / times.length, 0);
  if (above === Infinity) return { offsetNs: below, offsetErrorNs: null, driftPpm: 0, atNs, steps: [] };
  if (below === -Infinity) return { offsetNs: above, offsetErrorNs: null, driftPpm: 0, atNs, steps: [] };
  return {
    offsetNs: (above + below) / 2,
    offsetErrorNs: Math.max(0, (above - below) / 2),
    driftPpm: 0,
    atNs,
    steps: [],
  };
}
