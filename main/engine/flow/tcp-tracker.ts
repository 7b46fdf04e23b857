/**
 * Follows both sides of a TCP connection, packet by packet, and marks what is remarkable about each.
 *
 * The marks mean what Wireshark's tcp.analysis.* of the same names mean, so that people can compare; the tests hold
 * them against tshark. Two deliberate differences: a packet that was captured twice is a duplicate capture, not a
 * retransmission; and what may be forged changes nothing of what is believed about its sender: a reset ("don't trust acks in
 * RST packets", as Zeek has it), and a second SYN-ACK of another number (rival-syn-ack.ts).
 *
 * Invariants, per direction, once SEEN_ANY
 * - NEXT_SEQ is one past the highest sequence number seen (SYN and FIN count one), zero-window probes excepted.
 * - LAST_ACK is only meaningful once SEEN_ACK.
 */
import { seqAdd, seqLt } from '../../../shared/base/seq.ts';
import type { Nanoseconds, PacketNumber, SeqNumber } from '../../../shared/base/units.ts';
import type { Facts } from '../decode/facts.ts';
import {
  ACK,
  FLAGS,
  IP_ID,
  OPTIONS,
  OPT_SACK,
  PAYLOAD_LENGTH,
  SEQ,
  TCP_ACK,
  TCP_FIN,
  TCP_FLAGS_MASK,
  TCP_RST,
  TCP_SYN,
  TTL,
  WINDOW,
} from '../decode/facts.ts';
import type { FlowCursor } from './flow-cursor.ts';
import { HISTORY_LETTERS, addHistory } from './history.ts';
import { MARK_DUPLICATE_CAPTURE, MARK_KEEP_ALIVE, MARK_SACK, MARK_ZERO_WINDOW_PROBE } from './marks.ts';
import {
  FLOW_BITS,
  FLOW_DUPLICATED,
  FLOW_RIVAL_SYN_ACK,
  LAST_ACK,
  LAST_PACKET,
  LAST_SENT_TIME,
  NEXT_SEQ,
  SEEN,
  SEEN_ANY,
  SEEN_RST,
  SENT_PACKETS,
} from './record.ts';
import { isRivalSynAck, leaveOldNumbers, noteRivalSynAck, settleRivals } from './rival-syn-ack.ts';
import { acknowledgementMark, isZeroWindowProbe, retransmissionMark, sequenceMarks } from './tcp-marks.ts';
import { advance, begin, noteSegment, withAckApart } from './tcp-state.ts';

/** The same packet seen twice within this is one packet captured twice. */
const DUPLICATE_CAPTURE_NS = 5_000_000;
/** Without an IP-ID to tell copies from resends, only copies this close count. */
const ANONYMOUS_DUPLICATE_NS = 100_000;
/** How many packets of the flow are looked through for the first copy. */
const DUPLICATE_LOOK_BACK = 8;

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
    const { words, at, sides, forward } = flow;
    if ((facts[FLAGS] & TCP_RST) !== 0) return this.#trackReset(flow, facts, timeNs);
    // What repeats could be the same packet captured twice: it must not get to the state.
    if (repeats(flow, facts) && this.#isDuplicate(flow, facts, timeNs)) {
      words[at + FLOW_BITS] |= FLOW_DUPLICATED;
      return MARK_DUPLICATE_CAPTURE;
    }

    if ((facts[FLAGS] & TCP_SYN) !== 0) {
      if (isRivalSynAck(flow, facts)) {
        noteRivalSynAck(flow, facts, timeNs);
        return 0;
      }
      leaveOldNumbers(flow, facts);
    }
    if ((words[at + FLOW_BITS] & FLOW_RIVAL_SYN_ACK) !== 0) settleRivals(flow, facts);

    // SEG.LEN counts SYN and FIN (RFC 9293 §3.4).
    const consumed = facts[PAYLOAD_LENGTH] + ((facts[FLAGS] & (TCP_SYN | TCP_FIN)) !== 0 ? 1 : 0);
    const end = seqAdd(facts[SEQ], consumed);
    const known = (sides[forward + SEEN] & SEEN_ANY) !== 0;

    let marks = (facts[OPTIONS] & OPT_SACK) !== 0 ? MARK_SACK : 0;
    marks |= isZeroWindowProbe(flow, facts) ? MARK_ZERO_WINDOW_PROBE : sequenceMarks(flow, facts, end);
    if ((facts[FLAGS] & TCP_ACK) !== 0) marks |= acknowledgementMark(flow, facts);
    if (consumed > 0 && known && (marks & MARK_KEEP_ALIVE) === 0) {
      marks |= retransmissionMark(flow, facts, end, timeNs);
    }

    if (!known) begin(flow, facts, end, timeNs);
    else if ((marks & MARK_ZERO_WINDOW_PROBE) === 0) advance(flow, facts, end, timeNs);
    noteSegment(flow, facts, timeNs, marks, end);
    return marks;
  }

  /** A reset may be forged: that it came is all that its sender's state learns from it. */
  #trackReset(flow: FlowCursor, facts: Facts, timeNs: Nanoseconds): number {
    const { sides, forward, sideTimes, forwardTimes } = flow;
    sides[forward + SEEN] = withAckApart(flow, sides[forward + SEEN]) | SEEN_RST;
    sides[forward + SENT_PACKETS]++;
    sideTimes[forwardTimes + LAST_SENT_TIME] = timeNs;
    addHistory(flow, HISTORY_LETTERS.reset);
    return this.#isDuplicate(flow, facts, timeNs) ? MARK_DUPLICATE_CAPTURE : 0;
  }

  /** Whether the segment is a packet of the flow captured a second time. */
  #isDuplicate({ direction, words, at }: FlowCursor, facts: Facts, timeNs: Nanoseconds): boolean {
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

/** Whether a segment begins with what its side had sent already, or is empty and acknowledges the same again. */
function repeats({ sides, forward }: FlowCursor, facts: Facts): boolean {
  if ((sides[forward + SEEN] & SEEN_ANY) === 0) return false;
  if (seqLt(facts[SEQ], sides[forward + NEXT_SEQ])) return true;
  return facts[PAYLOAD_LENGTH] === 0 && facts[ACK] === sides[forward + LAST_ACK];
}
