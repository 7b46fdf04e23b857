/**
 * The short way of nearly all packets: a TCP segment over Ethernet and IP, without anything rare about it, that goes on where its
 * side of a known connection had ended. Header words, flow, state and row of the index are dealt with in one function, while the
 * packet's bytes and the flow's record are in the first-level cache.
 *
 * Invariants
 * - It says nothing of its own. For each packet that it takes, index, flow and hints are what Decoder, TcpTracker and FlowStage would
 *   have made them; test/contract/ordinary.test.ts holds the two against each other.
 * - Before the line that says so nothing is changed: there a packet can still be left to the layers.
 *
 * It is one long function on purpose: taken apart, V8 inlines the pieces or does not, by size and history, and every packet pays for
 * the calls and for what they hand on. All that is rare is left to the layers, which also keeps it compiled once.
 */
import { seqGt, seqLeq } from '../../../shared/base/seq.ts';
import type { FlowRecord, Nanoseconds } from '../../../shared/base/units.ts';
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6, ETHERTYPE_VLAN } from '../decode/ethertypes.ts';
import { KIND_TCP, TCP_ACK, TCP_FIN, TCP_PSH } from '../decode/facts.ts';
import { PROTOCOL_TCP } from '../decode/ip-protocols.ts';
import { EN10MB } from '../decode/link-types.ts';
import { timestampsOnlyDigest } from '../decode/option-digest.ts';
import { TIMESTAMPS_ONLY } from '../decode/tcp-options.ts';
import { BARE_ENDPOINTS, BARE_WORDS } from '../flow/endpoints.ts';
import { FlowCursor } from '../flow/flow-cursor.ts';
import { flowHash, flowHashIpv4 } from '../flow/flow-hash.ts';
import { type FlowTable, NO_FLOW_FOUND } from '../flow/flow-table.ts';
import {
  DUPLICATE_ACKS,
  FLOW_BITS,
  FLOW_CUT,
  FLOW_ESTABLISHED,
  FLOW_MAC_CHANGED_0,
  FLOW_RIVAL_SYN_ACK,
  FLOW_TIME_APART,
  LAST_ACK,
  LAST_PACKET,
  LAST_SENT,
  LAST_SENT_TIME,
  LAST_TS_VALUE,
  LINK_ADDRESSES,
  MAX_TO_BE_ACKED,
  NEXT_SEQ,
  NEXT_SEQ_TIME,
  PACKETS,
  PAYLOAD_LOW,
  SEEN,
  SEEN_ACK,
  SEEN_ACK_APART,
  SEEN_ANY,
  SEEN_DATA,
  SEEN_FIN,
  SEEN_KEEP_ALIVE_LAST,
  SEEN_PURE_ACK,
  SEEN_RST,
  SEEN_SYN,
  SEEN_SYN_ACK,
  SEEN_TIMESTAMPS,
  SENT_PACKETS,
  SIDES,
  SIDE_TIMES,
  SIDE_WORDS,
  SNIFFED_ONE,
  SYN_OPTIONS,
  TTLS,
  WINDOWS,
  flowMeta,
} from '../flow/record.ts';
import { UNNAMED } from '../flow/link-addresses.ts';
import { HISTORY_LETTERS, addHistory } from '../flow/history.ts';
import { windowShift } from '../flow/tcp-marks.ts';
import { noteAck, withTtl } from '../flow/tcp-state.ts';
import { LIMITS } from '../limits.ts';
import { DIRECTION_INBOUND, DIRECTION_OUTBOUND } from '../read/sink.ts';
import {
  FLAG_DF,
  FLAG_INBOUND,
  FLAG_OUTBOUND,
  FLAG_TIMESTAMPS,
  FORM_IP,
  FORM_IPV6,
  MAX_OVERHEAD,
} from '../store/packet-columns.ts';
import { type PacketIndex, rowOf } from '../store/packet-index.ts';
import type { HintCollector } from '../stream/hints.ts';
import type { FlowStage } from './flow-stage.ts';
import { isEarly, isWanted } from './show-payload.ts';

