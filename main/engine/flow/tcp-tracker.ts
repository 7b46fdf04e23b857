/**
 * Follows both sides of a TCP connection, packet by packet, and marks what is remarkable about each.
 *
 * The marks mean what Wireshark's tcp.analysis.* of the same names mean, so that people can compare; the tests hold
 * them against tshark. Two deliberate differences: a packet that was captured twice is a duplicate capture, not a
 * retransmission; and a reset changes nothing of what is believed about its sender ("don't trust acks in RST
 * packets", as Zeek has it), because it may be forged.
 *
 * Invariants, per direction, once SEEN_ANY
 * - NEXT_SEQ is one past the highest sequence number seen (SYN and FIN count one), zero-window probes excepted.
 * - LAST_ACK is only meaningful once SEEN_ACK.
 */
import { seqAdd, seqGeq, seqGt, seqLeq, seqLt } from '../../../shared/base/seq.ts';
import type { Nanoseconds, PacketNumber, SeqNumber } from '../../../shared/base/units.ts';
import type { Facts } from '../decode/facts.ts';
import type { FlowCursor } from './flow-cursor.ts';
import {
  ACK,
  FLAGS,
  IP_ID,
  OPTIONS,
  OPTION_STYLE,
  OPT_SACK,
  OPT_SACK_PERMITTED,
  OPT_TIMESTAMPS,
  PAYLOAD_LENGTH,
  SEQ,
  TCP_ACK,
  TCP_FIN,
  TCP_RST,
  TCP_SYN,
  TS_VALUE,
  TTL,
  WINDOW,
  WINDOW_SCALE,
} from '../decode/facts.ts';
import {
  MARK_ACKED_UNSEEN,
  MARK_ANY_RETRANSMISSION,
  MARK_DUPLICATE_ACK,
  MARK_DUPLICATE_CAPTURE,
  MARK_FAST_RETRANSMISSION,
  MARK_KEEP_ALIVE,
  MARK_KEEP_ALIVE_ACK,
  MARK_LOST_SEGMENT,
  MARK_OUT_OF_ORDER,
  MARK_RETRANSMISSION,
  MARK_SACK,
  MARK_SPURIOUS_RETRANSMISSION,
  MARK_WINDOW_FULL,
  MARK_WINDOW_UPDATE,
  MARK_ZERO_WINDOW,
  MARK_ZERO_WINDOW_PROBE,
} from './marks.ts';
import { TCP_FLAGS_MASK } from '../decode/facts.ts';
import { addHistory, HISTORY_LETTERS } from './history.ts';
import {
  BASE_SEQ,
  DUPLICATE_ACKS,
  FIN_SEQ,
  FLOW_BITS,
  FLOW_DUPLICATED,
  FLOW_ESTABLISHED,
  FLOW_LOST_SEGMENTS,
  HANDSHAKE_RTT,
  LAST_ACK,
  LAST_ACK_TIME,
  LAST_MARKS,
  LAST_PACKET,
  LAST_SENT_TIME,
  LAST_TS_VALUE,
  LAST_WINDOW,
  MAX_TO_BE_ACKED,
  NEXT_SEQ,
  NEXT_SEQ_TIME,
  PAYLOAD_BYTES,
  RETRANSMISSIONS,
  SEEN,
  SEEN_ACK,
  SEEN_AFTER_RST,
  SEEN_ANY,
  SEEN_DATA,
  SEEN_FIN,
  SEEN_FIN_ACKED,
  SEEN_PURE_ACK,
  SEEN_RST,
  SEEN_SACK_PERMITTED,
  SEEN_SYN,
  SEEN_SYN_ACK,
  SEEN_TIMESTAMPS,
  SEEN_ZERO_WINDOW,
  SENT_PACKETS,
  SYN_OPTIONS,
  SYN_ACK_US,
  SYN_TIME,
  TTLS,
} from './record.ts';

