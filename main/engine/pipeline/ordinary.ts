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
import { seqAdd, seqGt, seqLeq } from '../../../shared/base/seq.ts';
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
  DIRECTION_DOUBLES,
  DIRECTION_WORDS,
  DUPLICATE_ACKS,
  FIN_SEQ,
  FLOW_BITS,
  FLOW_CUT,
  FLOW_DIRECTION,
  FLOW_ESTABLISHED,
  FLOW_MAC_CHANGED_0,
  FLOW_RIVAL_SYN_ACK,
  LAST_ACK,
  LAST_ACK_TIME,
  LAST_MARKS,
  LAST_PACKET,
  LAST_SENT,
  LAST_SENT_TIME,
  LAST_TIME,
  LAST_TS_VALUE,
  LAST_WINDOW,
  MAC_HIGH,
  MAC_LOW,
  MAX_TO_BE_ACKED,
  NEXT_SEQ,
  NEXT_SEQ_TIME,
  PACKETS,
  PAYLOAD_BYTES,
  SEEN,
  SEEN_ACK,
  SEEN_ANY,
  SEEN_DATA,
  SEEN_FIN,
  SEEN_PURE_ACK,
  SEEN_RST,
  SEEN_SYN,
  SEEN_SYN_ACK,
  SEEN_TIMESTAMPS,
  SENT_PACKETS,
  SNIFFED,
  SYN_OPTIONS,
  TIMES_DIRECTION,
  TTLS,
  flowMeta,
} from '../flow/record.ts';
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
import { isShown } from './show-payload.ts';

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
  readonly #cursor = new FlowCursor();
  /** The endpoints of the packet in hand. */
  readonly #keys = new Int32Array(BARE_WORDS);
  #data: Uint8Array = new Uint8Array(0);
  #view = new DataView(this.#data.buffer);

  constructor(packets: PacketIndex, flows: FlowTable, hints: HintCollector, stage: FlowStage) {
    this.#packets = packets;
    this.#flows = flows;
    this.#hints = hints;
    this.#stage = stage;
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
    const { words, doubles: times } = flows.block(found);
    const at = flows.wordsAt(found);
    const forward = at + FLOW_DIRECTION + direction * DIRECTION_WORDS;
    const reverse = at + FLOW_DIRECTION + (1 - direction) * DIRECTION_WORDS;
    const seq = view.getInt32(tcp + 4);
    const ack = view.getInt32(tcp + 8);
    const isEnd = (tcpFlags & TCP_FIN) !== 0;
    /** What the other side is to acknowledge next; a FIN takes a number (RFC 9293 §3.4). */
    const end = (seq + payload + (isEnd ? 1 : 0)) | 0;
    const seen = words[forward + SEEN];
    const reverseSeen = words[reverse + SEEN];
    const bits = words[at + FLOW_BITS];
    const lastAck = words[forward + LAST_ACK];
    const isAckNew = ack !== lastAck;
    if ((seen & (SEEN_ANY | SEEN_RST)) !== SEEN_ANY || (bits & FLOW_RIVAL_SYN_ACK) !== 0) return false;
    if (seq !== words[forward + NEXT_SEQ] || words[forward + MAC_HIGH] < 0) return false;
    // It may be a packet that was captured twice, or a duplicate ACK.
    if (payload === 0 && !isAckNew) return false;
    if ((reverseSeen & SEEN_ANY) !== 0) {
      if (seqGt(ack, words[reverse + MAX_TO_BE_ACKED])) return false;
      if (payload > 0) {
        const reverseWindow = words[reverse + LAST_WINDOW];
        const reverseAck = words[reverse + LAST_ACK];
        if (reverseWindow === 0) return false;
        // Repeats what was acknowledged, or fills the window.
        if ((reverseSeen & SEEN_ACK) !== 0 && seqLeq(seq + payload, reverseAck)) return false;
        const isScaled = (reverseSeen & (SEEN_SYN | SEEN_SYN_ACK)) !== 0 && !isEnd;
        const shift = windowShift(words[forward + SYN_OPTIONS], words[reverse + SYN_OPTIONS]);
        if (isScaled && end === ((reverseAck + (reverseWindow << shift)) | 0)) return false;
      }
    }

    // ── from here on the segment is taken ───────────────────────────────────────────────────────────────────────
    const packets = this.#packets;
    const chunk = packets.begin(fileOffset, timeNs as Nanoseconds);
    const number = packets.next;
    const row = rowOf(number);
    const timesAt = flows.doublesAt(found);
    const forwardTimes = timesAt + TIMES_DIRECTION + direction * DIRECTION_DOUBLES;
    if (hasTimestamps) {
      const value = view.getInt32(tcp + 24);
      flags |= FLAG_TIMESTAMPS;
      chunk.optionDigest[row] = timestampsOnlyDigest(value, view.getInt32(tcp + 28));
      words[forward + LAST_TS_VALUE] = value;
    } else {
      chunk.optionDigest[row] = 0;
    }
    if (fileDirection === DIRECTION_INBOUND) flags |= FLAG_INBOUND;
    else if (fileDirection === DIRECTION_OUTBOUND) flags |= FLAG_OUTBOUND;
    chunk.seq[row] = seq;
    chunk.ack[row] = ack;
    chunk.window[row] = window;
    chunk.flags[row] = flags | tcpFlags;
    chunk.payload[row] = payload;
    chunk.ipId[row] = ipId;
    chunk.setShape(row, form, tos, ttl, overhead, payloadAt - start);
    chunk.flow[row] = (found << 1) | direction;
    chunk.previous[row] = words[at + LAST_PACKET];
    chunk.marks[row] = 0;

    if (isAckNew) {
      words[forward + LAST_ACK] = ack;
      words[forward + DUPLICATE_ACKS] = 0;
    }
    if (seq === words[forward + MAX_TO_BE_ACKED]) words[forward + MAX_TO_BE_ACKED] = end;
    words[forward + LAST_WINDOW] = window;
    words[forward + LAST_MARKS] = 0;
    words[forward + LAST_SENT] = number | 0;
    words[forward + SENT_PACKETS]++;
    const ttls = words[forward + TTLS];
    if (ttls >>> 24 !== ttl || ttls === 0) words[forward + TTLS] = withTtl(ttls, ttl);
    times[forwardTimes + LAST_ACK_TIME] = timeNs;
    times[forwardTimes + LAST_SENT_TIME] = timeNs;
    words[at + LAST_PACKET] = number | 0;
    words[at + PACKETS]++;
    times[timesAt + LAST_TIME] = timeNs;
    if (
      words[forward + MAC_LOW] !== view.getInt32(start + SOURCE_MAC + 2) ||
      words[forward + MAC_HIGH] !== view.getUint16(start + SOURCE_MAC)
    ) {
      words[at + FLOW_BITS] |= FLOW_MAC_CHANGED_0 << direction;
    }
    packets.end();
    this.#stage.tcpPackets++;
    this.taken++;
    // Which things of this kind were seen is nearly always known already.
    const usual = USUAL | (payload === 0 ? SEEN_PURE_ACK : SEEN_DATA) | (hasTimestamps ? SEEN_TIMESTAMPS : 0);
    const isOpening = direction === 0 && (bits & FLOW_ESTABLISHED) === 0 && (seen & SEEN_SYN) !== 0;
    if ((seen & usual) !== usual || isEnd || isOpening || (reverseSeen & SEEN_FIN) !== 0) {
      noteFirsts(this.#bound(found), seen, payload, isEnd, end, ack, hasTimestamps, timeNs);
    }
    if (isEnd || payload > 0) {
      words[forward + NEXT_SEQ] = end;
      times[forwardTimes + NEXT_SEQ_TIME] = timeNs;
    }
    if (payload > 0) {
      times[forwardTimes + PAYLOAD_BYTES] += payload;
      const captured = Math.min(payload, capturedEnd - payloadAt);
      if (captured < payload) words[at + FLOW_BITS] |= FLOW_CUT;
      const isWorth =
        captured > 0 &&
        isShown(this.#hints, found, direction, words[forward + SNIFFED], data[payloadAt], payload);
      if (isWorth) {
        words[forward + SNIFFED]++;
        this.#hints.sniff(found, direction, number, data, payloadAt, captured, payload, seq);
      }
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
  #bound(flow: FlowRecord): FlowCursor {
    this.#cursor.bind(this.#flows, flow, this.#flows.direction);
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
  end: number,
  ack: number,
  hasTimestamps: boolean,
  timeNs: number,
): void {
  const { words, forward } = flow;
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
    seen |= SEEN_FIN;
    words[forward + FIN_SEQ] = seqAdd(end, -1);
    addHistory(flow, HISTORY_LETTERS.fin);
  }
  if (hasTimestamps) seen |= SEEN_TIMESTAMPS;
  words[forward + SEEN] = seen;
  noteAck(flow, ack, false, timeNs as Nanoseconds, seen);
}
