/** Which payloads the hints are shown: the first few of each direction, and those that they want. */
import type { FlowRecord } from '../../../shared/base/units.ts';
import { SNIFFED, SNIFFED_ONE } from '../flow/record.ts';
import type { HintCollector } from '../stream/hints.ts';

/** Payload packets of each direction that the hints always see: enough for greetings and hellos. */
const SNIFFED_PACKETS = 4;

/** @param seen the word SEEN of the side that sends */
export function isEarly(seen: number): boolean {
  return (seen & SNIFFED) < SNIFFED_PACKETS * SNIFFED_ONE;
}

/** @param firstByte of the payload @param length of it on the wire */
export function isWanted(
  hints: HintCollector,
  flow: FlowRecord,
  direction: 0 | 1,
  firstByte: number,
  length: number,
): boolean {
  return hints.wants(flow, firstByte, length) || hints.wantsHead(flow, direction);
}