/** Where a retransmission after duplicate ACKs still counts as fast (Wireshark). */
const FAST_RETRANSMISSION_NS = 20_000_000;
/** A segment this soon after a later one is out of order rather than resent, where no round trip is known. */
const OUT_OF_ORDER_NS = 3_000_000;
/** The same packet seen twice within this is one packet captured twice. */
const DUPLICATE_CAPTURE_NS = 5_000_000;
/** Without an IP-ID to tell copies from resends, only copies this close count. */
const ANONYMOUS_DUPLICATE_NS = 100_000;
/** How many packets of the flow are looked through for the first copy. */
const DUPLICATE_LOOK_BACK = 8;

const CONTROL = TCP_SYN | TCP_FIN | TCP_RST;

/** What the tracker asks of the packets before this one, by their numbers. */
export interface EarlierPackets {
  /** Whether the packet is still there to be asked about; not so for NO_PACKET. */
  holds(packet: PacketNumber): boolean;
  /** The packet before it in its flow, or NO_PACKET. */
  previous(packet: PacketNumber): PacketNumber;
  /** Since the epoch. */
  time(packet: PacketNumber): Nanoseconds;
  direction(packet: PacketNumber): 0 | 1;
  seq(packet: PacketNumber): SeqNumber;
  ack(packet: PacketNumber): SeqNumber;
  /** Payload bytes on the wire. */
  payload(packet: PacketNumber): number;
  /** TCP flags, under TCP_FLAGS_MASK. */
  flags(packet: PacketNumber): number;
  window(packet: PacketNumber): number;
  ipId(packet: PacketNumber): number;
  ttl(packet: PacketNumber): number;
}

export class TcpTracker {
  readonly #packets: EarlierPackets;

  constructor(packets: EarlierPackets) {
    this.#packets = packets;
  }

  /**
   * Takes one segment into the flow's record and gives its marks.
   * @param flow bound to the segment's flow and direction
   */
  track(flow: FlowCursor, facts: Facts, timeNs: Nanoseconds): number {
    const { words, at, forward } = flow;
    if ((facts[FLAGS] & TCP_RST) !== 0) return this.#trackReset(flow, facts, timeNs);
    // What repeats could be the same packet captured twice: it must not get to the state.
    if (repeats(flow, facts) && this.#isDuplicate(flow, facts, timeNs)) {
      words[at + FLOW_BITS] |= FLOW_DUPLICATED;
      return MARK_DUPLICATE_CAPTURE;
    }

    // SEG.LEN counts SYN and FIN (RFC 9293 §3.4).
    const consumed = facts[PAYLOAD_LENGTH] + ((facts[FLAGS] & (TCP_SYN | TCP_FIN)) !== 0 ? 1 : 0);
    const end = seqAdd(facts[SEQ], consumed);
    const known = (words[forward + SEEN] & SEEN_ANY) !== 0;

    let marks = (facts[OPTIONS] & OPT_SACK) !== 0 ? MARK_SACK : 0;
    marks |= isZeroWindowProbe(flow, facts) ? MARK_ZERO_WINDOW_PROBE : sequenceMarks(flow, facts, end);
    if ((facts[FLAGS] & TCP_ACK) !== 0) marks |= acknowledgementMark(flow, facts);
    if (consumed > 0 && known && (marks & MARK_KEEP_ALIVE) === 0) {
      marks |= retransmissionMark(flow, facts, end, timeNs);
    }

    if (!known) begin(flow, facts, end, timeNs);
    else if ((marks & MARK_ZERO_WINDOW_PROBE) === 0) advance(flow, facts, end, timeNs);
    noteSegment(flow, facts, timeNs, marks, end);
    words[forward + LAST_MARKS] = marks;
    return marks;
  }

