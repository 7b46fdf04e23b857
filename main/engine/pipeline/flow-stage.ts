/**
 * The second half of the hot path: decoded packets through flow table and TCP tracker into the index.
 *
 *   DecodeStage ── PacketBatch ──▶ FlowTable.find/create ──▶ TcpTracker (marks) ──▶ PacketIndex row
 *                                         └─ RST ──▶ ResetLog     └─ payload ──▶ HintCollector
 *
 * One pass, numbers only; objects are made for new flows' addresses, for resets and for hints, never per packet.
 */
import { seqAdd } from '../../../shared/base/seq.ts';
import type { PacketBatch } from './batch.ts';
import { ROW_HASH, ROW_PACKET_AT, ROW_PAYLOAD_AT, ROW_PAYLOAD_FIRST } from './batch.ts';
import {
  DEFECTS,
  DEFECT_CUT,
  DEFECT_UNKNOWN_LINK,
  DST0,
  DST_PORT,
  EMBEDDED_DST0,
  EMBEDDED_DST_PORT,
  EMBEDDED_PROTOCOL,
  EMBEDDED_SRC0,
  EMBEDDED_SRC_PORT,
  FAMILY,
  FLAGS,
  IP_FLAGS,
  IP_WAS_FRAGMENTED,
  KIND,
  KIND_ICMP_ERROR,
  KIND_MALFORMED,
  KIND_TCP,
  KIND_UDP,
  PAYLOAD_CAPTURED,
  PAYLOAD_LENGTH,
  SEQ,
  SRC0,
  SRC_MAC_HIGH,
  SRC_MAC_LOW,
  SRC_PORT,
  TCP_RST,
  TCP_SYN,
  TUNNEL,
  VLAN,
} from '../decode/facts.ts';
import { PROTOCOL_TCP, PROTOCOL_UDP } from '../decode/ip-protocols.ts';
import type { TimeSpan } from '../files/file-state.ts';
import type { PacketCounters } from '../files/loss-report.ts';
import { flowHash } from '../flow/flow-hash.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import { NO_FLOW_FOUND } from '../flow/flow-table.ts';
import { orientation } from '../flow/orientation.ts';
import {
  BASE_SEQ,
  DIRECTION_DOUBLES,
  DIRECTION_WORDS,
  ENCAPSULATION,
  FIRST_PACKET,
  FIRST_TIME,
  FLOW_BITS,
  FLOW_CLIENT_GUESSED,
  FLOW_CUT,
  FLOW_DIRECTION,
  FLOW_ESTABLISHED,
  FLOW_FRAGMENTED,
  FLOW_ICMP_ERROR,
  FLOW_MAC_CHANGED_0,
  FLOW_MIDSTREAM,
  LAST_PACKET,
  LAST_SENT,
  LAST_TIME,
  MAC_HIGH,
  MAC_LOW,
  PACKETS,
  PAYLOAD_BYTES,
  SEEN,
  SEEN_ANY,
  SENT_PACKETS,
  SNIFFED,
  TIMES_DIRECTION,
} from '../flow/record.ts';
import type { TcpTracker } from '../flow/tcp-tracker.ts';
import type { AddressTable } from '../store/address-table.ts';
import type { IcmpLog } from '../store/icmp-log.ts';
import { ICMP_STATE_ESTABLISHED, ICMP_STATE_TELLS_SERVER } from '../store/icmp-log.ts';
import type { PacketChunk, PacketIndex } from '../store/packet-index.ts';
import { NO_FLOW, rowOf } from '../store/packet-index.ts';
import { MARK_DUPLICATE_CAPTURE, MARK_ICMP } from '../flow/marks.ts';
import { flowMeta, NO_PACKET } from '../flow/record.ts';
import { logReset } from './log-reset.ts';
import type { ResetLog } from '../store/reset-log.ts';
import type { HintCollector } from '../stream/hints.ts';

/** Payload packets of each direction that the hints always see: enough for greetings and hellos. */
const SNIFFED_PACKETS = 4;
const PORT_DNS = 53;
const PORT_MDNS = 5353;

