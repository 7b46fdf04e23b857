/**
 * Which packets of the flows of one connection are one packet on its way: those of one journey. Where segments differ, all that carry the
 * same bytes are of one.
 *
 * Invariant: a packet is of one journey; neighbouring vantages decide, and those farther apart are asked only about packets that
 * nothing between them has.
 */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import type { JoinView } from './join-view.ts';

/** A flow with those of its packets that are looked at, ascending. */
export interface JourneyPart {
  readonly flow: FlowRecord;
  readonly packets: Uint32Array;
}

export interface PartJourneys {
  /** For each packet the number of its journey. */
  readonly journeys: Uint32Array;
  /** CHANGED bits against the vantage before that has it. */
  readonly changes: Uint16Array;
}

/** Index of a number among ascending ones, −1 where it is not there. */
export function indexOfPacket(packets: Uint32Array, packet: number): number {
  let low = 0;
  let high = packets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (packets[middle] < packet) low = middle + 1;
    else high = middle;
  }
  return packets[low] === packet ? low : -1;
}

/** @param parts in their order along the path */
export function journeysOf(join: JoinView, parts: readonly JourneyPart[]): PartJourneys[] {
  const starts = startsOf(parts);
  const journeys = new Journeys(starts[parts.length], parts.length);
  for (const [part, from] of starts.slice(0, -1).entries()) journeys.enter(part, from, starts[part + 1]);
  for (let distance = 1; distance < parts.length; distance++) {
    for (let first = 0; first + distance < parts.length; first++) {
      link(join, parts, starts, journeys, first, first + distance);
    }
  }
  return parts.map(({ packets }, part) => {
    const numbers = Uint32Array.from(packets, (_, i) => journeys.of(starts[part] + i));
    return { journeys: numbers, changes: changesOf(join, parts, starts, journeys, part) };
  });
}

function startsOf(parts: readonly JourneyPart[]): number[] {
  const starts = [0];
  for (const { packets } of parts) starts.push(starts[starts.length - 1] + packets.length);
  return starts;
}

/** Sets of packets that grow together (union by find). */
class Journeys {
  readonly #parent: Uint32Array;
  /** By set: a packet of each part, + 1; 0 for none. */
  readonly #members: Uint32Array;
  readonly #parts: number;

  constructor(count: number, parts: number) {
    this.#parent = Uint32Array.from({ length: count }, (_, i) => i);
    this.#members = new Uint32Array(count * parts);
    this.#parts = parts;
  }

  enter(part: number, from: number, below: number): void {
    for (let one = from; one < below; one++) this.#members[one * this.#parts + part] = one + 1;
  }

  of(one: number): number {
    let root = one;
    while (this.#parent[root] !== root) root = this.#parent[root];
    for (let at = one; this.#parent[at] !== root;) {
      const next = this.#parent[at];
      this.#parent[at] = root;
      at = next;
    }
    return root;
  }

  /** A packet of its journey in that part, the first one; −1 for none. */
  member(one: number, part: number): number {
    return this.#members[this.of(one) * this.#parts + part] - 1;
  }

  join(one: number, other: number): void {
    const [low, high] = [this.of(one), this.of(other)].sort((a, b) => a - b);
    if (low === high) return;
    this.#parent[high] = low;
    for (let part = 0; part < this.#parts; part++) {
      const here = low * this.#parts + part;
      const there = this.#members[high * this.#parts + part];
      if (there !== 0 && (this.#members[here] === 0 || there < this.#members[here]))
        this.#members[here] = there;
    }
  }
}

function link(
  join: JoinView,
  parts: readonly JourneyPart[],
  starts: readonly number[],
  journeys: Journeys,
  first: number,
  second: number,
): void {
  const match = join.match(parts[first].flow, parts[second].flow);
  const isFar = second - first > 1;
  const enter = (our: number, their: number): void => {
    const here = indexOfPacket(parts[first].packets, our);
    const there = indexOfPacket(parts[second].packets, their);
    if (here < 0 || there < 0) return;
    const [one, other] = [starts[first] + here, starts[second] + there];
    const isKnown = isFar && (journeys.member(one, second) >= 0 || journeys.member(other, first) >= 0);
    if (!isKnown) journeys.join(one, other);
  };
  match.ofOurs.forEach((other, at) => {
    if (other >= 0) enter(match.ours[at], match.theirs[other]);
  });
  match.ofTheirs.forEach((other, at) => {
    if (other >= 0) enter(match.ours[other], match.theirs[at]);
  });
}

function changesOf(
  join: JoinView,
  parts: readonly JourneyPart[],
  starts: readonly number[],
  journeys: Journeys,
  part: number,
): Uint16Array {
  const { flow, packets } = parts[part];
  return Uint16Array.from(packets, (packet, i) => {
    for (let before = part - 1; before >= 0; before--) {
      const member = journeys.member(starts[part] + i, before);
      if (member < 0) continue;
      const other = parts[before];
      const counterpart = other.packets[member - starts[before]] as PacketNumber;
      return join.changes(other.flow, flow, counterpart, packet as PacketNumber);
    }
    return 0;
  });
}
