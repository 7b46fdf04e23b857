/**
 * Whether resets of one direction of one connection, captured at two vantages, can be one reset on its way.
 *
 * Invariant: what says that two are one, or that they are not, holds whichever clock is wrong by what the clocks leave open.
 */
import { seqAdd } from '../../../shared/base/seq.ts';
import type { PacketNumber } from '../../../shared/base/units.ts';
import { TCP_ACK, TCP_RST } from '../decode/facts.ts';
import { MARK_DUPLICATE_CAPTURE } from '../flow/marks.ts';
import { type ConnectionFlow, type EventSource, gapBetween } from './event-source.ts';
import type { PacketMatch } from './join-view.ts';
import { indexOfPacket } from './journeys.ts';

/** What network and queues take between two captures of one packet, at most. */
const LONGEST_TRANSIT_NS = 1_000_000_000;

/** A reset at one vantage; several of them where times from … to are apart. */
export interface CapturedReset {
  readonly at: ConnectionFlow;
  readonly packet: PacketNumber;
  readonly fromNs: number;
  readonly toNs: number;
}

export class Likeness {
  readonly #source: EventSource;
  /** As the flow that was asked about has it. */
  readonly #direction: 0 | 1;
  readonly #matches = new Map<string, PacketMatch>();
  readonly #routers = new Map<string, number | null>();

  constructor(source: EventSource, direction: 0 | 1) {
    this.#source = source;
    this.#direction = direction;
  }

  match(ours: ConnectionFlow, theirs: ConnectionFlow): PacketMatch {
    const key = `${ours.flow} ${theirs.flow}`;
    let match = this.#matches.get(key);
    if (match === undefined) this.#matches.set(key, (match = this.#source.match(ours.flow, theirs.flow)));
    return match;
  }

  directionAt({ isSwapped }: ConnectionFlow): 0 | 1 {
    return isSwapped ? ((1 - this.#direction) as 0 | 1) : this.#direction;
  }

  /** Negative where `a` is nearer to the claimed sender than `b`, 0 where nothing tells. */
  order(a: ConnectionFlow, b: ConnectionFlow): number {
    const ofClient = this.#source.order(a.flow, b.flow) * (this.directionAt(a) === 0 ? 1 : -1);
    // TTLs of this very connection outrule what holds for most of them.
    return (this.#routersTo(a, b) ?? 0) * ofClient > 0 ? 0 : ofClient;
  }

  /** The reset's own fields, which nothing on a path changes but by what it adds to all numbers. */
  isIdentical(one: CapturedReset, other: CapturedReset): boolean {
    const { packets } = this.#source.stores;
    const own = this.#direction;
    return (
      this.hasSameFlags(one.packet, other.packet) &&
      this.#numberAt(one, packets.seq(one.packet), own) ===
        this.#numberAt(other, packets.seq(other.packet), own) &&
      ((packets.flags(one.packet) & TCP_ACK) === 0 ||
        this.#numberAt(one, packets.ack(one.packet), (1 - own) as 0 | 1) ===
          this.#numberAt(other, packets.ack(other.packet), (1 - own) as 0 | 1))
    );
  }

  hasSameFlags(one: PacketNumber, other: PacketNumber): boolean {
    const { packets } = this.#source.stores;
    return ((packets.flags(one) ^ packets.flags(other)) & (TCP_RST | TCP_ACK)) === 0;
  }

  /** As the flow that was asked about has it. */
  #numberAt({ at }: CapturedReset, number: number, side: 0 | 1): number {
    return seqAdd(number, -at.seqShift[side]);
  }

  /** Nothing comes to a vantage before it has passed those nearer to its sender, nor long after. */
  fitsTime(one: CapturedReset, other: CapturedReset): boolean {
    const order = this.order(one.at, other.at);
    const [from, to] = order > 0 ? [other, one] : [one, other];
    const earliest = gapBetween(
      this.#source,
      { vantage: from.at.vantage, timeNs: from.toNs },
      { vantage: to.at.vantage, timeNs: to.fromNs },
    );
    const latest = gapBetween(
      this.#source,
      { vantage: from.at.vantage, timeNs: from.fromNs },
      { vantage: to.at.vantage, timeNs: to.toNs },
    );
    return earliest.leastNs <= LONGEST_TRANSIT_NS && latest.mostNs >= (order === 0 ? -LONGEST_TRANSIT_NS : 0);
  }

  /**
   * Whether two resets lost as much of their TTL between two vantages as the other packets of their direction did: a device that sends a reset
   * of its own in place of one that it stops may give it the same numbers, and hardly the TTL that it would have there. A second capture
   * of the packet is of one router later.
   */
  fitsTtl(one: CapturedReset, other: CapturedReset): boolean {
    const routers = this.#routersTo(one.at, other.at);
    const { packets } = this.#source.stores;
    return (
      routers === null ||
      ((packets.marks(one.packet) | packets.marks(other.packet)) & MARK_DUPLICATE_CAPTURE) !== 0 ||
      packets.ttl(one.packet) - packets.ttl(other.packet) === routers
    );
  }

  /** Routers that the claimed sender's packets pass from one vantage to the other, where all of them tell the same; else null. */
  #routersTo(from: ConnectionFlow, to: ConnectionFlow): number | null {
    const key = `${from.flow} ${to.flow}`;
    let routers = this.#routers.get(key);
    if (routers === undefined) this.#routers.set(key, (routers = this.#countRouters(from, to)));
    return routers;
  }

  #countRouters(from: ConnectionFlow, to: ConnectionFlow): number | null {
    const { packets } = this.#source.stores;
    const { ours, theirs, ofOurs } = this.match(from, to);
    const own = this.directionAt(from);
    let least = Infinity;
    let most = -Infinity;
    for (let at = 0; at < ours.length; at++) {
      const packet = ours[at] as PacketNumber;
      const isReset = (packets.flags(packet) & TCP_RST) !== 0;
      if (ofOurs[at] < 0 || isReset || packets.direction(packet) !== own) continue;
      const other = theirs[ofOurs[at]] as PacketNumber;
      if (((packets.marks(packet) | packets.marks(other)) & MARK_DUPLICATE_CAPTURE) !== 0) continue;
      const lost = packets.ttl(packet) - packets.ttl(other);
      least = Math.min(least, lost);
      most = Math.max(most, lost);
    }
    return least === most ? least : null;
  }
}

/** The packet's counterpart in a match; undefined for none. */
export function counterpartOf(
  { ours, theirs, ofOurs }: PacketMatch,
  packet: PacketNumber,
): PacketNumber | undefined {
  const at = indexOfPacket(ours, packet);
  const other = at < 0 ? -1 : ofOurs[at];
  return other < 0 ? undefined : (theirs[other] as PacketNumber);
}
