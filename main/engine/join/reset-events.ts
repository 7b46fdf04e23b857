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
import { LAST_RESET } from '../flow/record.ts';
import { RST_PREVIOUS_RESET } from '../store/reset-log.ts';
import { absenceOf, type LookAlike } from './absences.ts';
import { type ConnectionFlow, type EventSource, type Moment, mayBeWithin } from './event-source.ts';
import type { Absence, ResetEvent, Sighting } from './join-view.ts';
import { type CapturedReset, counterpartOf, Likeness } from './likeness.ts';
import type { JoinStores } from './stores.ts';

/** Records that the second capture of a reset may lie behind the first. */
const COPY_LOOK_BACK = 8;
/** A reset with the same number in a flow of other addresses is the same one within this and what the clocks leave open. */
const TRANSLATED_WITHIN_NS = 1_000_000_000;
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

/** What resets with which a reset may be mixed up say of its absence at a vantage. */
interface Alike {
  readonly lookAlike: LookAlike;
  /** See `Absence.isSingular`. */
  readonly isSingular: boolean;
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
  readonly #unmatched = new Map<string, boolean>();
  readonly #likeness: Likeness;

  constructor(source: EventSource, fromSender: readonly ConnectionFlow[], direction: 0 | 1) {
    this.#source = source;
    this.#stores = source.stores;
    this.#fromSender = fromSender;
    this.#direction = direction;
    this.#likeness = new Likeness(source, direction);
    for (const at of fromSender) this.#recordsOf.set(at.flow, this.#readRecords(at));
    fromSender.forEach((at, place) => {
      this.#take(at, fromSender.slice(0, place).reverse());
    });
  }

  /** @param nearer flows between this one and the claimed sender, the next one first */
  #take(at: ConnectionFlow, nearer: readonly ConnectionFlow[]): void {
    for (const record of this.#records(at)) {
      const [known, ...others] = this.#known(at, record, nearer);
      const event = known ?? { sightings: [], records: [] };
      if (known === undefined) this.events.push(event);
      for (const other of others) this.#unite(event, other);
      event.records.push(record);
      this.#ofRecord.set(record, event);
      for (const packet of this.#stores.resets.packets(record)) this.#ofPacket.set(packet, event);
      addSighting(this.#stores, event, { at, record });
    }
  }

  /** The events that a record is of: several, where it stands for many resets that have records of their own elsewhere. */
  #known(at: ConnectionFlow, record: number, nearer: readonly ConnectionFlow[]): Gathered[] {
    const matched = new Set<Gathered>();
    for (const other of nearer) {
      this.#addMatched(at, record, other, matched);
      if (matched.size > 0) return [...matched];
    }
    const one =
      this.#original(record) ?? firstDefined(nearer, (other) => this.#unmatchedAlike(at, record, other));
    return one === undefined ? [] : [one];
  }

  #unite(event: Gathered, other: Gathered): void {
    this.events.splice(this.events.indexOf(other), 1);
    for (const record of other.records) {
      event.records.push(record);
      this.#ofRecord.set(record, event);
      for (const packet of this.#stores.resets.packets(record)) this.#ofPacket.set(packet, event);
    }
    for (const seen of other.sightings) addSighting(this.#stores, event, seen);
    const place = ({ at }: Seen): number => this.#fromSender.indexOf(at);
    event.sightings.sort((a, b) => place(a) - place(b));
  }

  /** Records of this direction, oldest first. */
  #readRecords(at: ConnectionFlow): number[] {
    const { flows, resets } = this.#stores;
    const own = this.#likeness.directionAt(at);
    const found: number[] = [];
    let id = flows.word(at.flow, LAST_RESET);
    for (; id >= resets.first; id = resets.get(id, RST_PREVIOUS_RESET))
      if (resets.direction(id) === own) found.push(id);
    return found.reverse();
  }