  /** A reset may be forged: that it came is all that its sender's state learns from it. */
  #trackReset(flow: FlowCursor, facts: Facts, timeNs: Nanoseconds): number {
    const { words, times, forward, forwardTimes } = flow;
    words[forward + SEEN] |= SEEN_RST;
    words[forward + SENT_PACKETS]++;
    times[forwardTimes + LAST_SENT_TIME] = timeNs;
    addHistory(flow, HISTORY_LETTERS.reset);
    return this.#isDuplicate(flow, facts, timeNs) ? MARK_DUPLICATE_CAPTURE : 0;
  }

  /** Whether the segment is a packet of the flow captured a second time. */
  #isDuplicate({ words, at, direction }: FlowCursor, facts: Facts, timeNs: Nanoseconds): boolean {
    const packets = this.#packets;
    let packet = (words[at + LAST_PACKET] >>> 0) as PacketNumber;
    for (let i = 0; i < DUPLICATE_LOOK_BACK && packets.holds(packet); i++) {
      const age = timeNs - packets.time(packet);
      if (age > DUPLICATE_CAPTURE_NS) return false;
      if (
        packets.direction(packet) === direction &&
        packets.seq(packet) === facts[SEQ] &&
        packets.ack(packet) === facts[ACK] &&
        packets.payload(packet) === facts[PAYLOAD_LENGTH] &&
        (packets.flags(packet) & TCP_FLAGS_MASK) === facts[FLAGS] &&
        packets.window(packet) === facts[WINDOW]
      ) {
        const ipId = facts[IP_ID];
        if (ipId > 0) return packets.ipId(packet) === ipId;
        if (ipId === 0 && packets.ipId(packet) !== 0) return false;
        // No IP-ID to compare. A copy made on the way through a router has one hop less; an exact copy counts only
        // where it carries something (pure ACKs and resets repeat legitimately).
        const fewer = packets.ttl(packet) - facts[TTL];
        if (fewer === 1) return true;
        const carries = facts[PAYLOAD_LENGTH] > 0 || (facts[FLAGS] & (TCP_SYN | TCP_FIN)) !== 0;
        const duplicatedFlow = (words[at + FLOW_BITS] & FLOW_DUPLICATED) !== 0;
        return fewer === 0 && (carries || duplicatedFlow) && age < ANONYMOUS_DUPLICATE_NS;
      }
      packet = packets.previous(packet);
    }
    return false;
  }
}

/** Whether a segment brings nothing that its side had not sent before. */
function repeats({ words, forward }: FlowCursor, facts: Facts): boolean {
  if ((words[forward + SEEN] & SEEN_ANY) === 0) return false;
  if (seqLt(facts[SEQ], words[forward + NEXT_SEQ])) return true;
  return facts[PAYLOAD_LENGTH] === 0 && facts[ACK] === words[forward + LAST_ACK];
}

/** One octet at SND.NXT into a window of zero (RFC 9293 §3.8.6.1). */
function isZeroWindowProbe({ words, forward, reverse }: FlowCursor, facts: Facts): boolean {
  return (
    facts[PAYLOAD_LENGTH] === 1 &&
    (words[forward + SEEN] & SEEN_ANY) !== 0 &&
    facts[SEQ] === words[forward + NEXT_SEQ] &&
    (words[reverse + SEEN] & SEEN_ANY) !== 0 &&
    words[reverse + LAST_WINDOW] === 0
  );
}

/** What the place of a segment in the sequence says: gaps, keep-alives, repeated acknowledgements, and windows. */
function sequenceMarks(flow: FlowCursor, facts: Facts, end: SeqNumber): number {
  const { words, forward, reverse } = flow;
  const seq = facts[SEQ];
  const length = facts[PAYLOAD_LENGTH];
  const nextSeq = words[forward + NEXT_SEQ];
  const isPlain = (facts[FLAGS] & CONTROL) === 0;
  let marks = isPlain && facts[WINDOW] === 0 ? MARK_ZERO_WINDOW : 0;
  if ((words[forward + SEEN] & SEEN_ANY) !== 0) {
    if (seqGt(seq, nextSeq)) marks |= MARK_LOST_SEGMENT;
    // SEG.SEQ = SND.NXT − 1, with one octet of garbage or none (RFC 9293 §3.8.4).
    if (isPlain && length <= 1 && seq === seqAdd(nextSeq, -1)) marks |= MARK_KEEP_ALIVE;
    if (isPlain && length === 0 && seq === nextSeq && facts[ACK] === words[forward + LAST_ACK]) {
      marks |= repeatedAckMark(flow, facts[WINDOW]);
    }
  }
  // Windows can be scaled right only where the other side's SYN was seen.
  if (isPlain && length > 0 && (words[reverse + SEEN] & (SEEN_SYN | SEEN_SYN_ACK)) !== 0) {
    const window = words[reverse + LAST_WINDOW] << windowScale(flow);
    if (end === seqAdd(words[reverse + LAST_ACK], window)) marks |= MARK_WINDOW_FULL;
  }
  return marks;
}

