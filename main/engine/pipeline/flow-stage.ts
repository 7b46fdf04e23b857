/**
 * What a decoded packet does to flows, and what its flow says of it.
 *
 *   facts ──▶ FlowTable.find/create ──▶ TcpTracker (marks) ──▶ row of the index
 *                    └─ RST ──▶ ResetLog     └─ payload ──▶ HintCollector
 *
 * Numbers only: objects are made for new flows' addresses, for resets and for hints, never per packet.
 */
import { seqAdd } from '../../../shared/base/seq.ts';
import type { FlowRecord } from '../../../shared/base/units.ts';
import {
  DEFECTS,
  DEFECT_CUT,
  DEFECT_FRAGMENTS,
  DEFECT_INNER,
  DEFECT_NOT_OPENED,
  DST_PORT,
  EMBEDDED_PROTOCOL,
  FAMILY,
  FIRST_FRAGMENTS,
  FLAGS,
  IP_FLAGS,
  IP_WAS_FRAGMENTED,
  KIND,
  KIND_ICMP_ERROR,
  KIND_MALFORMED,
  KIND_TCP,
  KIND_UDP,
  NOT_OPENED,
  PAYLOAD_CAPTURED,
  PAYLOAD_LENGTH,
  SEQ,
  SRC_PORT,
  TCP_RST,
  TCP_SYN,
  TUNNEL,
  VLAN,
} from '../decode/facts.ts';
import { PROTOCOL_TCP, PROTOCOL_UDP } from '../decode/ip-protocols.ts';
import { PacketCounters } from '../files/loss-report.ts';
import { FlowCursor } from '../flow/flow-cursor.ts';
import { noteMac } from '../flow/note-mac.ts';
import { PACKET_ENDPOINTS, QUOTED_ENDPOINTS } from '../flow/endpoints.ts';
import { flowHash } from '../flow/flow-hash.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import { NO_FLOW_FOUND } from '../flow/flow-table.ts';
import { orientation } from '../flow/orientation.ts';
import {
  ENCAPSULATION,
  FIRST_PACKET,
  FIRST_TIME,
  FLOW_BITS,
  FLOW_CLIENT_GUESSED,
  FLOW_CUT,
  FLOW_ESTABLISHED,
  FLOW_FRAGMENTED,
  FLOW_ICMP_ERROR,
  FLOW_MIDSTREAM,
  LAST_PACKET,
  LAST_SENT,
  LAST_SENT_TIME,
  PACKETS,
  SEEN,
  SEEN_ANY,
  SENT_PACKETS,
  SNIFFED_ONE,
  flowMeta,
} from '../flow/record.ts';
import type { TcpTracker } from '../flow/tcp-tracker.ts';
import type { AddressTable } from '../store/address-table.ts';
import type { IcmpLog } from '../store/icmp-log.ts';
import { ICMP_STATE_ESTABLISHED, ICMP_STATE_TELLS_SERVER } from '../store/icmp-log.ts';
import type { PacketIndex } from '../store/packet-index.ts';
import { MARK_DUPLICATE_CAPTURE, MARK_ICMP } from '../flow/marks.ts';
import { NO_PACKET } from '../flow/record.ts';
import { logReset } from './log-reset.ts';
import { type PacketCursor, PAYLOAD_NOT_HERE } from './packet-cursor.ts';
import { isEarly, isWanted } from './show-payload.ts';
import { startsAgain } from './starts-again.ts';
import type { ResetLog } from '../store/reset-log.ts';
import { PORT_DNS } from '../stream/dns.ts';
import type { HintCollector } from '../stream/hints.ts';

const PORT_MDNS = 5353;

export class FlowStage {
  tcpPackets = 0;
  tcpFlows = 0;
  #counters = new PacketCounters();
  readonly #packets: PacketIndex;
  readonly #flows: FlowTable;
  readonly #tracker: TcpTracker;
  readonly #resets: ResetLog;
  readonly #addresses: AddressTable;
  readonly #hints: HintCollector;
  readonly #icmpErrors: IcmpLog;
  /** The flow of the packet in hand, once it is found. */
  readonly #cursor: FlowCursor;

  constructor(
    packets: PacketIndex,
    flows: FlowTable,
    tracker: TcpTracker,
    resets: ResetLog,
    addresses: AddressTable,
    hints: HintCollector,
    icmpErrors: IcmpLog,
  ) {
    this.#packets = packets;
    this.#flows = flows;
    this.#cursor = new FlowCursor(flows);
    this.#tracker = tracker;
    this.#resets = resets;
    this.#addresses = addresses;
    this.#hints = hints;
    this.#icmpErrors = icmpErrors;
  }

  /** What was counted since the last call. */
  takeCounters(): PacketCounters {
    const counters = this.#counters;
    this.#counters = new PacketCounters();
    return counters;
  }

