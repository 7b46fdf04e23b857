/** What a packet itself says of its row in the packet index, out of the facts that the layers left. */
import {
  ACK,
  DEFECTS,
  DEFECT_INNER,
  DEFECT_LENGTH,
  DEFECT_NOT_OPENED,
  DEFECT_TOO_DEEP,
  DST_PORT,
  EMBEDDED_SEQ,
  FAMILY,
  FLAGS,
  ICMP_CODE,
  ICMP_TYPE,
  IP_DF,
  IP_FLAGS,
  IP_ID,
  IP_WAS_FRAGMENTED,
  KIND,
  KIND_ICMP_ERROR,
  KIND_TCP,
  KIND_UDP,
  OPTIONS,
  OPT_TIMESTAMPS,
  PAYLOAD_CAPTURED,
  PAYLOAD_LENGTH,
  SEQ,
  SRC_PORT,
  TOS,
  TTL,
  TUNNEL,
  TUNNEL_NONE,
  WINDOW,
} from '../decode/facts.ts';
import { DIRECTION_INBOUND, DIRECTION_OUTBOUND } from '../read/sink.ts';
import {
  FLAG_DF,
  FLAG_INBOUND,
  FLAG_OUTBOUND,
  FLAG_TIMESTAMPS,
  FORM_DOUBTFUL,
  FORM_FRAGMENTS,
  FORM_IP,
  FORM_IPV6,
  FORM_TUNNEL,
  MAX_OVERHEAD,
  PAYLOAD_ELSEWHERE,
  storedOverhead,
} from '../store/packet-columns.ts';
import type { PacketChunk } from '../store/packet-index.ts';
import { PORT_DNS, dnsHeader, dnsQuestionKey } from '../stream/dns.ts';
import { type PacketCursor, PAYLOAD_NOT_HERE } from './packet-cursor.ts';

/** Defects by which fields have other values than the columns: not those of options and checksums, which the columns do not tell. */
const DOUBTFUL_DEFECTS = DEFECT_LENGTH | DEFECT_TOO_DEEP | DEFECT_NOT_OPENED | DEFECT_INNER;

/**
 * Fills the row but for its flow, the link to the packet before it, and marks.
 * @param start of the packet in `packet.bytes`
 * @param direction DIRECTION_* of the packet, as the file or the link layer has it
 * @param optionDigest of a TCP segment
 */
export function writeRow(
  packet: PacketCursor,
  chunk: PacketChunk,
  start: number,
  wireLength: number,
  direction: number,
  optionDigest: number,
): void {
  const { facts, row, payloadAt } = packet;
  const kind = facts[KIND];
  let flags = 0;
  let payloadFrom = PAYLOAD_ELSEWHERE;
  if (kind === KIND_TCP) {
    flags = facts[FLAGS];
    if ((facts[OPTIONS] & OPT_TIMESTAMPS) !== 0) flags |= FLAG_TIMESTAMPS;
    if (direction === DIRECTION_INBOUND) flags |= FLAG_INBOUND;
    else if (direction === DIRECTION_OUTBOUND) flags |= FLAG_OUTBOUND;
    chunk.seq[row] = facts[SEQ];
    chunk.ack[row] = facts[ACK];
    chunk.window[row] = facts[WINDOW];
    chunk.optionDigest[row] = optionDigest;
    if (payloadAt !== PAYLOAD_NOT_HERE) payloadFrom = payloadAt - start;
  } else {
    writeNumbers(packet, chunk);
    chunk.window[row] = 0;
    chunk.optionDigest[row] = 0;
  }
  // Without an IP header the slots below it still hold the packet before.
  const hasIp = facts[FAMILY] !== 0;
  const payload = hasIp ? facts[PAYLOAD_LENGTH] : 0;
  const overhead = wireLength - payload;
  if (hasIp && (facts[IP_FLAGS] & IP_DF) !== 0) flags |= FLAG_DF;
  let form = kind;
  if (hasIp) form |= facts[FAMILY] === 6 ? FORM_IP | FORM_IPV6 : FORM_IP;
  if (facts[TUNNEL] !== TUNNEL_NONE) form |= FORM_TUNNEL;
  if (hasIp && (facts[IP_FLAGS] & IP_WAS_FRAGMENTED) !== 0) form |= FORM_FRAGMENTS;
  const isTold = overhead >= 0 && overhead <= MAX_OVERHEAD && (facts[DEFECTS] & DOUBTFUL_DEFECTS) === 0;
  if (!isTold) form |= FORM_DOUBTFUL;
  chunk.flags[row] = flags;
  chunk.payload[row] = payload;
  chunk.ipId[row] = hasIp && facts[IP_ID] > 0 ? facts[IP_ID] : 0;
  // Less than nothing where a length field promises more than there was, or several fragments make more than the last one.
  const stored = isTold ? overhead : storedOverhead(overhead, form);
  chunk.setShape(row, form, hasIp ? facts[TOS] : 0, hasIp ? facts[TTL] : 0, stored, payloadFrom);
}

/** The columns of sequence and acknowledgement number, of what is no TCP segment. */
function writeNumbers(packet: PacketCursor, chunk: PacketChunk): void {
  const { facts, row } = packet;
  const isError = facts[KIND] === KIND_ICMP_ERROR;
  chunk.seq[row] = isError ? (facts[ICMP_TYPE] << 8) | facts[ICMP_CODE] : 0;
  chunk.ack[row] = isError ? facts[EMBEDDED_SEQ] : 0;
  if (facts[KIND] === KIND_UDP) writeQuestion(packet, chunk);
}

/** Keeps what a datagram to or from a DNS server asks, so that questions and answers find each other. */
function writeQuestion({ facts, bytes, row, payloadAt }: PacketCursor, chunk: PacketChunk): void {
  const isDns = facts[SRC_PORT] === PORT_DNS || facts[DST_PORT] === PORT_DNS;
  if (!isDns || payloadAt === PAYLOAD_NOT_HERE) return;
  const key = dnsQuestionKey(bytes, payloadAt, facts[PAYLOAD_CAPTURED]);
  if (key === 0) return;
  chunk.seq[row] = key;
  chunk.ack[row] = dnsHeader(bytes, payloadAt);
}
