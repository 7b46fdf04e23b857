/** Enters a RST into the reset log: its own oddities, and both sides as they were before it. */
import { seqDelta } from '../../../shared/base/seq.ts';
import {
  DEFECTS,
  FAMILY,
  FLAGS,
  IP_FLAGS,
  MPTCP_RESET_REASON,
  OPTIONS,
  OPTION_STYLE,
  PAYLOAD_CAPTURED,
  SEQ,
  SRC_MAC_HIGH,
  SRC_MAC_LOW,
  TCP_FLAGS_MASK,
  TS_ECHO,
  TS_VALUE,
  TTL,
  VLAN,
} from '../decode/facts.ts';
import {
  BASE_SEQ,
  FIN_SEQ,
  FLOW_BITS,
  LAST_ACK,
  LAST_PACKET,
  LAST_RESET,
  LAST_SENT,
  LAST_SENT_TIME,
  LAST_TIME,
  LAST_TS_VALUE,
  NEXT_SEQ,
  PACKETS,
  RESETS,
  SEEN,
  SEEN_BITS,
  SENT_PACKETS,
  SYN_OPTIONS,
  TTLS,
} from '../flow/record.ts';
import type { FlowCursor } from '../flow/flow-cursor.ts';
import { LIMITS } from '../limits.ts';
import {
  RST_DEFECTS,
  RST_DIRECTION,
  RST_FLOW,
  RST_FLOW_BITS,
  RST_IDLE,
  RST_INTERFACE,
  RST_IPV6,
  RST_IP_FLAGS,
  RST_MAC_HIGH,
  RST_MAC_LOW,
  RST_MPTCP_REASON,
  RST_OPTIONS,
  RST_OPTION_STYLE,
  RST_PACKET,
  RST_PREVIOUS,
  RST_RECEIVER,
  RST_SENDER,
  RST_SENDER_SILENCE,
  RST_TS_ECHO,
  RST_TS_VALUE,
  RST_VLAN,
  SIDE_BASE_SEQ,
  SIDE_FIN_SEQ,
  SIDE_LAST_ACK,
  SIDE_LAST_SENT,
  SIDE_NEXT_SEQ,
  SIDE_SEEN,
  SIDE_SYN_OPTIONS,
  SIDE_TS_VALUE,
  SIDE_TTLS,
  SIDE_WINDOW,
} from '../store/reset-log.ts';
import { type PacketCursor, PAYLOAD_NOT_HERE } from './packet-cursor.ts';
import type { ResetLog } from '../store/reset-log.ts';

/**
 * @param flow bound to the reset's flow and direction, not yet changed by it
 * @returns the record that the reset is a member of now
 */
