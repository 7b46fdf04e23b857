/**
 * Reassembly of IPv4 and IPv6 datagrams. The datagram is decoded with its last missing fragment, as Wireshark does;
 * that fragment's header gives TTL, IP-ID and the like. All others stay KIND_FRAGMENT.
 *
 * Overlaps: a fragment that lies wholly in what is already there is a duplicate and ignored, as in Linux; any other
 * overlap abandons the datagram (RFC 8200 §4.5, RFC 5722; Linux does the same for IPv4). What a receiver would have
 * made of it cannot be known from the packets.
 *
 * Bounds: at most LIMITS.maxFragmentedDatagrams at once, the one longest untouched giving way; each of at most
 * LIMITS.maxDatagramBytes; each given up after 60 s (RFC 8200 §4.5), which also keeps a reused IP-ID apart.
 */
import { LIMITS, type LimitCounter } from '../limits.ts';
import {
  DEFECTS,
  DEFECT_FRAGMENTS,
  DEFECT_LENGTH,
  DST3,
  FAMILY,
  type Facts,
  FIRST_FRAGMENTS,
  SRC0,
} from './facts.ts';

const UNIT_BYTES = 8;
const MAX_UNITS = Math.ceil(LIMITS.maxDatagramBytes / UNIT_BYTES);
const LIFETIME_NS = 60_000_000_000;
const UNKNOWN = -1;
const ADDRESS_WORDS = DST3 - SRC0 + 1;

/** What the table reads of a packet that is a fragment, and changes of it once the datagram is whole. */
export interface FragmentCursor {
  readonly facts: Facts;
  /** The fragment's payload is `data[at, end)`; on the wire it ends at `wireEnd`. */
  readonly data: Uint8Array;
  at: number;
  end: number;
  wireEnd: number;
  readonly timeNs: number;
  /** IP protocol of what the datagram carries. */
  protocol: number;
  /** Has the packet read from another buffer. */
  use(data: Uint8Array): void;
}

interface Datagram {
  inUse: boolean;
  id: number;
  family: number;
  /** The first fragment's protocol number; for IPv4, where all fragments have it, part of the key. */
  protocol: number;
  /** Source and destination as in the facts. */
  readonly addresses: Int32Array;
  startedNs: number;
  /** Counts up with each fragment of any datagram: the smallest was untouched the longest. */
  touched: number;
  /** Length of the whole, known from the last fragment. */
  length: number;
  /** The highest byte that any fragment has brought. */
  highest: number;
  /** Up to here the bytes were captured; a snap length may have cut fragments. */
  capturedEnd: number;
  units: number;
  /** Fragments that came of its start: one, and copies of it. */
  firsts: number;
  readonly hasUnit: Uint8Array;
  /**
   * Also what the packet is read from, once complete. Should a fragment inside of it be the first of a datagram
   * that takes this very place, it is copied within the buffer and nothing of the rest is needed any more.
   */
  readonly buffer: Uint8Array;
}

export class FragmentTable {
  readonly #datagrams: Datagram[] = [];
  readonly #limits: LimitCounter;
  #clock = 0;

  constructor(limits: LimitCounter) {
    this.#limits = limits;
  }

  /**
   * Takes in the fragment `packet.data[at, end)`.
   * @returns whether the datagram is complete; `packet` then stands at the start of its payload, with its protocol
   */
  add(packet: FragmentCursor, id: number, offset: number, more: boolean): boolean {
    const length = packet.wireEnd - packet.at;
    const fragmentEnd = offset + length;
    if (fragmentEnd > LIMITS.maxDatagramBytes) {
      this.#limits.hit('maxDatagramBytes');
      packet.facts[DEFECTS] |= DEFECT_LENGTH;
      return false;
    }
    if (length === 0 || (more && length % UNIT_BYTES !== 0)) {
      packet.facts[DEFECTS] |= DEFECT_LENGTH;
      return false;
    }
    const datagram = this.#find(packet, id) ?? this.#open(packet, id);
    datagram.touched = ++this.#clock;
    if (offset === 0) {
      datagram.firsts++;
      noteFirsts(packet.facts, 1);
    }
    const overlap = overlapOf(datagram, offset, fragmentEnd);
    if (overlap === OVERLAP_DUPLICATE) return false;
    const contradicts = datagram.length !== UNKNOWN && (!more || fragmentEnd > datagram.length);
    if (overlap === OVERLAP_PARTIAL || contradicts || (!more && fragmentEnd < datagram.highest)) {
      packet.facts[DEFECTS] |= DEFECT_LENGTH;
      datagram.inUse = false;
      return false;
    }
    store(datagram, packet, offset, fragmentEnd);
    if (!more) datagram.length = fragmentEnd;
    if (datagram.length === UNKNOWN || datagram.units * UNIT_BYTES < datagram.length) return false;
    this.#complete(datagram, packet);
    return true;
  }