/** What an acknowledgement is that has no data and acknowledges nothing new (RFC 5681 §2, Wireshark's order of tests). */
function repeatedAckMark({ words, forward, reverse }: FlowCursor, window: number): number {
  if (window === 0) return 0;
  if (window !== words[forward + LAST_WINDOW]) return MARK_WINDOW_UPDATE;
  if ((words[reverse + LAST_MARKS] & MARK_KEEP_ALIVE) !== 0) return MARK_KEEP_ALIVE_ACK;
  words[forward + DUPLICATE_ACKS]++;
  return MARK_DUPLICATE_ACK;
}

/** Whether a segment acknowledges what was not captured. */
function acknowledgementMark({ words, forward, reverse }: FlowCursor, facts: Facts): number {
  const ack = facts[ACK];
  if (ack !== words[forward + LAST_ACK]) words[forward + DUPLICATE_ACKS] = 0;
  if ((words[reverse + SEEN] & SEEN_ANY) === 0) return 0;
  if (!seqGt(ack, words[reverse + MAX_TO_BE_ACKED])) return 0;
  words[reverse + MAX_TO_BE_ACKED] = words[reverse + NEXT_SEQ];
  return MARK_ACKED_UNSEEN;
}

/** The first segment of a direction. */
function begin(flow: FlowCursor, facts: Facts, end: SeqNumber, timeNs: Nanoseconds): void {
  const { words, times, forward, forwardTimes } = flow;
  words[forward + BASE_SEQ] = facts[SEQ];
  words[forward + NEXT_SEQ] = end;
  words[forward + MAX_TO_BE_ACKED] = end;
  times[forwardTimes + NEXT_SEQ_TIME] = timeNs;
}

/** A further segment of a direction. */
function advance(flow: FlowCursor, facts: Facts, end: SeqNumber, timeNs: Nanoseconds): void {
  const { words, times, forward, forwardTimes } = flow;
  if (seqGt(end, words[forward + NEXT_SEQ])) {
    words[forward + NEXT_SEQ] = end;
    times[forwardTimes + NEXT_SEQ_TIME] = timeNs;
  }
  if (facts[SEQ] === words[forward + MAX_TO_BE_ACKED]) {
    words[forward + MAX_TO_BE_ACKED] = words[forward + NEXT_SEQ];
  }
}