export class FlowStage {
  tcpPackets = 0;
  tcpFlows = 0;
  #counters: PacketCounters = { malformed: 0, cut: 0, unknownLink: 0 };
  readonly #packets: PacketIndex;
  readonly #flows: FlowTable;
  readonly #tracker: TcpTracker;
  readonly #resets: ResetLog;
  readonly #addresses: AddressTable;
  readonly #hints: HintCollector;
  readonly #icmpErrors: IcmpLog;

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
    this.#tracker = tracker;
    this.#resets = resets;
    this.#addresses = addresses;
    this.#hints = hints;
    this.#icmpErrors = icmpErrors;
  }

  /** What was counted since the last call. */
  takeCounters(): PacketCounters {
    const counters = this.#counters;
    this.#counters = { malformed: 0, cut: 0, unknownLink: 0 };
    return counters;
  }

  /** Takes all packets of a batch, in order. @param times notes when they came */
  consume(batch: PacketBatch, times: TimeSpan): void {
    const packets = this.#packets;
    const { bytes, home } = batch;
    let start = 0;
    while (start < batch.count) {
      let taken = batch.count - start;
      if (home === undefined) taken = packets.enter(batch.columns, batch.offsets, start, taken);
      else packets.enterInPlace(home, batch.columnsAt, batch.offsets[0], taken);
      const first = packets.next - taken;
      const chunk = packets.chunk(first);
      for (let i = 0; i < taken; i++) {
        const timeNs = chunk.time[rowOf(first + i)];
        times.note(timeNs);
        this.#packet(batch.facts[start + i], chunk, first + i, timeNs, bytes);
      }
      start += taken;
    }
  }

  #packet(facts: Int32Array, chunk: PacketChunk, number: number, timeNs: number, bytes: Uint8Array): void {
    const kind = facts[KIND];
    if (kind === KIND_TCP) {
      this.#tcp(facts, chunk, number, timeNs, bytes);
    } else if (kind === KIND_UDP) {
      this.#udp(facts, chunk, number, timeNs, bytes);
    } else if (kind === KIND_ICMP_ERROR) {
      this.#icmp(facts, chunk, number, timeNs);
    } else {
      putNoFlow(chunk, rowOf(number));
      if (kind === KIND_MALFORMED) this.#counters.malformed++;
      if ((facts[DEFECTS] & DEFECT_UNKNOWN_LINK) !== 0) this.#counters.unknownLink++;
    }
    if ((facts[DEFECTS] & DEFECT_CUT) !== 0) this.#counters.cut++;
  }

  #tcp(facts: Int32Array, chunk: PacketChunk, number: number, timeNs: number, bytes: Uint8Array): void {
    this.tcpPackets++;
    const flows = this.#flows;
    const flags = facts[FLAGS];
    const sourcePort = facts[SRC_PORT];
    const destinationPort = facts[DST_PORT];
    const meta = flowMeta(facts[FAMILY], PROTOCOL_TCP);

    let flow = flows.find(facts[ROW_HASH], meta, facts, SRC0, DST0, sourcePort, destinationPort);
    let side = flows.direction;
    if (
      flow === NO_FLOW_FOUND ||
      ((flags & (TCP_SYN | TCP_RST)) === TCP_SYN && this.#startsAgain(flow, side, facts))
    ) {
      const client = orientation(flags, sourcePort, destinationPort);
      flow = this.#createFlow(flow, meta, facts, client, timeNs, number);
      if (flow === NO_FLOW_FOUND) {
        putNoFlow(chunk, rowOf(number));
        return;
      }
      this.tcpFlows++;
      if ((flags & TCP_SYN) === 0) {
        const at = flows.wordsAt(flow);
        flows.block(flow).words[at + FLOW_BITS] |= FLOW_MIDSTREAM | FLOW_CLIENT_GUESSED;
      }
      side = client;
    }

    const { words, doubles } = flows.block(flow);
    const at = flows.wordsAt(flow);
    const timesAt = flows.doublesAt(flow);
    const own = at + FLOW_DIRECTION + side * DIRECTION_WORDS;
    const row = rowOf(number);

    if ((flags & TCP_RST) !== 0) {
      logReset(this.#resets, flow, side, words, at, doubles, timesAt, timeNs, facts, number, bytes);
    }

    const marks = this.#tracker.track(words, at, doubles, timesAt, side, facts, timeNs);

    const macHigh = facts[SRC_MAC_HIGH];
    if (macHigh >= 0 && (flags & TCP_RST) === 0) {
      if (words[own + MAC_HIGH] < 0) {
        words[own + MAC_HIGH] = macHigh;
        words[own + MAC_LOW] = facts[SRC_MAC_LOW];
      } else if (words[own + MAC_LOW] !== facts[SRC_MAC_LOW] || words[own + MAC_HIGH] !== macHigh) {
        words[at + FLOW_BITS] |= FLOW_MAC_CHANGED_0 << side;
      }
    }

    chunk.flow[row] = (flow << 1) | side;
    chunk.marks[row] = marks;
    chunk.previous[row] = words[at + LAST_PACKET];

    words[at + LAST_PACKET] = number | 0;
    words[own + LAST_SENT] = number | 0;
    words[at + PACKETS]++;
    doubles[timesAt + LAST_TIME] = timeNs;
    if (facts[PAYLOAD_CAPTURED] < facts[PAYLOAD_LENGTH]) words[at + FLOW_BITS] |= FLOW_CUT;
    if ((facts[IP_FLAGS] & IP_WAS_FRAGMENTED) !== 0) words[at + FLOW_BITS] |= FLOW_FRAGMENTED;

    const first = facts[ROW_PAYLOAD_FIRST];
    if (first >= 0 && (flags & TCP_RST) === 0 && (marks & MARK_DUPLICATE_CAPTURE) === 0) {
      const length = facts[PAYLOAD_LENGTH];
      if (words[own + SNIFFED] < SNIFFED_PACKETS || this.#hints.wants(flow, side, first, length)) {
        words[own + SNIFFED]++;
        const payloadAt = facts[ROW_PACKET_AT] + facts[ROW_PAYLOAD_AT];
        // A SYN takes the number before its data.
        const seq = (flags & TCP_SYN) !== 0 ? seqAdd(facts[SEQ], 1) : facts[SEQ];
        this.#hints.sniff(flow, side, number, bytes, payloadAt, facts[PAYLOAD_CAPTURED], length, seq);
      }
    }
  }

  /** Whether a SYN opens a new connection on the endpoints of an old one: its number is not the old one's. */
  #startsAgain(flow: number, side: 0 | 1, facts: Int32Array): boolean {
    const words = this.#flows.block(flow).words;
    const own = this.#flows.wordsAt(flow) + FLOW_DIRECTION + side * DIRECTION_WORDS;
    if ((words[own + SEEN] & SEEN_ANY) === 0) {
      // The other side spoke first. A SYN-ACK completes its SYN; a SYN from the side that only received so far is a
      // connection of its own unless the flow so far was the answer to it, seen early.
      return false;
    }
    return words[own + BASE_SEQ] !== facts[SEQ];
  }

  #createFlow(
    replaced: number,
    meta: number,
    facts: Int32Array,
    client: 0 | 1,
    timeNs: number,
    number: number,
  ): number {
    const flows = this.#flows;
    const flow =
      client === 0
        ? flows.create(replaced, meta, facts, SRC0, DST0, facts[SRC_PORT], facts[DST_PORT])
        : flows.create(replaced, meta, facts, DST0, SRC0, facts[DST_PORT], facts[SRC_PORT]);
    if (flow === NO_FLOW_FOUND) return flow;
    const { words, doubles } = flows.block(flow);
    const at = flows.wordsAt(flow);
    words[at + FIRST_PACKET] = number | 0;
    words[at + LAST_PACKET] = NO_PACKET | 0;
    words[at + ENCAPSULATION] = facts[TUNNEL] | ((facts[VLAN] + 1) << 8);
    doubles[flows.doublesAt(flow) + FIRST_TIME] = timeNs;
    this.#addresses.enter(flow);
    return flow;
  }

  #udp(facts: Int32Array, chunk: PacketChunk, number: number, timeNs: number, bytes: Uint8Array): void {
    const flows = this.#flows;
    const sourcePort = facts[SRC_PORT];
    const destinationPort = facts[DST_PORT];
    const meta = flowMeta(facts[FAMILY], PROTOCOL_UDP);
    let flow = flows.find(facts[ROW_HASH], meta, facts, SRC0, DST0, sourcePort, destinationPort);
    let side = flows.direction;
    if (flow === NO_FLOW_FOUND) {
      const client = orientation(0, sourcePort, destinationPort);
      flow = this.#createFlow(flow, meta, facts, client, timeNs, number);
      side = client;
    }
    if ((sourcePort === PORT_DNS || sourcePort === PORT_MDNS) && facts[ROW_PAYLOAD_FIRST] >= 0) {
      this.#hints.sniffDns(bytes, facts[ROW_PACKET_AT] + facts[ROW_PAYLOAD_AT], facts[PAYLOAD_CAPTURED]);
    }
    if (flow === NO_FLOW_FOUND) {
      putNoFlow(chunk, rowOf(number));
      return;
    }
    this.#enterFlow(flow, side, chunk, number, timeNs);
    const { words, doubles } = flows.block(flow);
    const own = flows.wordsAt(flow) + FLOW_DIRECTION + side * DIRECTION_WORDS;
    words[own + SENT_PACKETS]++;
    words[own + SEEN] |= SEEN_ANY;
    const ownTimes = flows.doublesAt(flow) + TIMES_DIRECTION + side * DIRECTION_DOUBLES;
    doubles[ownTimes + PAYLOAD_BYTES] += facts[PAYLOAD_LENGTH];
  }

  /** Joins an ICMP error to the flow whose packet it quotes. */
  #icmp(facts: Int32Array, chunk: PacketChunk, number: number, timeNs: number): void {
    const flows = this.#flows;
    const protocol = facts[EMBEDDED_PROTOCOL];
    let flow = NO_FLOW_FOUND;
    if (protocol === PROTOCOL_TCP || protocol === PROTOCOL_UDP) {
      const meta = flowMeta(facts[FAMILY], protocol);
      const from = facts[EMBEDDED_SRC_PORT];
      const to = facts[EMBEDDED_DST_PORT];
      const hash = flowHash(flows.seed, meta, facts, EMBEDDED_SRC0, EMBEDDED_DST0, from, to);
      flow = flows.find(hash, meta, facts, EMBEDDED_SRC0, EMBEDDED_DST0, from, to);
    }
    if (flow === NO_FLOW_FOUND) {
      putNoFlow(chunk, rowOf(number));
      this.#icmpErrors.note(facts, number, -1, 0);
    } else {
      const { words } = flows.block(flow);
      const bits = flows.wordsAt(flow) + FLOW_BITS;
      const open = (words[bits] & (FLOW_ESTABLISHED | FLOW_MIDSTREAM)) !== 0 ? ICMP_STATE_ESTABLISHED : 0;
      const told = flows.direction === 0 ? 0 : ICMP_STATE_TELLS_SERVER;
      this.#icmpErrors.note(facts, number, flow, open | told);
      // The error travels towards the sender of the quoted packet: it counts as from the other side.
      this.#enterFlow(flow, flows.direction === 0 ? 1 : 0, chunk, number, timeNs);
      words[bits] |= FLOW_ICMP_ERROR;
    }
    chunk.marks[rowOf(number)] = MARK_ICMP;
  }

  /** Links a packet that no tracker follows into its flow. */
  #enterFlow(flow: number, side: 0 | 1, chunk: PacketChunk, number: number, timeNs: number): void {
    const { words, doubles } = this.#flows.block(flow);
    const at = this.#flows.wordsAt(flow);
    const row = rowOf(number);
    chunk.flow[row] = (flow << 1) | side;
    chunk.previous[row] = words[at + LAST_PACKET];
    words[at + LAST_PACKET] = number | 0;
    words[at + PACKETS]++;
    doubles[this.#flows.doublesAt(flow) + LAST_TIME] = timeNs;
  }
}

function putNoFlow(chunk: PacketChunk, row: number): void {
  chunk.flow[row] = NO_FLOW << 1;
  chunk.previous[row] = NO_PACKET;
}