  #records({ flow }: ConnectionFlow): readonly number[] {
    return this.#recordsOf.get(flow) ?? [];
  }

  /** The events of records at another vantage that hold the same packets as this one. */
  #addMatched(at: ConnectionFlow, record: number, other: ConnectionFlow, into: Set<Gathered>): void {
    for (const packet of this.#stores.resets.packets(record)) {
      const theirs = this.#counterpart(at, other, packet as PacketNumber);
      const event = theirs === undefined ? undefined : this.#ofPacket.get(theirs);
      if (event !== undefined) into.add(event);
    }
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

  /** The event of a reset that says the same, and that is nowhere else: other fields were changed on its way. */
  #unmatchedAlike(at: ConnectionFlow, record: number, other: ConnectionFlow): Gathered | undefined {
    const own = this.#captured(at, record);
    const found = this.#records(other).find((id) => {
      const theirs = this.#captured(other, id);
      return (
        this.#likeness.isIdentical(own, theirs) &&
        this.#likeness.fitsTtl(theirs, own) &&
        this.#likeness.fitsTime(theirs, own) &&
        this.#isUnmatched(other, id, at)
      );
    });
    return found === undefined ? undefined : this.#ofRecord.get(found);
  }

  #captured(at: ConnectionFlow, record: number): CapturedReset {
    const { packets, resets } = this.#stores;
    const packet = resets.packet(record);
    return { at, packet, fromNs: packets.time(packet), toNs: resets.lastTime(record) };
  }

  /** Whether none of a record's resets has a counterpart at another vantage. */
  #isUnmatched(at: ConnectionFlow, record: number, there: ConnectionFlow): boolean {
    const key = `${record} ${there.flow}`;
    let isUnmatched = this.#unmatched.get(key);
    if (isUnmatched === undefined) {
      isUnmatched = this.#stores.resets
        .packets(record)
        .every((packet) => this.#counterpart(at, there, packet as PacketNumber) === undefined);
      this.#unmatched.set(key, isUnmatched);
    }
    return isUnmatched;
  }

  #counterpart(ours: ConnectionFlow, theirs: ConnectionFlow, packet: PacketNumber): PacketNumber | undefined {
    const found = counterpartOf(this.#likeness.match(ours, theirs), packet);
    if (found === undefined) return undefined;
    const likeness = this.#likeness;
    const one = this.#capturedPacket(ours, packet);
    const other = this.#capturedPacket(theirs, found);
    const isOne =
      likeness.hasSameFlags(packet, found) && likeness.fitsTtl(one, other) && likeness.fitsTime(one, other);
    return isOne ? found : undefined;
  }

  #capturedPacket(at: ConnectionFlow, packet: PacketNumber): CapturedReset {
    const timeNs = this.#stores.packets.time(packet);
    return { at, packet, fromNs: timeNs, toNs: timeNs };
  }

  told({ sightings, records }: Gathered): ResetEvent {
    const { resets, packets } = this.#stores;
    const [nearest] = sightings;
    const packet = resets.packet(nearest.record);
    const seen = {
      ...{ at: nearest.at, packet, timeNs: packets.time(packet) },
      direction: this.#likeness.directionAt(nearest.at),
    };
    const absences: Absence[] = [];
    for (const there of this.#fromSender) {
      if (sightings.some(({ at }) => at === there)) continue;
      const match = this.#likeness.match(nearest.at, there);
      const alike = this.#alikeAt(there, nearest);
      absences.push(absenceOf(this.#source, seen, there, match, this.#lies(there, sightings), alike));
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

  /** Resets that were captured at a vantage and may be the one that is absent there. */
  #alikeAt(there: ConnectionFlow, { at, record }: Seen): Alike {
    const likeness = this.#likeness;
    const own = this.#captured(at, record);
    let lookAlike: LookAlike = 'none';
    let alikeThere = 0;
    for (const id of this.#records(there)) {
      const theirs = this.#captured(there, id);
      const isIdentical = likeness.isIdentical(own, theirs);
      if (isIdentical) alikeThere += this.#stores.resets.times(id);
      if (lookAlike !== 'none' || !likeness.hasSameFlags(own.packet, theirs.packet)) continue;
      if (!likeness.fitsTtl(theirs, own)) continue;
      // Which of two that say the same is which, only time tells, if anything.
      const isFree = this.#isUnmatched(there, id, at);
      if (isIdentical && (isFree || likeness.fitsTime(theirs, own))) lookAlike = 'identical';
      else if (isFree && likeness.fitsTime(theirs, own)) lookAlike = 'changed';
    }
    if (lookAlike === 'none' && this.#isInOtherFlow(there, own)) lookAlike = 'other-flow';
    return { lookAlike, isSingular: alikeThere === 0 || this.#timesAlike(own) > alikeThere };
  }

  /** Resets that say the same where this one was captured. */
  #timesAlike(own: CapturedReset): number {
    let times = 0;
    for (const id of this.#records(own.at))
      if (this.#likeness.isIdentical(own, this.#captured(own.at, id))) times += this.#stores.resets.times(id);
    return times;
  }

  /** What a translator failed to change has its own flow there; a number of 0 is that of all answers to a SYN. */
  #isInOtherFlow(there: ConnectionFlow, { at, packet, fromNs }: CapturedReset): boolean {
    const { packets, resets, flows } = this.#stores;
    const shift = there.seqShift[this.#direction] - at.seqShift[this.#direction];
    const seq = seqAdd(packets.seq(packet), shift);
    if (seq === 0) return false;
    const own: Moment = { vantage: at.vantage, timeNs: fromNs };
    return this.#source.withSeq(seq).some((id) => {
      if (resets.flow(id) === there.flow || flows.timelineOf(resets.flow(id)) !== there.vantage) return false;
      const theirs = { vantage: there.vantage, timeNs: packets.time(resets.packet(id)) };
      return mayBeWithin(this.#source, own, theirs, TRANSLATED_WITHIN_NS);
    });
  }

  #lies(there: ConnectionFlow, sightings: readonly Seen[]): Absence['lies'] {
    const sides = sightings.map(({ at }) => this.#likeness.order(there, at));
    if (sides.every((one) => one < 0)) return 'before';
    return sides.every((one) => one > 0) ? 'beyond' : 'unknown';
  }
}

/** Of several records at one vantage that which stands for most resets is the sighting. */
function addSighting({ resets }: JoinStores, { sightings }: Gathered, seen: Seen): void {
  const at = sightings.findIndex((one) => one.at === seen.at);
  if (at < 0) sightings.push(seen);
  else if (resets.times(seen.record) > resets.times(sightings[at].record)) sightings[at] = seen;
}

/** Resets to both ends of a connection, made by one device in one act: each is seen on its way to its end, and at neither claimed sender. */
function withMirrors(
  source: EventSource,
  events: readonly (ResetEvent & { readonly direction: 0 | 1 })[],
): ResetEvent[] {
  const { packets } = source.stores;
  const mirrors = new Map<number, number>();
  for (const event of events) {
    if (event.direction !== 0 || event.born === null) continue;
    const [own] = event.sightings;
    let best = Infinity;
    let mirror: ResetEvent | undefined;
    for (const other of events) {
      if (other.direction !== 1 || other.born === null || mirrors.has(other.primary)) continue;
      const [seen] = other.sightings;
      const [one, two] = [own, seen].map(({ vantage, packet }): Moment => {
        return { vantage, timeNs: packets.time(packet) };
      });
      const apart = Math.abs(
        source.corrected(one.vantage, one.timeNs) - source.corrected(two.vantage, two.timeNs),
      );
      if (apart >= best || !mayBeWithin(source, one, two, ONE_ACT_NS)) continue;
      best = apart;
      mirror = other;
    }
    if (mirror === undefined) continue;
    mirrors.set(event.primary, mirror.primary);
    mirrors.set(mirror.primary, event.primary);
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