/** State that every segment but a reset updates. */
function noteSegment(
  flow: FlowCursor,
  facts: Facts,
  timeNs: Nanoseconds,
  marks: number,
  end: SeqNumber,
): void {
  const { words, times, forward, forwardTimes } = flow;
  const flags = facts[FLAGS];
  const length = facts[PAYLOAD_LENGTH];
  let seen = words[forward + SEEN] | SEEN_ANY;

  if ((seen & SEEN_RST) !== 0 && (length > 0 || (flags & (TCP_FIN | TCP_ACK)) !== 0)) seen |= SEEN_AFTER_RST;
  if ((flags & TCP_SYN) !== 0) {
    seen |= noteSyn(flow, facts, timeNs);
  } else if ((seen & SEEN_PURE_ACK) === 0 && length === 0 && (flags & (TCP_FIN | TCP_ACK)) === TCP_ACK) {
    seen |= SEEN_PURE_ACK;
    addHistory(flow, HISTORY_LETTERS.ack);
  }
  if (length > 0) {
    times[forwardTimes + PAYLOAD_BYTES] += length;
    if ((seen & SEEN_DATA) === 0) {
      seen |= SEEN_DATA;
      addHistory(flow, HISTORY_LETTERS.data);
    }
  }
  if ((flags & TCP_FIN) !== 0) {
    seen |= SEEN_FIN;
    words[forward + FIN_SEQ] = seqAdd(end, -1);
    addHistory(flow, HISTORY_LETTERS.fin);
  }
  if (marks !== 0) seen |= noteMarks(flow, marks);
  if ((flags & TCP_ACK) !== 0) {
    seen |= SEEN_ACK;
    noteAck(flow, facts, timeNs, seen);
  }
  if ((facts[OPTIONS] & OPT_TIMESTAMPS) !== 0) {
    seen |= SEEN_TIMESTAMPS;
    words[forward + LAST_TS_VALUE] = facts[TS_VALUE];
  }
  words[forward + SEEN] = seen;
  words[forward + LAST_WINDOW] = facts[WINDOW];
  words[forward + SENT_PACKETS]++;
  times[forwardTimes + LAST_SENT_TIME] = timeNs;
  words[forward + TTLS] = withTtl(words[forward + TTLS], facts[TTL]);
}

/** Takes in a SYN or SYN-ACK. @returns the SEEN bits that it adds */
function noteSyn(flow: FlowCursor, facts: Facts, timeNs: Nanoseconds): number {
  const { words, times, timesAt, forward } = flow;
  const sack = (facts[OPTIONS] & OPT_SACK_PERMITTED) !== 0 ? SEEN_SACK_PERMITTED : 0;
  words[forward + SYN_OPTIONS] = (facts[WINDOW_SCALE] + 1) | (facts[OPTION_STYLE] << 16);
  words[forward + BASE_SEQ] = facts[SEQ];
  if ((facts[FLAGS] & TCP_ACK) !== 0) {
    noteSynAck(flow, timeNs);
    addHistory(flow, HISTORY_LETTERS.synAck);
    return sack | SEEN_SYN_ACK;
  }
  times[timesAt + SYN_TIME] = timeNs;
  addHistory(flow, HISTORY_LETTERS.syn);
  return sack | SEEN_SYN;
}

/** Takes in what the marks say of the whole flow. @returns the SEEN bits that they add */
function noteMarks(flow: FlowCursor, marks: number): number {
  const { words, at, forward } = flow;
  if ((marks & MARK_ANY_RETRANSMISSION) !== 0) {
    words[forward + RETRANSMISSIONS]++;
    addHistory(flow, HISTORY_LETTERS.retransmission);
  }
  const hasZeroWindow = (marks & MARK_ZERO_WINDOW) !== 0;
  if (hasZeroWindow) addHistory(flow, HISTORY_LETTERS.zeroWindow);
  if ((marks & (MARK_LOST_SEGMENT | MARK_ACKED_UNSEEN)) !== 0) {
    words[at + FLOW_BITS] |= FLOW_LOST_SEGMENTS;
    addHistory(flow, HISTORY_LETTERS.gap);
  }
  return hasZeroWindow ? SEEN_ZERO_WINDOW : 0;
}

/** Takes in an acknowledgement: of the other side's FIN, and the one that ends the handshake. @param seen of its sender */
function noteAck(flow: FlowCursor, facts: Facts, timeNs: Nanoseconds, seen: number): void {
  const { words, times, at, timesAt, forward, reverse } = flow;
  const ack = facts[ACK];
  words[forward + LAST_ACK] = ack;
  times[flow.forwardTimes + LAST_ACK_TIME] = timeNs;
  const reverseSeen = words[reverse + SEEN];
  if ((reverseSeen & SEEN_FIN) !== 0 && seqGt(ack, words[reverse + FIN_SEQ])) {
    words[reverse + SEEN] = reverseSeen | SEEN_FIN_ACKED;
  }
  // The third segment of the handshake acknowledges the server's SYN (RFC 9293 §3.5).
  if (
    flow.direction === 0 &&
    (words[at + FLOW_BITS] & FLOW_ESTABLISHED) === 0 &&
    (facts[FLAGS] & TCP_SYN) === 0 &&
    (seen & SEEN_SYN) !== 0 &&
    (reverseSeen & SEEN_SYN_ACK) !== 0 &&
    seqGeq(ack, seqAdd(words[reverse + BASE_SEQ], 1))
  ) {
    words[at + FLOW_BITS] |= FLOW_ESTABLISHED;
    times[timesAt + HANDSHAKE_RTT] = timeNs - times[timesAt + SYN_TIME];
  }
}

