/**
 * The packet being decoded: a cursor over its bytes that one layer hands to the next.
 *
 * Layers are functions `(packet) => next layer`, run by the loop in decoder.ts. None calls another, so nothing
 * recurses on hostile nesting, and the common path allocates nothing.
 *
 * Invariants
 * - `at <= end`; `data[at, end)` was captured and is all that a layer may read.
 * - `end <= wireEnd`, where the packet ends on the wire: an index that may lie beyond the captured bytes. Each layer
 *   with a length field moves it back to what the field says, so that padding never counts as payload.
 * - Who writes which slots of `facts`: `begin` those that say whether others mean anything, and those that a link layer
 *   may leave out; `acceptIp` and the IP layers all of FAMILY … DST3, TTL, TOS, IP_ID, IP_FLAGS and IP_PROTOCOL; each
 *   transport all of its own. Nothing else is cleared: a slot means something only where KIND, FAMILY or TUNNEL says so.
 *   What is written rarely is cleared only where LONG_ADDRESSES or RARE_OPTIONS_CLEAR say that it must be.
 */
import { LIMITS, type LimitCounter } from '../limits.ts';
import { DIRECTION_UNKNOWN } from '../read/sink.ts';
import {
  DEFECTS,
  DEFECT_CUT,
  DEFECT_INNER,
  DEFECT_LENGTH,
  DEFECT_NOT_OPENED,
  DEFECT_TOO_DEEP,
  FACT_COUNT,
  FAMILY,
  type Facts,
  KIND,
  KIND_IP,
  KIND_MALFORMED,
  KIND_OTHER,
  LINK_DIRECTION,
  NOT_OPENED,
  OUTER_FAMILY,
  OUTER_SRC0,
  PAYLOAD_CAPTURED,
  PAYLOAD_LENGTH,
  SRC0,
  SRC_MAC_HIGH,
  TUNNEL,
  TUNNEL_NONE,
  VLAN,
} from './facts.ts';
import { FragmentTable } from './fragment-table.ts';
import { LAYER_DONE } from './layers.ts';
import { notOpenedKey } from './not-opened.ts';

export class Packet {
  facts: Facts = new Int32Array(FACT_COUNT);
  readonly limits: LimitCounter;
  readonly fragments: FragmentTable;

  data: Uint8Array = new Uint8Array(0);
  /** Over the same bytes, with the same indices; measured: reading numbers through it takes a third of the time. */
  view: DataView = new DataView(this.data.buffer);
  at = 0;
  end = 0;
  wireEnd = 0;
  /** Not 0: a field that starts as a small integer changes its shape, and all compiled code with it, later. */
  timeNs = Number.NaN;
  etherType = 0;
  protocol = 0;
  /** LINKTYPE_ of the packet, or of what is inside the header of a link type that wraps others. */
  linkType = -1;
  /** The UDP port that a tunnel is known by. */
  tunnelPort = 0;
  /** Of the TCP header that was decoded last, see optionsDigest. */
  optionDigest = 0;
  /** TUNNEL_* that the next IP header is inside of. */
  tunnel = TUNNEL_NONE;
  #depth = 0;

  constructor(limits: LimitCounter) {
    this.limits = limits;
    this.fragments = new FragmentTable(limits);
  }

  begin(data: Uint8Array, start: number, capturedLength: number, wireLength: number, timeNs: number): void {
    if (data !== this.data) this.use(data);
    this.at = start;
    this.end = start + capturedLength;
    // Beyond the largest record nothing is believed; this keeps all lengths far from the 32-bit edge.
    const believed = wireLength > LIMITS.maxRecordBytes ? LIMITS.maxRecordBytes : wireLength;
    this.wireEnd = start + (believed > capturedLength ? believed : capturedLength);
    this.timeNs = timeNs;
    this.tunnel = TUNNEL_NONE;
    this.#depth = 0;
    const facts = this.facts;
    facts[KIND] = KIND_OTHER;
    facts[FAMILY] = 0;
    facts[SRC_MAC_HIGH] = -1;
    facts[VLAN] = -1;
    facts[LINK_DIRECTION] = DIRECTION_UNKNOWN;
    facts[TUNNEL] = TUNNEL_NONE;
    facts[DEFECTS] = 0;
  }

  /** Changes the buffer that is read: once per chunk, not per packet. */
  use(data: Uint8Array): void {
    this.data = data;
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  /** Counts one more encapsulation; false where there are too many, and decoding ends with what is known. */
  descend(): boolean {
    if (++this.#depth <= LIMITS.maxEncapsulation) return true;
    this.limits.hit('maxEncapsulation');
    this.facts[DEFECTS] |= DEFECT_TOO_DEEP;
    return false;
  }

  /** Passes a header of that many bytes around another layer, which counts as an encapsulation. */
  enter(length: number, layer: number): number {
    if (!this.descend()) return LAYER_DONE;
    if (this.end - this.at < length) return this.refuseShort();
    this.at += length;
    return layer;
  }

  /** `enter` for a header that makes what is inside a tunnelled packet. @param tunnel TUNNEL_* */
  enterTunnel(length: number, tunnel: number, layer: number): number {
    this.tunnel = tunnel;
    return this.enter(length, layer);
  }

  /**
   * What follows is not decoded though TCP may be inside; what was decoded so far stands.
   * @param by NOT_OPENED_* of not-opened.ts
   * @param number what announced it, 24 bits
   */
  notOpened(by: number, number: number, isEncrypted = false): number {
    // Where nothing follows nothing is lost: keep-alives, probes.
    if (this.at >= this.wireEnd) return LAYER_DONE;
    this.facts[DEFECTS] |= DEFECT_NOT_OPENED;
    this.facts[NOT_OPENED] = notOpenedKey(by, number, isEncrypted);
    return LAYER_DONE;
  }

  /**
   * An IP header was found sound and its facts are about to be written. If an IP header came before it, that one
   * is a tunnel's: its addresses move to OUTER_*.
   */
  acceptIp(): void {
    const facts = this.facts;
    if (facts[FAMILY] !== 0) {
      facts[TUNNEL] = this.tunnel;
      facts[OUTER_FAMILY] = facts[FAMILY];
      facts.copyWithin(OUTER_SRC0, SRC0, SRC0 + 8);
    }
    facts[KIND] = KIND_IP;
    facts[PAYLOAD_LENGTH] = 0;
    facts[PAYLOAD_CAPTURED] = 0;
  }

  /** The layer that announced itself is unusable. Inside a tunnel the outer packet's facts stand. */
  refuseIp(defect: number): number {
    const facts = this.facts;
    if (facts[FAMILY] === 0) facts[KIND] = KIND_MALFORMED;
    else defect |= DEFECT_INNER;
    facts[DEFECTS] |= defect;
    return LAYER_DONE;
  }

  /** `refuseIp` for a header that is not all there: cut by the snap length, or never sent whole. */
  refuseShort(): number {
    return this.refuseIp(this.end < this.wireEnd ? DEFECT_CUT : DEFECT_LENGTH);
  }

  /** What follows an IP header that was accepted is unusable. */
  malformed(defect: number): number {
    this.facts[KIND] = KIND_MALFORMED;
    this.facts[DEFECTS] |= defect;
    return LAYER_DONE;
  }
  /** `malformed` for a header that is not all there. */
  malformedShort(): number {
    return this.malformed(this.end < this.wireEnd ? DEFECT_CUT : DEFECT_LENGTH);
  }
}
