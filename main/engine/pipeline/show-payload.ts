/** Which payloads the hints are shown: the first few of each direction, and those that they want. */
import type { PacketNumber } from '../../../shared/base/units.ts';
import type { FlowCursor } from '../flow/flow-cursor.ts';
import { SNIFFED } from '../flow/record.ts';
import type { HintCollector } from '../stream/hints.ts';

/** Payload packets of each direction that the hints always see: enough for greetings and hellos. */
const SNIFFED_PACKETS = 4;

/**
 * @param at where the payload starts in `bytes`
 * @param captured bytes of it that are there, at least 1
 * @param length of it on the wire
 * @param seq of its first byte: a SYN takes the number before its data (RFC 9293 §3.4)
 */
export function showPayload(
  hints: HintCollector,
  flow: FlowCursor,
  packet: PacketNumber,
  bytes: Uint8Array,
  at: number,
  captured: number,
  length: number,
  seq: number,
): void {
  const { words, forward, direction } = flow;
  const isEarly = words[forward + SNIFFED] < SNIFFED_PACKETS;
  if (!isEarly && !hints.wants(flow.flow, bytes[at], length) && !hints.wantsHead(flow.flow, direction))
    return;
  words[forward + SNIFFED]++;
  hints.sniff(flow.flow, direction, packet, bytes, at, captured, length, seq);
}