// Ethernet II
const SOURCE_MAC = 6;
const ETHERTYPE = 12;
const ETHERNET_LENGTH = 14;
/** One tag (IEEE 802.1Q) is ordinary; of which network it is only the first packet of a flow tells. */
const VLAN_TAG_LENGTH = 4;
// IPv4 (RFC 791), by words of 32 bits
const IPV4_LENGTH = 20;
/** Version 4, a header of five words: no options. */
const IPV4_PLAIN = 0x45;
const IPV4_DF = 0x4000;
/** More fragments, and the fragment offset. */
const IPV4_FRAGMENT = 0x3fff;
// IPv6 (RFC 8200)
const IPV6_LENGTH = 40;
// TCP (RFC 9293 §3.1)
const TCP_LENGTH = 20;
/** With time stamps and the padding before them (RFC 7323 App. A). */
const TCP_TIMESTAMPS_LENGTH = 32;
const TCP_FLAGS = 0xfff;

/** What every side has done that goes on. */
const USUAL = SEEN_ANY | SEEN_ACK;

const SHORTEST = ETHERNET_LENGTH + IPV4_LENGTH + TCP_LENGTH;
const META_IPV4 = flowMeta(4, PROTOCOL_TCP);
const META_IPV6 = flowMeta(6, PROTOCOL_TCP);
const FORM_IPV4_TCP = KIND_TCP | FORM_IP;
const FORM_IPV6_TCP = KIND_TCP | FORM_IP | FORM_IPV6;

export class OrdinarySegments {
  /** Segments taken so far. */
  taken = 0;
  readonly #packets: PacketIndex;
  readonly #flows: FlowTable;
  readonly #hints: HintCollector;
  readonly #stage: FlowStage;
  readonly #cursor: FlowCursor;
  /** The endpoints of the packet in hand. */
  readonly #keys = new Int32Array(BARE_WORDS);
  #data: Uint8Array = new Uint8Array(0);
  #view = new DataView(this.#data.buffer);

  constructor(packets: PacketIndex, flows: FlowTable, hints: HintCollector, stage: FlowStage) {
    this.#packets = packets;
    this.#flows = flows;
    this.#hints = hints;
    this.#stage = stage;
    this.#cursor = new FlowCursor(flows);
  }

