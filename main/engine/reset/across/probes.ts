/** Finds connections that carry nothing and come again and again: health checks of load balancers and monitors. */
import type { FlowRecord } from '../../../../shared/base/units.ts';
import { FIRST_TIME } from '../../flow/record.ts';
import { portOf, sameAddress } from '../observe/flow-ends.ts';
import type { CaptureView } from '../observe/view.ts';

/** Probes of one client to one service that make a health check. */
export const HEALTH_CHECKS = 3;
/** Flows of the client that are looked at. */
const MOST_FLOWS = 64;
/** Probes closer than this are retries or parallel connections. */
const SHORTEST_PERIOD_NS = 500_000_000;
/** A period repeats when it stays within this share of the median. */
const REGULAR = 0.35;

const starts = new Float64Array(MOST_FLOWS);

/**
 * How many empty connections of this flow's client to its service come at a regular period, this one included;
 * 1 where there is no rhythm.
 */
export function repeatedProbes(view: CaptureView, flow: FlowRecord): number {
  const port = portOf(view, flow, 1);
  let visited = 0;
  let count = 0;
  view.addresses.visitFlows(flow, 0, (other, side) => {
    if (visited++ >= 4 * MOST_FLOWS || count >= MOST_FLOWS) return false;
    if (side !== 0 || portOf(view, other, 1) !== port) return true;
    if (!sameAddress(view, other, 1, flow, 1)) return true;
    if (view.flows.payloadOfBoth(other) === 0) starts[count++] = view.flows.double(other, FIRST_TIME);
    return true;
  });
  if (count < HEALTH_CHECKS) return 1;
  const times = starts.subarray(0, count).slice().sort();
  const gaps = new Float64Array(count - 1);
  for (let i = 1; i < count; i++) gaps[i - 1] = times[i] - times[i - 1];
  gaps.sort();
  const median = gaps[gaps.length >> 1];
  if (median < SHORTEST_PERIOD_NS) return 1;
  let regular = 1;
  for (const gap of gaps) if (Math.abs(gap - median) <= REGULAR * median) regular++;
  return regular >= HEALTH_CHECKS ? regular : 1;
}