/** The word TTLS of a direction after one more segment. */
function withTtl(ttls: number, ttl: number): number {
  if (ttls === 0) return ttl | (ttl << 8) | (ttl << 16) | (ttl << 24);
  const low = Math.min((ttls >>> 8) & 0xff, ttl);
  const high = Math.max((ttls >>> 16) & 0xff, ttl);
  return (ttls & 0xff) | (low << 8) | (high << 16) | (ttl << 24);
}

/** The shift of the reverse side's windows: there is one only where both SYNs offered scaling (RFC 7323 §2.2). */
function windowScale({ words, forward, reverse }: FlowCursor): number {
  const theirs = words[reverse + SYN_OPTIONS] & 0xffff;
  const ours = words[forward + SYN_OPTIONS] & 0xffff;
  return theirs > 0 && ours > 0 ? Math.min(theirs - 1, 14) : 0;
}

/**
 * Keeps the time from SYN to SYN-ACK. A SYN sent again makes it too short rather than too long: who takes it for a bound errs
 * on the safe side.
 */
function noteSynAck({ words, times, at, timesAt, reverse }: FlowCursor, timeNs: Nanoseconds): void {
  if ((words[reverse + SEEN] & SEEN_SYN) === 0 || words[at + SYN_ACK_US] !== 0) return;
  const elapsedUs = (timeNs - times[timesAt + SYN_TIME]) / 1e3;
  words[at + SYN_ACK_US] = Math.min(0x7fff_ffff, Math.max(1, elapsedUs));
}

/**
 * Which kind of repetition a segment is that carries data, SYN or FIN (Wireshark's order of tests). A resend is fast where
 * duplicate ACKs asked for it (RFC 5681 §3.2; two are enough here).
 */
function retransmissionMark(flow: FlowCursor, facts: Facts, end: SeqNumber, timeNs: Nanoseconds): number {
  const { words, times, forward, reverse } = flow;
  const seq = facts[SEQ];
  const length = facts[PAYLOAD_LENGTH];
  const nextSeq = words[forward + NEXT_SEQ];
  const reverseAcks = (words[reverse + SEEN] & SEEN_ACK) !== 0;
  let notAdvanced = seqLt(seq, nextSeq);
  // One byte back with more to say: the byte was a zero-window probe.
  if (length > 1 && seq === seqAdd(nextSeq, -1)) notAdvanced = false;
  if (length > 0 && reverseAcks && seqLeq(seqAdd(seq, length), words[reverse + LAST_ACK])) {
    return MARK_SPURIOUS_RETRANSMISSION;
  }
  if (!notAdvanced) return 0;
  if (
    words[reverse + DUPLICATE_ACKS] >= 2 &&
    words[reverse + LAST_ACK] === seq &&
    timeNs - times[flow.reverseTimes + LAST_ACK_TIME] < FAST_RETRANSMISSION_NS
  ) {
    return MARK_FAST_RETRANSMISSION;
  }
  const rtt = times[flow.timesAt + HANDSHAKE_RTT];
  const threshold = rtt > 0 ? rtt : OUT_OF_ORDER_NS;
  if (timeNs - times[flow.forwardTimes + NEXT_SEQ_TIME] < threshold && nextSeq !== end)
    return MARK_OUT_OF_ORDER;
  return MARK_RETRANSMISSION;
}