  /** Parameters as PacketSink.onPacket, with the interface's LINKTYPE_. @returns false where the packet is left to the layers */
  take(
    data: Uint8Array,
    start: number,
    capturedLength: number,
    wireLength: number,
    timeNs: number,
    linkType: number,
    fileDirection: number,
    fileOffset: number,
  ): boolean {
    if (linkType !== EN10MB || capturedLength < SHORTEST) return false;
    if (wireLength < capturedLength || wireLength > LIMITS.maxRecordBytes) return false;
    if (data !== this.#data) this.#use(data);
    const view = this.#view;

    // ── IP ──────────────────────────────────────────────────────────────────────────────────────────────────
    let ip = start + ETHERNET_LENGTH;
    let etherType = view.getUint16(start + ETHERTYPE);
    if (etherType === ETHERTYPE_VLAN) {
      if (capturedLength < SHORTEST + VLAN_TAG_LENGTH) return false;
      etherType = view.getUint16(ip + 2);
      ip += VLAN_TAG_LENGTH;
    }
    let meta = META_IPV4;
    let form = FORM_IPV4_TCP;
    let flags = 0;
    let ipId = 0;
    let ttl = 0;
    let tos = 0;
    let tcp = 0;
    /** Bytes of the TCP segment on the wire. */
    let length = 0;
    if (etherType === ETHERTYPE_IPV4) {
      const lengths = view.getInt32(ip);
      const fragment = view.getInt32(ip + 4);
      const protocol = view.getInt32(ip + 8);
      if (lengths >>> 24 !== IPV4_PLAIN || (fragment & IPV4_FRAGMENT) !== 0) return false;
      if (((protocol >>> 16) & 0xff) !== PROTOCOL_TCP) return false;
      length = (lengths & 0xffff) - IPV4_LENGTH;
      tcp = ip + IPV4_LENGTH;
      ttl = protocol >>> 24;
      tos = (lengths >>> 16) & 0xff;
      ipId = fragment >>> 16;
      if ((fragment & IPV4_DF) !== 0) flags = FLAG_DF;
    } else if (etherType === ETHERTYPE_IPV6) {
      const first = view.getInt32(ip);
      const lengths = view.getInt32(ip + 4);
      if (first >>> 28 !== 6 || ((lengths >>> 8) & 0xff) !== PROTOCOL_TCP) return false;
      length = lengths >>> 16;
      tcp = ip + IPV6_LENGTH;
      if (tcp + TCP_LENGTH > start + capturedLength) return false;
      ttl = lengths & 0xff;
      tos = (first >>> 20) & 0xff;
      meta = META_IPV6;
      form = FORM_IPV6_TCP;
    } else {
      return false;
    }

    // ── TCP ─────────────────────────────────────────────────────────────────────────────────────────────────
    const flagsWord = view.getInt32(tcp + 12);
    const headerLength = (flagsWord >>> 28) << 2;
    const tcpFlags = (flagsWord >>> 16) & TCP_FLAGS;
    const window = flagsWord & 0xffff;
    const payload = length - headerLength;
    const payloadAt = tcp + headerLength;
    const overhead = wireLength - payload;
    const capturedEnd = start + capturedLength;
    if ((tcpFlags & ~(TCP_PSH | TCP_FIN)) !== TCP_ACK || window === 0 || payload < 0) return false;
    if (tcp + length > start + wireLength || payloadAt > capturedEnd || overhead > MAX_OVERHEAD) return false;
    const hasTimestamps = headerLength !== TCP_LENGTH;
    if (hasTimestamps) {
      if (headerLength !== TCP_TIMESTAMPS_LENGTH || view.getInt32(tcp + TCP_LENGTH) !== TIMESTAMPS_ONLY)
        return false;
    }

    // ── the flow, and whether the segment goes on where its side had ended ──────────────────────────────────────
    const flows = this.#flows;
    const ports = view.getInt32(tcp);
    let found = NO_FLOW_FOUND;
    if (meta === META_IPV4) {
      const source = view.getInt32(ip + 12);
      const destination = view.getInt32(ip + 16);
      const hash = flowHashIpv4(flows.seed, META_IPV4, source, ports >>> 16, destination, ports & 0xffff);
      found = flows.findIpv4(hash, META_IPV4, source, destination, ports);
    } else {
      found = this.#findIpv6(ip, ports);
    }
    if (found === NO_FLOW_FOUND) return false;
    const { direction } = flows;
    const { words } = flows.block(found);
    const at = flows.wordsAt(found);
    const part = words[at + SIDES];
    // A lone SYN.
    if (part === 0) return false;
    const { words: sides, doubles: sideTimes } = flows.sides.block(part);
    const sidesAt = flows.sides.at(part);
    const forward = sidesAt + direction * SIDE_WORDS;
    const reverse = sidesAt + (1 - direction) * SIDE_WORDS;
    const seq = view.getInt32(tcp + 4);
    const ack = view.getInt32(tcp + 8);
    const isEnd = (tcpFlags & TCP_FIN) !== 0;
    /** What the other side is to acknowledge next; a FIN takes a number (RFC 9293 §3.4). */
    const end = (seq + payload + (isEnd ? 1 : 0)) | 0;
    const seen = sides[forward + SEEN];
    const reverseSeen = sides[reverse + SEEN];
    const bits = words[at + FLOW_BITS];
    const lastAck = sides[forward + LAST_ACK];
    const isAckNew = ack !== lastAck;
    if ((seen & (SEEN_ANY | SEEN_RST)) !== SEEN_ANY || (bits & FLOW_RIVAL_SYN_ACK) !== 0) return false;
    const link = (words[at + LINK_ADDRESSES] >>> (16 * direction)) & 0xffff;
    if (seq !== sides[forward + NEXT_SEQ] || link === 0 || link === UNNAMED) return false;
    // What comes after a FIN, and what takes the count of bytes past a word.
    if (end !== seq && (seen & SEEN_FIN) !== 0) return false;
    const bytes = (sides[forward + PAYLOAD_LOW] >>> 0) + payload;
    if (bytes > 0xffff_ffff) return false;
    const windows = sides[sidesAt + WINDOWS];
    // It may be a packet that was captured twice, or a duplicate ACK.
    if (payload === 0 && !isAckNew) return false;
    if ((reverseSeen & SEEN_ANY) !== 0) {
      if (seqGt(ack, sides[reverse + MAX_TO_BE_ACKED])) return false;
      if (payload > 0) {
        const reverseWindow = direction === 0 ? windows >>> 16 : windows & 0xffff;
        const reverseAck = sides[reverse + LAST_ACK];
        if (reverseWindow === 0) return false;
        // Repeats what was acknowledged, or fills the window.
        if ((reverseSeen & SEEN_ACK) !== 0 && seqLeq(seq + payload, reverseAck)) return false;
        const isScaled = (reverseSeen & (SEEN_SYN | SEEN_SYN_ACK)) !== 0 && !isEnd;
        const shift = windowShift(sides[forward + SYN_OPTIONS], sides[reverse + SYN_OPTIONS]);
        if (isScaled && end === ((reverseAck + (reverseWindow << shift)) | 0)) return false;
      }
    }

    // ── from here on the segment is taken ───────────────────────────────────────────────────────────────────────
    const packets = this.#packets;
    const chunk = packets.begin(fileOffset, timeNs as Nanoseconds);
    const number = packets.next;
    const row = rowOf(number);
    if (hasTimestamps) {
      const value = view.getInt32(tcp + 24);
      flags |= FLAG_TIMESTAMPS;
      if (packets.keepsDigests) chunk.setDigest(row, timestampsOnlyDigest(value, view.getInt32(tcp + 28)));
      sides[forward + LAST_TS_VALUE] = value;
    } else {
      chunk.setDigest(row, 0);
    }
    if (fileDirection === DIRECTION_INBOUND) flags |= FLAG_INBOUND;
    else if (fileDirection === DIRECTION_OUTBOUND) flags |= FLAG_OUTBOUND;
    chunk.seq[row] = seq;
    chunk.ack[row] = ack;
    chunk.window[row] = window;
    chunk.flags[row] = flags | tcpFlags;
    chunk.setPayload(row, payload);
    chunk.ipId[row] = ipId;
    chunk.setShape(row, form, tos, ttl, overhead, payloadAt - start);
    chunk.flow[row] = (found << 1) | direction;
    chunk.previous[row] = words[at + LAST_PACKET];
    chunk.marks[row] = 0;

    sides[forward + LAST_ACK] = ack;
    if (seq === sides[forward + MAX_TO_BE_ACKED]) sides[forward + MAX_TO_BE_ACKED] = end;
    sides[sidesAt + WINDOWS] =
      direction === 0 ? (windows & 0xffff_0000) | window : (windows & 0xffff) | (window << 16);
    sides[forward + LAST_SENT] = number | 0;
    sides[forward + SENT_PACKETS]++;
    const ttls = sides[forward + TTLS];
    if (ttls >>> 24 !== ttl || ttls === 0) sides[forward + TTLS] = withTtl(ttls, ttl);
    const forwardTimes = (sidesAt >> 1) + direction * SIDE_TIMES;
    sideTimes[forwardTimes + LAST_SENT_TIME] = timeNs;
    words[at + LAST_PACKET] = number | 0;
    words[at + PACKETS]++;
    if ((bits & FLOW_TIME_APART) !== 0) words[at + FLOW_BITS] = bits & ~FLOW_TIME_APART;
    const { links } = flows;
    if (
      links.low(link) !== view.getInt32(start + SOURCE_MAC + 2) ||
      links.high(link) !== view.getUint16(start + SOURCE_MAC)
    ) {
      words[at + FLOW_BITS] |= FLOW_MAC_CHANGED_0 << direction;
    }
    packets.end();
    this.#stage.tcpPackets++;
    this.taken++;
    // What is left of the newest segment before this one, and of duplicate ACKs before a new one.
    let seenNow = seen & ~(SEEN_KEEP_ALIVE_LAST | SEEN_ACK_APART);
    if (isAckNew) seenNow &= ~DUPLICATE_ACKS;
    if (payload > 0 || isEnd) {
      sides[forward + NEXT_SEQ] = end;
      sideTimes[forwardTimes + NEXT_SEQ_TIME] = timeNs;
    }
    let isSniffed = false;
    if (payload > 0) {
      sides[forward + PAYLOAD_LOW] = bytes | 0;
      if (payloadAt + payload > capturedEnd) words[at + FLOW_BITS] |= FLOW_CUT;
      if (payloadAt < capturedEnd) {
        const early = isEarly(seen);
        if (early) seenNow += SNIFFED_ONE;
        isSniffed = early || isWanted(this.#hints, found, direction, data[payloadAt], payload);
      }
    }
    if (seenNow !== seen) sides[forward + SEEN] = seenNow;
    // Which things of this kind were seen is nearly always known already.
    const usual = USUAL | (payload === 0 ? SEEN_PURE_ACK : SEEN_DATA) | (hasTimestamps ? SEEN_TIMESTAMPS : 0);
    const isOpening = direction === 0 && (bits & FLOW_ESTABLISHED) === 0 && (seen & SEEN_SYN) !== 0;
    if ((seen & usual) !== usual || isEnd || isOpening || (reverseSeen & SEEN_FIN) !== 0) {
      noteFirsts(this.#bound(found, direction), seenNow, payload, isEnd, ack, hasTimestamps, timeNs);
    }
    if (isSniffed) {
      const captured = Math.min(payload, capturedEnd - payloadAt);
      this.#hints.sniff(found, direction, number, data, payloadAt, captured, payload, seq);
    }
    return true;
  }

  #findIpv6(ip: number, ports: number): FlowRecord {
    const view = this.#view;
    const keys = this.#keys;
    const flows = this.#flows;
    for (let word = 0; word < 4; word++) {
      keys[BARE_ENDPOINTS.source + word] = view.getInt32(ip + 8 + 4 * word);
      keys[BARE_ENDPOINTS.destination + word] = view.getInt32(ip + 24 + 4 * word);
    }
    keys[BARE_ENDPOINTS.sourcePort] = ports >>> 16;
    keys[BARE_ENDPOINTS.destinationPort] = ports & 0xffff;
    return flows.find(flowHash(flows.seed, META_IPV6, keys, BARE_ENDPOINTS), META_IPV6, keys, BARE_ENDPOINTS);
  }

  /** The cursor, for what is not asked of every packet. */
  #bound(flow: FlowRecord, direction: 0 | 1): FlowCursor {
    this.#cursor.bind(flow, direction);
    return this.#cursor;
  }

  /** Changes the buffer that is read: once per chunk of the file, not per packet. */
  #use(data: Uint8Array): void {
    this.#data = data;
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }
}

/**
 * What a segment does for the first time, and what is asked only around the handshake and the end; as `noteSegment` and `noteAck`
 * have it.
 */
function noteFirsts(
  flow: FlowCursor,
  before: number,
  payload: number,
  isEnd: boolean,
  ack: number,
  hasTimestamps: boolean,
  timeNs: number,
): void {
  const { sides, forward } = flow;
  let seen = before | SEEN_ACK;
  if (payload === 0 && !isEnd && (seen & SEEN_PURE_ACK) === 0) {
    seen |= SEEN_PURE_ACK;
    addHistory(flow, HISTORY_LETTERS.ack);
  }
  if (payload > 0 && (seen & SEEN_DATA) === 0) {
    seen |= SEEN_DATA;
    addHistory(flow, HISTORY_LETTERS.data);
  }
  if (isEnd) {
    // Its number is the one before NEXT_SEQ.
    seen |= SEEN_FIN;
    addHistory(flow, HISTORY_LETTERS.fin);
  }
  if (hasTimestamps) seen |= SEEN_TIMESTAMPS;
  sides[forward + SEEN] = seen;
  noteAck(flow, ack, false, timeNs as Nanoseconds, seen);
}