  /** Gives the packet, whose row is begun, its flow, its marks and its link to the packet before it. */
  take(packet: PacketCursor): void {
    const { facts } = packet;
    const kind = facts[KIND];
    if (kind === KIND_TCP) {
      this.#tcp(packet);
    } else if (kind === KIND_UDP) {
      this.#udp(packet);
    } else if (kind === KIND_ICMP_ERROR) {
      this.#icmp(packet);
    } else {
      packet.putNoFlow();
    }
    if (facts[DEFECTS] !== 0) this.#noteDefects(packet);
  }

  #noteDefects({ facts, number }: PacketCursor): void {
    const counters = this.#counters;
    const defects = facts[DEFECTS];
    if ((defects & DEFECT_CUT) !== 0) counters.cut++;
    else if (facts[KIND] === KIND_MALFORMED || (defects & DEFECT_INNER) !== 0) counters.malformed++;
    if ((defects & DEFECT_FRAGMENTS) !== 0) counters.incomplete += facts[FIRST_FRAGMENTS];
    if ((defects & DEFECT_NOT_OPENED) !== 0) {
      counters.notOpened.note(facts[NOT_OPENED], this.#packets.frame(number));
    }
  }

  // ── TCP ─────────────────────────────────────────────────────────────────────────────────────────────────

  #tcp(packet: PacketCursor): void {
    this.tcpPackets++;
    if (!this.#findConnection(packet)) {
      packet.putNoFlow();
      return;
    }
    const flow = this.#cursor;
    const { words, at } = flow;
    const { facts } = packet;
    const isReset = (facts[FLAGS] & TCP_RST) !== 0;

    // The log keeps both sides as they were before the reset.
    const logged = isReset ? logReset(this.#resets, flow, packet) : -1;
    const marks = this.#tracker.track(flow, facts, packet.timeNs);
    if (!isReset) noteMac(flow, facts);
    else if ((marks & MARK_DUPLICATE_CAPTURE) !== 0) this.#resets.noteCopy(logged);

    this.#link(packet);
    packet.putMarks(marks);
    this.#noteSent(packet);
    if (facts[PAYLOAD_CAPTURED] < facts[PAYLOAD_LENGTH]) words[at + FLOW_BITS] |= FLOW_CUT;
    if ((facts[IP_FLAGS] & IP_WAS_FRAGMENTED) !== 0) words[at + FLOW_BITS] |= FLOW_FRAGMENTED;

    const carries = hasPayload(packet) && !isReset && (marks & MARK_DUPLICATE_CAPTURE) === 0;
    if (carries) this.#showPayload(packet);
  }

