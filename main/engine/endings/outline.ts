/**
 * What the record of a flow says about its end, without a look at any packet. One object serves all flows: it is bound to one
 * and read before the next.
 */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { seqDelta } from '../../../shared/base/seq.ts';
import {
  FIN_SEQ,
  FIRST_PACKET,
  FIRST_TIME,
  FLOW_BITS,
  FLOW_CUT,
  FLOW_ESTABLISHED,
  FLOW_ICMP_ERROR,
  FLOW_LOST_SEGMENTS,
  FLOW_MIDSTREAM,
  LAST_ACK,
  LAST_PACKET,
  LAST_SENT_TIME,
  LAST_TIME,
  META,
  NEXT_SEQ,
  PORTS,
  RESETS,
  RETRANSMISSIONS,
  SEEN,
  SEEN_ACK,
  SEEN_ANY,
  SEEN_FIN,
  SEEN_SYN,
  SEEN_SYN_ACK,
  SENT_PACKETS,
  SYN_TIME,
  TTLS,
  isTcp,
} from '../flow/record.ts';
import type { FlowTable } from '../flow/flow-table.ts';

const DIRECTIONS = [0, 1] as const;

/** One direction of the flow. */
export class HalfOutline {
  seen = 0;
  packets = 0;
  retransmissions = 0;
  nextSeq = 0;
  /** Newest number that this side acknowledged to the other. */
  lastAck = 0;
  finSeq = 0;
  lastSentNs = 0;
  /** TTL of its first segment; 0 before one. */
  ttl = 0;

  has(bit: number): boolean {
    return (this.seen & bit) !== 0;
  }
}

export class FlowOutline {
  isTcp = false;
  bits = 0;
  resets = 0;
  clientPort = 0;
  serverPort = 0;
  firstPacket = 0 as PacketNumber;
  lastPacket = 0 as PacketNumber;
  firstNs = 0;
  lastNs = 0;
  /** Time of the newest SYN of the client; 0 where none was seen. */
  synNs = 0;
  readonly halves: readonly [HalfOutline, HalfOutline] = [new HalfOutline(), new HalfOutline()];

  bind(flows: FlowTable, flow: FlowRecord): void {
    const { words, doubles } = flows.block(flow);
    const at = flows.wordsAt(flow);
    this.isTcp = isTcp(words[at + META]);
    this.bits = words[at + FLOW_BITS];
    this.resets = flows.word(flow, RESETS);
    this.clientPort = words[at + PORTS] >>> 16;
    this.serverPort = words[at + PORTS] & 0xffff;
    this.firstPacket = (words[at + FIRST_PACKET] >>> 0) as PacketNumber;
    this.lastPacket = (words[at + LAST_PACKET] >>> 0) as PacketNumber;
    this.firstNs = doubles[at / 2 + FIRST_TIME];
    this.lastNs = flows.double(flow, LAST_TIME);
    this.synNs = flows.double(flow, SYN_TIME);
    for (const d of DIRECTIONS) {
      const half = this.halves[d];
      half.seen = flows.directionWord(flow, d, SEEN);
      half.packets = flows.directionWord(flow, d, SENT_PACKETS);
      half.retransmissions = flows.directionWord(flow, d, RETRANSMISSIONS);
      half.nextSeq = flows.directionWord(flow, d, NEXT_SEQ);
      half.lastAck = flows.directionWord(flow, d, LAST_ACK);
      half.finSeq = flows.directionWord(flow, d, FIN_SEQ);
      half.lastSentNs = flows.directionDouble(flow, d, LAST_SENT_TIME);
      half.ttl = flows.directionWord(flow, d, TTLS) & 0xff;
    }
  }

  get client(): HalfOutline {
    return this.halves[0];
  }

  get server(): HalfOutline {
    return this.halves[1];
  }

  get isMidstream(): boolean {
    return (this.bits & FLOW_MIDSTREAM) !== 0;
  }

  /** The handshake's last ACK was seen. */
  get isEstablished(): boolean {
    return (this.bits & FLOW_ESTABLISHED) !== 0;
  }

  get hasIcmpError(): boolean {
    return (this.bits & FLOW_ICMP_ERROR) !== 0;
  }

  /** Packets of the flow were not captured. */
  get hasGaps(): boolean {
    return (this.bits & FLOW_LOST_SEGMENTS) !== 0;
  }

  /** The capture kept less than the whole of some packets. */
  get isCut(): boolean {
    return (this.bits & FLOW_CUT) !== 0;
  }

  get sawBothHandshakes(): boolean {
    return this.client.has(SEEN_SYN) && this.server.has(SEEN_SYN_ACK);
  }

  get isClosedByBoth(): boolean {
    return this.client.has(SEEN_FIN) && this.server.has(SEEN_FIN);
  }

  /** Only one side was captured. */
  get isOneSided(): boolean {
    return this.client.has(SEEN_ANY) !== this.server.has(SEEN_ANY);
  }

  /** Bytes of payload, without the FIN, that a side sent and the other never acknowledged. 0 where that cannot be known. */
  unacknowledged(direction: 0 | 1): number {
    const sender = this.halves[direction];
    const receiver = this.halves[1 - direction];
    if (!sender.has(SEEN_ANY) || !receiver.has(SEEN_ACK)) return 0;
    const end = sender.has(SEEN_FIN) ? sender.finSeq : sender.nextSeq;
    return Math.max(0, seqDelta(end, receiver.lastAck));
  }
}
