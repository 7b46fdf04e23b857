/** Which payloads the hints are shown: the first few of each direction, and those that they want. */
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { HintCollector } from '../stream/hints.ts';

/** Payload packets of each direction that the hints always see: enough for greetings and hellos. */
const SNIFFED_PACKETS = 4;

/**
 * @param sniffed payloads of this direction that were shown (SNIFFED)
 * @param firstByte of the payload
 * @param length of it on the wire
 */
export function isShown(
  hints: HintCollector,
  flow: FlowRecord,
  direction: 0 | 1,
  sniffed: number,
  firstByte: number,
  length: number,
): boolean {
  return (
    sniffed < SNIFFED_PACKETS || hints.wants(flow, firstByte, length) || hints.wantsHead(flow, direction)
  );
}
