/** How many packets two flows have in common, once the numbers of one are moved to those of the other. */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { TCP_ACK, TCP_FLAGS_MASK, TCP_SYN } from '../decode/facts.ts';
import { MARK_ICMP } from '../flow/marks.ts';
import { LAST_PACKET } from '../flow/record.ts';
import { LIMITS } from '../limits.ts';
import { FLAG_TIMESTAMPS } from '../store/packet-columns.ts';
import { mix } from './mix.ts';
import type { JoinStores } from './stores.ts';

export interface Agreement {
  /** Different packets that both have; SYNs are left out where a shift is worked out from these, for they agree always then. */
  readonly packets: number;
  /** Those of them that carry data, and that have the same window. */
  readonly data: number;
  readonly windows: number;
  /** Those by which one sender can be told from another (both have an IP-ID or time stamps), and those that one sender made. */
  readonly telling: number;
  readonly oneSender: number;
  /** `packets` of the flow that has fewer. */
  readonly share: number;
  /** Time of the earliest of them at the first, and at the second less that. */
  readonly atNs: number;
  readonly differenceNs: number;
}

/** Newest packets of a flow first, LIMITS.maxPairedPackets at most, without what ICMP says of it. */
export function* packetsOf({ packets, flows }: JoinStores, flow: FlowRecord): Generator<PacketNumber> {
  let packet = (flows.word(flow, LAST_PACKET) >>> 0) as PacketNumber;
  for (let i = 0; i < LIMITS.maxPairedPackets && packets.holds(packet); i++) {
    if ((packets.marks(packet) & MARK_ICMP) === 0) yield packet;
    packet = packets.previous(packet);
  }
}

/** What routers and translators leave alone of a packet: numbers, flags and length. */
export function signature(
  { packets, flows }: JoinStores,
  packet: PacketNumber,
  direction: number,
  seqShift: number,
  ackShift: number,
): number {
  const flags = packets.flags(packet) & TCP_FLAGS_MASK;
  const ack = (flags & TCP_ACK) === 0 ? 0 : packets.ack(packet) + ackShift;
  let key = mix(flows.seed, (direction << 16) | flags);
  key = mix(key, (packets.seq(packet) + seqShift) | 0);
  key = mix(key, ack | 0);
  return mix(key, packets.payload(packet));
}

/** @param hasSyns takes SYNs as well */
export function agreement(
  stores: JoinStores,
  first: FlowRecord,
  second: FlowRecord,
  seqShift: readonly [number, number],
  isSwapped = false,
  hasSyns = false,
): Agreement {
  const { packets } = stores;
  const known = new Map<number, PacketNumber>();
  let ofFirst = 0;
  for (const packet of packetsOf(stores, first)) {
    if (!hasSyns && (packets.flags(packet) & TCP_SYN) !== 0) continue;
    const direction = packets.direction(packet);
    const there = isSwapped ? 1 - direction : direction;
    // Packets that are all alike, as a flood of resets or of duplicate acknowledgements is, count as one on either side.
    const key = signature(stores, packet, there, seqShift[direction], seqShift[1 - direction]);
    if (!known.has(key)) ofFirst++;
    known.set(key, packet);
  }
  const found = { packets: 0, data: 0, windows: 0, telling: 0, oneSender: 0, atNs: 0, differenceNs: 0 };
  const seen = new Set<number>();
  let ofSecond = 0;
  const senders = new SenderTest(stores);
  for (const packet of packetsOf(stores, second)) {
    if (!hasSyns && (packets.flags(packet) & TCP_SYN) !== 0) continue;
    const key = signature(stores, packet, packets.direction(packet), 0, 0);
    if (seen.has(key)) continue;
    seen.add(key);
    ofSecond++;
    const twin = known.get(key);
    if (twin === undefined) continue;
    known.delete(key);
    found.packets++;
    if (packets.payload(packet) > 0) found.data++;
    if (packets.window(packet) === packets.window(twin)) found.windows++;
    found.atNs = packets.time(twin);
    found.differenceNs = packets.time(packet) - found.atNs;
    const sender = senders.isOne(twin, packet);
    if (sender !== undefined) found.telling++;
    if (sender === true) found.oneSender++;
  }
  const fewer = Math.min(ofFirst, ofSecond);
  return { ...found, share: fewer === 0 ? 0 : found.packets / fewer };
}

/**
 * Tells whether one host made both of two packets, by their IP-ID or else their options with the time stamps in them. A value that
 * came before tells nothing: some hosts and tools always send the same.
 */
class SenderTest {
  readonly #packets: JoinStores['packets'];
  readonly #known = new Set<number>();

  constructor({ packets }: JoinStores) {
    this.#packets = packets;
  }

  /** Undefined where nothing tells. */
  isOne(one: PacketNumber, other: PacketNumber): boolean | undefined {
    const packets = this.#packets;
    const ids = [packets.ipId(one), packets.ipId(other)];
    const haveStamps = (packets.flags(one) & packets.flags(other) & FLAG_TIMESTAMPS) !== 0;
    const stamps = haveStamps ? packets.optionDigest(one) : 0;
    const value = ids.includes(0) ? stamps : ids[0];
    const isNew = value !== 0 && !this.#known.has(value);
    this.#known.add(value);
    if (!isNew) return undefined;
    const areStampsEqual = haveStamps && stamps === packets.optionDigest(other);
    return areStampsEqual || (!ids.includes(0) && ids[0] === ids[1]);
  }
}
