/**
 * The resets of one connection as events: each is one reset, at however many vantages it was captured.
 *
 * Invariants
 * - Each record of the log belongs to one event; that of the vantage nearest to the claimed sender is its primary one.
 * - A record that stands for several resets, or for second captures of one, is never torn: it belongs where any of them does.
 */
import { seqAdd } from '../../../shared/base/seq.ts';
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { MATCH_CLASSES } from '../../../shared/model/join.ts';
import { TCP_ACK, TCP_RST } from '../decode/facts.ts';
import { LAST_RESET, TIMELINE } from '../flow/record.ts';
import { RST_PREVIOUS_RESET } from '../store/reset-log.ts';
import { absenceOf, type LookAlike } from './absences.ts';
import { type ConnectionFlow, type EventSource, clockErrorBetween } from './event-source.ts';
import type { Absence, PacketMatch, ResetEvent, Sighting } from './join-view.ts';
import type { JoinStores } from './stores.ts';

/** Records that the second capture of a reset may lie behind the first. */
const COPY_LOOK_BACK = 8;
/** A reset that was changed on its way is captured on both sides of that within this and what the clocks leave open. */
const CHANGED_WITHIN_NS = 1_000_000_000;
/** A device resets both ends of a connection within this and what the clocks leave open. */
const ONE_ACT_NS = 200_000_000;

/** A reset as it was captured at one vantage: its record, or those of it and its second captures. */
interface Seen {
  readonly at: ConnectionFlow;
  readonly record: number;
}

/** What is gathered of one event, in the order of the path from the claimed sender. */
interface Gathered {
  readonly sightings: Seen[];
  readonly records: number[];
}

/** @param path flows of one connection that hold the same packets, in their order from the client; not those of a proxy's other side */
export function eventsOf(source: EventSource, path: readonly ConnectionFlow[]): ResetEvent[] {
  const events: (ResetEvent & { readonly direction: 0 | 1 })[] = [];
  for (const direction of [0, 1] as const) {
    const fromSender = direction === 0 ? path : [...path].reverse();
    const gathered = new Gathering(source, fromSender, direction);
    for (const event of gathered.events) events.push({ ...gathered.told(event), direction });
  }
  return withMirrors(source, events);
}

/** The resets of one direction. */
class Gathering {
  readonly events: Gathered[] = [];
  readonly #source: EventSource;
  readonly #stores: JoinStores;
  readonly #fromSender: readonly ConnectionFlow[];
  /** As the flow that was asked about has it. */
  readonly #direction: 0 | 1;
  readonly #recordsOf = new Map<FlowRecord, readonly number[]>();
  readonly #ofPacket = new Map<number, Gathered>();
  readonly #ofRecord = new Map<number, Gathered>();
  readonly #matches = new Map<string, PacketMatch>();
  readonly #routers = new Map<string, number | null>();

  constructor(source: EventSource, fromSender: readonly ConnectionFlow[], direction: 0 | 1) {
    this.#source = source;
    this.#stores = source.stores;
    this.#fromSender = fromSender;
    this.#direction = direction;
    for (const at of fromSender) this.#recordsOf.set(at.flow, this.#readRecords(at));
    fromSender.forEach((at, place) => {
      this.#take(at, fromSender.slice(0, place).reverse());
    });
  }

  /** @param nearer flows between this one and the claimed sender, the next one first */
  #take(at: ConnectionFlow, nearer: readonly ConnectionFlow[]): void {
    for (const record of this.#records(at)) {
      const known =
        firstDefined(nearer, (other) => this.#matched(at, record, other)) ??
        this.#original(record) ??
        firstDefined(nearer, (other) => this.#changed(at, record, other));
      const event = known ?? { sightings: [], records: [] };
      if (known === undefined) this.events.push(event);
      event.records.push(record);
      this.#ofRecord.set(record, event);
      for (const packet of this.#stores.resets.packets(record)) this.#ofPacket.set(packet, event);
      if (!event.sightings.some((seen) => seen.at === at)) event.sightings.push({ at, record });
    }
  }

  #ownDirection({ isSwapped }: ConnectionFlow): 0 | 1 {
    return isSwapped ? ((1 - this.#direction) as 0 | 1) : this.#direction;
  }

  /** Records of this direction, oldest first. */
  #readRecords(at: ConnectionFlow): number[] {
    const { flows, resets } = this.#stores;
    const own = this.#ownDirection(at);
    const found: number[] = [];
    let id = flows.word(at.flow, LAST_RESET);
    for (; id >= resets.first; id = resets.get(id, RST_PREVIOUS_RESET))
      if (resets.direction(id) === own) found.push(id);
    return found.reverse();
  }

  #records({ flow }: ConnectionFlow): readonly number[] {
    return this.#recordsOf.get(flow) ?? [];
  }

  /** The event of a record at another vantage that holds the same packet as one of this record's. */
  #matched(at: ConnectionFlow, record: number, other: ConnectionFlow): Gathered | undefined {
    for (const packet of this.#stores.resets.packets(record)) {
      const theirs = this.#counterpart(at, other, packet as PacketNumber);
      const event = theirs === undefined ? undefined : this.#ofPacket.get(theirs);
      if (event !== undefined) return event;
    }
    return undefined;
  }