export function logReset(resets: ResetLog, flow: FlowCursor, packet: PacketCursor): number {
  const { table, words, at, sides, forward, sideTimes } = flow;
  const { facts, timeNs } = packet;
  const newest = table.word(flow.flow, LAST_RESET);
  const shape = shapeOf(flow, packet);
  table.setWord(flow.flow, RESETS, table.word(flow.flow, RESETS) + 1);
  const burst = resets.burstFor(newest, flow.direction, shape, timeNs);
  if (burst >= 0) {
    resets.join(burst, packet.number, timeNs);
    return burst;
  }
  const id = resets.add(newest, shape, timeNs);
  const record = resets.words(id);
  const to = resets.at(id);
  record[to + RST_PACKET] = packet.number | 0;
  record[to + RST_FLOW] = flow.flow;
  record[to + RST_DIRECTION] = flow.direction;
  record[to + RST_OPTIONS] = facts[OPTIONS];
  record[to + RST_OPTION_STYLE] = facts[OPTION_STYLE];
  record[to + RST_TS_VALUE] = facts[TS_VALUE];
  record[to + RST_TS_ECHO] = facts[TS_ECHO];
  record[to + RST_MPTCP_REASON] = facts[MPTCP_RESET_REASON];
  record[to + RST_MAC_HIGH] = facts[SRC_MAC_HIGH];
  record[to + RST_MAC_LOW] = facts[SRC_MAC_LOW];
  record[to + RST_VLAN] = facts[VLAN];
  record[to + RST_INTERFACE] = packet.interfaceId;
  record[to + RST_IP_FLAGS] = facts[IP_FLAGS];
  record[to + RST_DEFECTS] = facts[DEFECTS];
  record[to + RST_PREVIOUS] = words[at + LAST_PACKET];
  record[to + RST_FLOW_BITS] = words[at + FLOW_BITS];
  record[to + RST_IPV6] = facts[FAMILY] === 6 ? 1 : 0;
  snapshotSide(record, to + RST_SENDER, flow, flow.direction);
  snapshotSide(record, to + RST_RECEIVER, flow, flow.otherDirection);
  resets.setDuration(
    id,
    RST_IDLE,
    words[at + PACKETS] === 0 ? -1 : Math.max(0, timeNs - table.double(flow.flow, LAST_TIME)),
  );
  const spoke = sides[forward + SENT_PACKETS] > 0;
  const sentAt = sideTimes[flow.forwardTimes + LAST_SENT_TIME];
  resets.setDuration(id, RST_SENDER_SILENCE, spoke ? Math.max(0, timeNs - sentAt) : -1);
  table.setWord(flow.flow, LAST_RESET, id);

  const { payloadAt } = packet;
  if (payloadAt !== PAYLOAD_NOT_HERE && facts[PAYLOAD_CAPTURED] > 0) {
    const length = Math.min(facts[PAYLOAD_CAPTURED], LIMITS.maxResetPayloadBytes);
    resets.setPayload(id, packet.bytes.slice(payloadAt, payloadAt + length));
  }
  return id;
}

/** Where a reset's number lies, as far as it tells resets of one burst apart. */
const PLACE_NEXT = 0;
const PLACE_IN_WINDOW = 1;
const PLACE_OUTSIDE = 2;

/**
 * What resets must share to be judged as one: side, TTL, flags, and whether the number can end the connection. Among many blind
 * guesses the one that hits is thus told by itself, and so is one of another emitter.
 */
function shapeOf(flow: FlowCursor, { facts }: PacketCursor): number {
  const { direction, sides, forward, reverse } = flow;
  const ahead = seqDelta(facts[SEQ], sides[forward + NEXT_SEQ]);
  // The window may be scaled by up to 2^14; the scale of the receiver's own SYN is what counts, if it was seen.
  const scale = Math.max(0, (sides[reverse + SYN_OPTIONS] & 0xff) - 1);
  const isInWindow = ahead > 0 && ahead < flow.window(flow.otherDirection) * 2 ** Math.min(14, scale);
  const place = ahead === 0 ? PLACE_NEXT : isInWindow ? PLACE_IN_WINDOW : PLACE_OUTSIDE;
  return direction | (place << 1) | ((facts[FLAGS] & TCP_FLAGS_MASK) << 3) | (facts[TTL] << 16);
}

function snapshotSide(record: Int32Array, to: number, flow: FlowCursor, side: 0 | 1): void {
  const { sides } = flow;
  const from = side === flow.direction ? flow.forward : flow.reverse;
  record[to + SIDE_SEEN] = sides[from + SEEN] & SEEN_BITS;
  record[to + SIDE_NEXT_SEQ] = sides[from + NEXT_SEQ];
  record[to + SIDE_LAST_ACK] = sides[from + LAST_ACK];
  record[to + SIDE_BASE_SEQ] = sides[from + BASE_SEQ];
  record[to + SIDE_FIN_SEQ] = flow.table.directionWord(flow.flow, side, FIN_SEQ);
  record[to + SIDE_WINDOW] = flow.window(side);
  record[to + SIDE_SYN_OPTIONS] = sides[from + SYN_OPTIONS];
  record[to + SIDE_TS_VALUE] = sides[from + LAST_TS_VALUE];
  record[to + SIDE_LAST_SENT] = sides[from + LAST_SENT];
  record[to + SIDE_TTLS] = sides[from + TTLS];
}
