/**
 * What a sequence number is worth as a name. A host draws its initial numbers at random (RFC 9293 §3.4.1); scanners, crafted
 * packets and test tools send small, round or always the same ones, which say nothing.
 */
import type { FlowRecord } from '../../../../shared/base/units.ts';
import { LIMITS } from '../../limits.ts';
import type { FlowFacts } from '../flow-facts.ts';
import { mix } from '../mix.ts';
import type { VantageFlows } from '../pair-book.ts';

/** Below it a number counts as chosen rather than drawn: one in 65,536 of those that are drawn. */
const SMALLEST_DRAWN = 1 << 16;

/** Whether a number looks drawn, by itself. */
export function looksDrawn(number: number): boolean {
  return number >>> 0 >= SMALLEST_DRAWN && (number & 0xffff) !== 0;
}

export function clientNumberKey(facts: FlowFacts, flow: FlowRecord): number {
  return mix(facts.seed, facts.base(flow, 0));
}

/** Whether the number of the client's SYN names a connection, for it is not that of many at this vantage. */
export function isClientNumberWorth(facts: FlowFacts, side: VantageFlows, flow: FlowRecord): boolean {
  const isRare = side.byClientNumber.count(clientNumberKey(facts, flow)) <= LIMITS.maxSharedNumber;
  return isRare && looksDrawn(facts.base(flow, 0));
}