  /**
   * Binds the cursor to the connection that a segment belongs to. Any segment opens one where none is known; a SYN does so
   * beside an old one, too.
   * @returns false where the table is full
   */
  #findConnection(packet: PacketCursor): boolean {
    const flows = this.#flows;
    const { facts } = packet;
    const flags = facts[FLAGS];
    const meta = flowMeta(facts[FAMILY], PROTOCOL_TCP);
    const hash = flowHash(flows.seed, meta, facts, PACKET_ENDPOINTS);
    const known = flows.find(hash, meta, facts, PACKET_ENDPOINTS);
    if (known !== NO_FLOW_FOUND) {
      this.#cursor.bind(known, flows.direction);
      const isSyn = (flags & (TCP_SYN | TCP_RST)) === TCP_SYN;
      if (!isSyn || !startsAgain(this.#cursor, facts, this.#packets, this.#resets)) return true;
    }
    const client = orientation(flags, facts[SRC_PORT], facts[DST_PORT]);
    if (!this.#createFlow(meta, known, client, packet)) return false;
    this.tcpFlows++;
    const { words, at } = this.#cursor;
    if ((flags & TCP_SYN) === 0) words[at + FLOW_BITS] |= FLOW_MIDSTREAM | FLOW_CLIENT_GUESSED;
    return true;
  }

  #showPayload({ facts, number, bytes, payloadAt }: PacketCursor): void {
    const { flow, direction, sides, forward } = this.#cursor;
    const length = facts[PAYLOAD_LENGTH];
    const early = isEarly(sides[forward + SEEN]);
    if (!early && !isWanted(this.#hints, flow, direction, bytes[payloadAt], length)) return;
    if (early) sides[forward + SEEN] += SNIFFED_ONE;
    // A SYN takes the number before its data (RFC 9293 §3.4).
    const seq = (facts[FLAGS] & TCP_SYN) !== 0 ? seqAdd(facts[SEQ], 1) : facts[SEQ];
    this.#hints.sniff(flow, direction, number, bytes, payloadAt, facts[PAYLOAD_CAPTURED], length, seq);
  }

  // ── UDP and ICMP ────────────────────────────────────────────────────────────────────────────────────────

  #udp(packet: PacketCursor): void {
    const { facts, bytes, payloadAt } = packet;
    const hasFlow = this.#findDatagrams(packet);
    const sourcePort = facts[SRC_PORT];
    if ((sourcePort === PORT_DNS || sourcePort === PORT_MDNS) && hasPayload(packet)) {
      this.#hints.sniffDns(bytes, payloadAt, facts[PAYLOAD_CAPTURED]);
    }
    if (!hasFlow) {
      packet.putNoFlow();
      return;
    }
    this.#link(packet);
    const flow = this.#cursor;
    const { sides, forward, sideTimes, forwardTimes } = flow;
    sides[forward + SENT_PACKETS]++;
    sides[forward + SEEN] |= SEEN_ANY;
    sideTimes[forwardTimes + LAST_SENT_TIME] = packet.timeNs;
    flow.addPayload(facts[PAYLOAD_LENGTH]);
    this.#noteSent(packet);
  }

  /** Binds the cursor to the flow of a datagram, which opens one only where none is known. @returns as `#findConnection` */
  #findDatagrams(packet: PacketCursor): boolean {
    const flows = this.#flows;
    const { facts } = packet;
    const meta = flowMeta(facts[FAMILY], PROTOCOL_UDP);
    const hash = flowHash(flows.seed, meta, facts, PACKET_ENDPOINTS);
    const known = flows.find(hash, meta, facts, PACKET_ENDPOINTS);
    if (known === NO_FLOW_FOUND) {
      const client = orientation(0, facts[SRC_PORT], facts[DST_PORT]);
      return this.#createFlow(meta, known, client, packet);
    }
    this.#cursor.bind(known, flows.direction);
    return true;
  }

  /** Joins an ICMP error to the flow whose packet it quotes. */
  #icmp(packet: PacketCursor): void {
    const flows = this.#flows;
    const { facts, number } = packet;
    packet.putMarks(MARK_ICMP);
    const meta = flowMeta(facts[FAMILY], facts[EMBEDDED_PROTOCOL]);
    const hash = flowHash(flows.seed, meta, facts, QUOTED_ENDPOINTS);
    const known = flows.find(hash, meta, facts, QUOTED_ENDPOINTS);
    if (known === NO_FLOW_FOUND) {
      packet.putNoFlow();
      this.#icmpErrors.note(facts, number, NO_FLOW_FOUND, 0);
      return;
    }
    // The error travels towards the sender of the quoted packet: it counts as from the other side.
    const flow = this.#cursor;
    flow.bind(known, flows.direction === 0 ? 1 : 0);
    const bits = flow.words[flow.at + FLOW_BITS];
    const open = (bits & (FLOW_ESTABLISHED | FLOW_MIDSTREAM)) !== 0 ? ICMP_STATE_ESTABLISHED : 0;
    const told = flow.direction === 1 ? 0 : ICMP_STATE_TELLS_SERVER;
    this.#icmpErrors.note(facts, number, known, open | told);
    this.#link(packet);
    flow.words[flow.at + FLOW_BITS] |= FLOW_ICMP_ERROR;
    flows.setLastTime(known, packet.timeNs, false);
  }

  // ── what all have in common ─────────────────────────────────────────────────────────────────────────────

  /**
   * Makes a flow for the packet's endpoints and binds the cursor to it.
   * @param meta, replaced what `find` was asked with, and what it answered
   * @param client whether the packet's source (0) or destination (1) is the client
   * @returns false where the table is full
   */
  #createFlow(
    meta: number,
    replaced: FlowRecord,
    client: 0 | 1,
    { facts, number, timeNs }: PacketCursor,
  ): boolean {
    const made = this.#flows.create(meta, facts, PACKET_ENDPOINTS, client, replaced);
    if (made === NO_FLOW_FOUND) return false;
    this.#cursor.bind(made, client);
    const { words, at, times, timesAt } = this.#cursor;
    words[at + FIRST_PACKET] = number | 0;
    words[at + LAST_PACKET] = NO_PACKET | 0;
    words[at + ENCAPSULATION] = facts[TUNNEL] | ((facts[VLAN] + 1) << 8);
    times[timesAt + FIRST_TIME] = timeNs;
    this.#addresses.enter(made);
    return true;
  }

  /** Makes the packet the newest of its flow. */
  #link(packet: PacketCursor): void {
    const { flow, direction, words, at } = this.#cursor;
    packet.putFlow((flow << 1) | direction, words[at + LAST_PACKET]);
    words[at + LAST_PACKET] = packet.number | 0;
    words[at + PACKETS]++;
  }

  /** Makes the packet the newest that its sender sent. One that was captured twice was sent before. */
  #noteSent({ number, timeNs }: PacketCursor): void {
    const { flow, sides, forward, sideTimes, forwardTimes } = this.#cursor;
    sides[forward + LAST_SENT] = number | 0;
    this.#flows.setLastTime(flow, timeNs, sideTimes[forwardTimes + LAST_SENT_TIME] === timeNs);
  }
}

/** Whether there are bytes of a payload, in the packet's own record. */
function hasPayload({ payloadAt, facts }: PacketCursor): boolean {
  return payloadAt !== PAYLOAD_NOT_HERE && facts[PAYLOAD_CAPTURED] > 0;
}