  /** The event of the reset that this one is only a second capture of. */
  #original(record: number): Gathered | undefined {
    const { resets, packets } = this.#stores;
    if (resets.times(record) > 0) return undefined;
    const seq = packets.seq(resets.packet(record));
    let id = resets.get(record, RST_PREVIOUS_RESET);
    for (let back = 0; back < COPY_LOOK_BACK && id >= resets.first; back++) {
      if (resets.direction(id) === resets.direction(record) && packets.seq(resets.packet(id)) === seq)
        return this.#ofRecord.get(id);
      id = resets.get(id, RST_PREVIOUS_RESET);
    }
    return undefined;
  }

  /** The event of a reset with the same number that is nowhere else: the same one, with other fields changed on its way. */
  #changed(at: ConnectionFlow, record: number, other: ConnectionFlow): Gathered | undefined {
    const { packets, resets } = this.#stores;
    const shift = at.seqShift[this.#direction] - other.seqShift[this.#direction];
    const isSame = (id: number): boolean =>
      seqAdd(packets.seq(resets.packet(id)), shift) === packets.seq(resets.packet(record)) &&
      this.#fitsTtl(other, resets.packet(id), at, resets.packet(record));
    const found = this.#unmatched(other, at, record).find(isSame);
    return found === undefined ? undefined : this.#ofRecord.get(found);
  }

  /** Records of one vantage that have no counterpart at another, from about the time of a record there. */
  #unmatched(at: ConnectionFlow, there: ConnectionFlow, record: number): number[] {
    const { resets } = this.#stores;
    const records = this.#records(at);
    if (records.length === 0) return [];
    return records.filter(
      (id) =>
        this.#isNear(at.vantage, resets.packet(id), there.vantage, resets.packet(record)) &&
        resets
          .packets(id)
          .every((packet) => this.#counterpart(at, there, packet as PacketNumber) === undefined),
    );
  }

  #isNear(a: number, packetA: PacketNumber, b: number, packetB: PacketNumber): boolean {
    const source = this.#source;
    const { packets } = this.#stores;
    const apart = source.corrected(a, packets.time(packetA)) - source.corrected(b, packets.time(packetB));
    return Math.abs(apart) <= CHANGED_WITHIN_NS + clockErrorBetween(source, a, b);
  }

  #counterpart(ours: ConnectionFlow, theirs: ConnectionFlow, packet: PacketNumber): PacketNumber | undefined {
    const match = this.#match(ours, theirs);
    const at = indexIn(match.ours, packet);
    const other = at < 0 ? -1 : match.ofOurs[at];
    if (other < 0) return undefined;
    const found = match.theirs[other] as PacketNumber;
    return this.#fitsTtl(ours, packet, theirs, found) ? found : undefined;
  }

  #match(ours: ConnectionFlow, theirs: ConnectionFlow): PacketMatch {
    const key = `${ours.flow} ${theirs.flow}`;
    let match = this.#matches.get(key);
    if (match === undefined) this.#matches.set(key, (match = this.#source.match(ours.flow, theirs.flow)));
    return match;
  }

  told({ sightings, records }: Gathered): ResetEvent {
    const { resets, packets } = this.#stores;
    const [nearest] = sightings;
    const packet = resets.packet(nearest.record);
    const seen = {
      ...{ at: nearest.at, packet, timeNs: packets.time(packet) },
      direction: this.#ownDirection(nearest.at),
    };
    const absences: Absence[] = [];
    for (const there of this.#fromSender) {
      if (sightings.some(({ at }) => at === there)) continue;
      const match = this.#match(nearest.at, there);
      const lookAlike = this.#lookAlike(there, nearest);
      absences.push(absenceOf(this.#source, seen, there, match, this.#lies(there, sightings), lookAlike));
    }
    const proof = absences.findLast(({ lies, doubt }) => lies === 'before' && doubt === null);
    return {
      primary: nearest.record,
      records,
      sightings: sightings.map(({ at, record }): Sighting => {
        return { vantage: at.vantage, flow: at.flow, reset: record, packet: resets.packet(record) };
      }),
      absences,
      born: proof === undefined ? null : [proof.vantage, nearest.at.vantage],
      class: weakest(this.#fromSender),
      sameActAs: null,
    };
  }

  /** A reset that was captured at a vantage and may be the one that is absent there. */
  #lookAlike(there: ConnectionFlow, { at, record }: Seen): LookAlike {
    const { packets, resets } = this.#stores;
    const shape = (id: number): number => packets.flags(resets.packet(id)) & (TCP_RST | TCP_ACK);
    const isAlike = (id: number): boolean =>
      shape(id) === shape(record) && this.#fitsTtl(there, resets.packet(id), at, resets.packet(record));
    if (this.#unmatched(there, at, record).some(isAlike)) return 'changed';
    const shift = there.seqShift[this.#direction] - at.seqShift[this.#direction];
    const seq = seqAdd(packets.seq(resets.packet(record)), shift);
    // What a translator failed to change has its own flow there; a number of 0 is that of all answers to a SYN.
    const isElsewhere = (id: number): boolean =>
      seq !== 0 &&
      resets.flow(id) !== there.flow &&
      this.#stores.flows.word(resets.flow(id), TIMELINE) === there.vantage &&
      this.#isNear(there.vantage, resets.packet(id), at.vantage, resets.packet(record));
    return this.#source.withSeq(seq).some(isElsewhere) ? 'other-flow' : 'none';
  }

  #lies(there: ConnectionFlow, sightings: readonly Seen[]): Absence['lies'] {
    const sides = sightings.map(({ at }) => {
      const order = this.#source.order(there.flow, at.flow);
      const fromSender = this.#direction === 0 ? order : -order;
      // TTLs of this very connection outrule what holds for most of them.
      return (this.#routersTo(there, at) ?? 0) * fromSender > 0 ? 0 : fromSender;
    });
    if (sides.every((one) => one < 0)) return 'before';
    return sides.every((one) => one > 0) ? 'beyond' : 'unknown';
  }

  /**
   * Whether two resets lost as much of their TTL between two vantages as the other packets of their direction did: a device that sends a reset
   * of its own in place of one that it stops may give it the same numbers, and hardly the TTL that it would have there.
   */
  #fitsTtl(from: ConnectionFlow, packet: PacketNumber, to: ConnectionFlow, other: PacketNumber): boolean {
    const routers = this.#routersTo(from, to);
    const { packets } = this.#stores;
    return routers === null || packets.ttl(packet) - packets.ttl(other) === routers;
  }

  /** Routers that the claimed sender's packets pass from one vantage to the other, where all of them tell the same; else null. */
  #routersTo(from: ConnectionFlow, to: ConnectionFlow): number | null {
    const key = `${from.flow} ${to.flow}`;
    let routers = this.#routers.get(key);
    if (routers === undefined) this.#routers.set(key, (routers = this.#countRouters(from, to)));
    return routers;
  }

  #countRouters(from: ConnectionFlow, to: ConnectionFlow): number | null {
    const { packets } = this.#stores;
    const { ours, theirs, ofOurs } = this.#match(from, to);
    const own = this.#ownDirection(from);
    let least = Infinity;
    let most = -Infinity;
    for (let at = 0; at < ours.length; at++) {
      const packet = ours[at] as PacketNumber;
      const isReset = (packets.flags(packet) & TCP_RST) !== 0;
      if (ofOurs[at] < 0 || isReset || packets.direction(packet) !== own) continue;
      const lost = packets.ttl(packet) - packets.ttl(theirs[ofOurs[at]] as PacketNumber);
      least = Math.min(least, lost);
      most = Math.max(most, lost);
    }
    return least === most ? least : null;
  }
}