  #complete(datagram: Datagram, packet: FragmentCursor): void {
    datagram.inUse = false;
    noteFirsts(packet.facts, -datagram.firsts);
    packet.use(datagram.buffer);
    packet.at = 0;
    packet.end = Math.min(datagram.capturedEnd, datagram.length);
    packet.wireEnd = datagram.length;
    packet.protocol = datagram.protocol;
  }

  #find(packet: FragmentCursor, id: number): Datagram | undefined {
    const { facts, protocol, timeNs } = packet;
    for (const datagram of this.#datagrams) {
      if (!datagram.inUse || datagram.id !== id || datagram.family !== facts[FAMILY]) continue;
      if (datagram.family === 4 && datagram.protocol !== protocol) continue;
      if (!hasAddresses(datagram, facts)) continue;
      if (Math.abs(timeNs - datagram.startedNs) <= LIFETIME_NS) return datagram;
      datagram.inUse = false;
    }
    return undefined;
  }

  #open(packet: FragmentCursor, id: number): Datagram {
    const { facts, protocol, timeNs } = packet;
    const datagram = this.#vacant();
    datagram.inUse = true;
    datagram.id = id;
    datagram.family = facts[FAMILY];
    datagram.protocol = protocol;
    for (let i = 0; i < ADDRESS_WORDS; i++) datagram.addresses[i] = facts[SRC0 + i];
    datagram.startedNs = timeNs;
    datagram.length = UNKNOWN;
    datagram.highest = 0;
    datagram.capturedEnd = LIMITS.maxDatagramBytes;
    datagram.units = 0;
    datagram.firsts = 0;
    datagram.hasUnit.fill(0);
    return datagram;
  }

  #vacant(): Datagram {
    let oldest: Datagram | undefined;
    for (const datagram of this.#datagrams) {
      if (!datagram.inUse) return datagram;
      if (oldest === undefined || datagram.touched < oldest.touched) oldest = datagram;
    }
    if (oldest !== undefined && this.#datagrams.length >= LIMITS.maxFragmentedDatagrams) {
      this.#limits.hit('maxFragmentedDatagrams');
      return oldest;
    }
    const made = emptyDatagram();
    this.#datagrams.push(made);
    return made;
  }
}

function noteFirsts(facts: Facts, count: number): void {
  const before = (facts[DEFECTS] & DEFECT_FRAGMENTS) !== 0 ? facts[FIRST_FRAGMENTS] : 0;
  facts[DEFECTS] |= DEFECT_FRAGMENTS;
  facts[FIRST_FRAGMENTS] = before + count;
}

function emptyDatagram(): Datagram {
  return {
    inUse: false,
    id: 0,
    family: 0,
    protocol: 0,
    addresses: new Int32Array(ADDRESS_WORDS),
    startedNs: 0,
    touched: 0,
    length: UNKNOWN,
    highest: 0,
    capturedEnd: 0,
    units: 0,
    firsts: 0,
    hasUnit: new Uint8Array(MAX_UNITS),
    buffer: new Uint8Array(LIMITS.maxDatagramBytes),
  };
}

const OVERLAP_NONE = 0;
const OVERLAP_DUPLICATE = 1;
const OVERLAP_PARTIAL = 2;

function overlapOf(datagram: Datagram, from: number, to: number): number {
  let present = 0;
  const first = from / UNIT_BYTES;
  const units = Math.ceil(to / UNIT_BYTES) - first;
  for (let i = first; i < first + units; i++) present += datagram.hasUnit[i];
  if (present === 0) return OVERLAP_NONE;
  return present === units ? OVERLAP_DUPLICATE : OVERLAP_PARTIAL;
}

function store(datagram: Datagram, packet: FragmentCursor, from: number, to: number): void {
  const captured = packet.end - packet.at;
  datagram.buffer.set(packet.data.subarray(packet.at, packet.end), from);
  if (from + captured < to && from + captured < datagram.capturedEnd) datagram.capturedEnd = from + captured;
  const endUnit = Math.ceil(to / UNIT_BYTES);
  for (let i = from / UNIT_BYTES; i < endUnit; i++) datagram.hasUnit[i] = 1;
  datagram.units += endUnit - from / UNIT_BYTES;
  if (to > datagram.highest) datagram.highest = to;
  // The protocol of an IPv6 datagram is what its first fragment says (RFC 8200 §4.5).
  if (from === 0) datagram.protocol = packet.protocol;
}

function hasAddresses(datagram: Datagram, facts: Facts): boolean {
  for (let i = 0; i < ADDRESS_WORDS; i++) {
    if (datagram.addresses[i] !== facts[SRC0 + i]) return false;
  }
  return true;
}