/** Resets to both ends of a connection, made by one device in one act: each is seen on its way to its end, and at neither claimed sender. */
function withMirrors(
  source: EventSource,
  events: readonly (ResetEvent & { readonly direction: 0 | 1 })[],
): ResetEvent[] {
  const { packets } = source.stores;
  const mirrors = new Map<number, number>();
  for (const one of events) {
    if (one.direction !== 0 || one.born === null) continue;
    const [own] = one.sightings;
    let best = Infinity;
    let mirror: ResetEvent | undefined;
    for (const other of events) {
      if (other.direction !== 1 || other.born === null || mirrors.has(other.primary)) continue;
      const [seen] = other.sightings;
      const apart = Math.abs(
        source.corrected(own.vantage, packets.time(own.packet)) -
          source.corrected(seen.vantage, packets.time(seen.packet)),
      );
      const within = ONE_ACT_NS + clockErrorBetween(source, own.vantage, seen.vantage);
      if (apart > within || apart >= best) continue;
      best = apart;
      mirror = other;
    }
    if (mirror === undefined) continue;
    mirrors.set(one.primary, mirror.primary);
    mirrors.set(mirror.primary, one.primary);
  }
  return events.map(({ direction: _, ...event }) => ({
    ...event,
    sameActAs: mirrors.get(event.primary) ?? null,
  }));
}

function weakest(path: readonly ConnectionFlow[]): ResetEvent['class'] {
  return MATCH_CLASSES[Math.max(...path.map((at) => MATCH_CLASSES.indexOf(at.class)))];
}

function firstDefined<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Place of a packet among ascending ones; −1 where it is not among them. */
function indexIn(packets: Uint32Array, packet: PacketNumber): number {
  let low = 0;
  let high = packets.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (packets[middle] < packet) low = middle + 1;
    else high = middle;
  }
  return packets[low] === packet ? low : -1;
}
