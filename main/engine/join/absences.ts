/**
 * What the absence of a reset at a vantage is worth.
 *
 * Where the vantage lies between the claimed sender and the place at which the reset was seen, a genuine one had to pass it: what was
 * lost on the network between the two is of no account, for this packet arrived. Only three things explain the absence then: the
 * capture did not run at that time, packets of this direction take another way, or the capture missed this one.
 */
import { isAcrossProxy } from '../../../shared/model/join.ts';
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { plural } from '../../../shared/format/count.ts';
import { durationText } from '../../../shared/format/duration.ts';
import { TCP_RST } from '../decode/facts.ts';
import { MARK_DUPLICATE_CAPTURE, MARK_ICMP } from '../flow/marks.ts';
import { FIRST_PACKET, FIRST_TIME, LAST_TIME, SEEN, SEEN_ANY, PACKETS } from '../flow/record.ts';
import { LIMITS } from '../limits.ts';
import { NO_FLOW } from '../store/packet-index.ts';
import { type ConnectionFlow, type EventSource, type Gap, type Moment, gapBetween } from './event-source.ts';
import type { Absence, PacketMatch } from './join-view.ts';
import { indexOfPacket } from './journeys.ts';
import { lossBound } from './loss-bound.ts';
import { hasPeer } from './same-hosts.ts';
import { takenOver, type VantagePackets } from './taken-over.ts';

/** Other connections of the same two hosts show the way that packets take for so long. */
const SAME_WAY_NS = 60_000_000_000;

/** The reset where it was seen: the sighting nearest to its claimed sender. */
export interface SeenReset {
  readonly at: ConnectionFlow;
  readonly packet: PacketNumber;
  readonly timeNs: number;
  /** Whose address it carries, in the flow where it was seen. */
  readonly direction: 0 | 1;
}

/**
 * A reset there that may be the absent one: one that says the same, and which of such it is the clocks leave open; one of the same shape, with
 * other numbers, in the same connection and nowhere else; or with the same number in a flow of other addresses or ports, as a translator leaves that does not know it.
 */
export type LookAlike = 'none' | 'identical' | 'changed' | 'other-flow';

const LOOK_ALIKES: Readonly<Record<LookAlike, string | null>> = {
  none: null,
  identical: 'resets that say the same were captured there, and nothing tells for sure which of them this is',
  changed: 'another reset was captured there that may be the same one, changed on its way',
  'other-flow':
    'a reset with this number was captured there under other addresses or ports: it may be the same one',
};

/** So many packets of one way, none of them missed, leave at most 1 in 100 whatever was believed before: 3 / n, of 95 %. */
const ENOUGH_OF_ONE_WAY = 300;

/** @param match packets where it was seen, and at the vantage @param alike resets that were captured there */
export function absenceOf(
  source: EventSource,
  seen: SeenReset,
  there: ConnectionFlow,
  match: PacketMatch,
  lies: Absence['lies'],
  { lookAlike, isSingular }: { readonly lookAlike: LookAlike; readonly isSingular: boolean },
): Absence {
  const way =
    lies === 'before'
      ? source.passage(there.vantage, seen.at.vantage)
      : source.passage(seen.at.vantage, there.vantage);
  const missed = lies === 'before' ? way.onlyTo : way.onlyFrom;
  const passed = way.both + missed;
  const back = source.passage(seen.at.vantage, there.vantage);
  const ofBoth =
    lies === 'before' && passed < ENOUGH_OF_ONE_WAY
      ? lossBound(passed + back.both + back.onlyFrom, missed + back.onlyFrom)
      : lossBound(passed, missed);
  const { packets, dropped } = source.watch(there.vantage);
  const byDrops = dropped > 0 ? lossBound(packets + dropped, dropped) : 0;
  const told = toldByFlow(source, seen, match);
  const neighbours = lies === 'before' ? neighboursOf(source, seen, there) : NO_NEIGHBOURS;
  const watching = isWatching(source, seen, there, told, neighbours);
  const isSameWay = wayDoubt(source, seen, there, told);
  const isProbable = there.class === 'probable' || seen.at.class === 'probable';
  const doubt =
    lies === 'unknown'
      ? 'nothing tells on which side of where it was seen this capture was made'
      : (watching.doubt ??
        isSameWay ??
        missDoubt(told, neighbours) ??
        LOOK_ALIKES[lookAlike] ??
        (isProbable ? 'it is not certain that both captures hold the same connection' : null));
  return {
    ...{ vantage: there.vantage, flow: there.flow, lies },
    ...{ missedAround: neighbours.missed, missedHere: told.missed },
    ...{ lossBound: Math.max(lossBound(passed, missed), byDrops), passed, missed },
    lossBoundOfBoth: Math.max(ofBoth, byDrops),
    ...{ isWatching: watching.doubt === null, doubt, isSingular },
    isPlace:
      lies === 'before' && !watching.isOff && isSameWay === null && lookAlike === 'none' && !isProbable,
  };
}

/** What the other packets of the flow say of that vantage. */
interface ToldByFlow {
  /** Packets of the claimed sender's direction where the reset was seen, and those of them that the vantage does not have. */
  readonly passed: number;
  readonly missed: number;
  /** The missed ones are the last of their direction that were captured before the reset: the vantage has none that came later. */
  readonly isAtEnd: boolean;
  /** Packets of that direction that only the vantage has: it goes on taking them, though they do not come through. */
  readonly onlyThere: number;
  /** Some packet of either direction passed both after the reset, and some before. */
  readonly isAfter: boolean;
  readonly isBefore: boolean;
  /** Packets of either direction between the last that passed both before the reset, and the reset. */
  readonly sinceBoth: number;
}

function toldByFlow({ stores }: EventSource, seen: SeenReset, match: PacketMatch): ToldByFlow {
  const { packets } = stores;
  const { ours, ofOurs, theirs, ofTheirs } = match;
  let passed = 0;
  let missed = 0;
  let isAtEnd = true;
  let last = -1;
  let isAfter = false;
  let isBefore = false;
  let sinceBoth = 0;
  for (let at = 0; at < ours.length; at++) {
    const packet = ours[at] as PacketNumber;
    if (!isCounted(packets, packet)) continue;
    const isThere = ofOurs[at] >= 0;
    if (isThere) {
      if (packet > seen.packet) isAfter = true;
      else isBefore = true;
    }
    if (packet < seen.packet) sinceBoth = isThere ? 0 : sinceBoth + 1;
    if (packets.direction(packet) !== seen.direction) continue;
    passed++;
    if (!isThere) missed++;
    else last = ofOurs[at];
    if (isThere && missed > 0) isAtEnd = false;
  }
  const direction = last < 0 ? -1 : packets.direction(theirs[last] as PacketNumber);
  let onlyThere = 0;
  for (let at = last + 1; at < theirs.length; at++) {
    const packet = theirs[at] as PacketNumber;
    if (ofTheirs[at] < 0 && packets.direction(packet) === direction && isCounted(packets, packet))
      onlyThere++;
  }
  return { passed, missed, isAtEnd, onlyThere, isAfter, isBefore, sinceBoth };
}

/** Whether a capture ran at that moment. */
interface Watching {
  /** Null where it did, for certain. */
  readonly doubt: string | null;
  /** It did not, for certain or by all that there is to see. */
  readonly isOff: boolean;
}

/** That a capture was stopped by chance within so short a time before the reset is not to be thought of. */
const BY_CHANCE_NS = 100_000_000;

const RAN: Watching = { doubt: null, isOff: false };

function isWatching(
  source: EventSource,
  seen: SeenReset,
  there: ConnectionFlow,
  told: ToldByFlow,
  neighbours: Neighbours,
): Watching {
  // What passed both before and after needs no clock.
  const isAfter = told.isAfter || neighbours.passedAfter > 0;
  const isBefore = told.isBefore || neighbours.passedBefore > 0;
  if (isAfter && isBefore) return RAN;
  const own = source.watch(there.vantage);
  const reset: Moment = { vantage: seen.at.vantage, timeNs: seen.timeNs };
  const toFirst = gapBetween(source, reset, { vantage: there.vantage, timeNs: own.firstNs });
  const toLast = gapBetween(source, reset, { vantage: there.vantage, timeNs: own.lastNs });
  if (!isBefore && toFirst.leastNs > 0)
    return {
      doubt: `the capture there began ${durationText(middleOf(toFirst))} later`,
      isOff: neighbours.missedBefore > 0,
    };
  if (!isAfter && toLast.mostNs < 0) {
    return {
      doubt: `the capture there ended ${durationText(-middleOf(toLast))} before`,
      isOff: neighbours.missedAfter > 0 || (told.sinceBoth > 0 && toLast.mostNs < -BY_CHANCE_NS),
    };
  }
  if ((!isBefore && toFirst.mostNs >= 0) || (!isAfter && toLast.leastNs <= 0)) {
    return {
      doubt: 'nothing shows that the capture there ran at that moment: the clocks leave it open',
      isOff: neighbours.missedAfter > 0 || neighbours.missedBefore > 0,
    };
  }
  return RAN;
}

function middleOf({ leastNs, mostNs }: Gap): number {
  return (leastNs + mostNs) / 2;
}

/** Null where packets of the claimed sender pass the vantage. */
function wayDoubt(
  source: EventSource,
  seen: SeenReset,
  there: ConnectionFlow,
  { passed, missed }: ToldByFlow,
): string | null {
  if (passed > missed) return null;
  if (passed > 0)
    return 'no other packet of this direction of the connection was captured there: it may take another way';
  return speaksElsewhere(source, seen, there)
    ? null
    : 'no other packet of this direction was captured there, of this connection or of another of the two hosts: it may take another way';
}

/**
 * Whether the claimed sender was heard at the vantage in another connection with the same host at about this time: where it says nothing
 * in this one but the reset, that shows the way of its packets.
 */
function speaksElsewhere({ stores }: EventSource, seen: SeenReset, there: ConnectionFlow): boolean {
  const { flows, packets, addresses } = stores;
  const side = there.isSwapped === seen.at.isSwapped ? seen.direction : ((1 - seen.direction) as 0 | 1);
  const moment = packets.time(flowStart(stores, there.flow));
  let left: number = LIMITS.maxFlowsOfHost;
  let isHeard = false;
  addresses.visitFlows(there.flow, side, (flow, direction) => {
    if (left-- === 0) return false;
    if (flow === there.flow || !hasPeer(stores.flows, flow, direction, there.flow, side)) return true;
    const isNear =
      flows.double(flow, FIRST_TIME) <= moment + SAME_WAY_NS &&
      flows.double(flow, LAST_TIME) >= moment - SAME_WAY_NS;
    isHeard = isNear && (flows.directionWord(flow, direction, SEEN) & SEEN_ANY) !== 0;
    return !isHeard;
  });
  return isHeard;
}

function flowStart({ flows }: EventSource['stores'], flow: FlowRecord): PacketNumber {
  return (flows.word(flow, FIRST_PACKET) >>> 0) as PacketNumber;
}

/** Captures lose packets in a row: what was lost within this of the reset speaks of the reset. */
const AROUND_NS = 1_000_000_000;
/** Packets looked at on either side, their connections, and how long these may be. */
const MOST_AROUND = 256;
const MOST_FLOWS = 8;
const MOST_PACKETS = 4096;

/** Packets of other connections around the reset where it was seen, and whether the vantage has them. */
interface Neighbours {
  /** Of the reset's direction, close to it. */
  readonly passed: number;
  readonly missed: number;
  /** Of either direction, however long before and after it. */
  readonly passedBefore: number;
  readonly passedAfter: number;
  readonly missedBefore: number;
  readonly missedAfter: number;
}

const NO_NEIGHBOURS: Neighbours = {
  passed: 0,
  missed: 0,
  passedBefore: 0,
  passedAfter: 0,
  missedBefore: 0,
  missedAfter: 0,
};

function neighboursOf(source: EventSource, seen: SeenReset, there: ConnectionFlow): Neighbours {
  const { packets } = source.stores;
  const found = { ...NO_NEIGHBOURS };
  const known = new Map<FlowRecord, Neighbour | null>([[seen.at.flow, null]]);
  for (const way of [-1, 1]) {
    for (let step = 1; step <= MOST_AROUND; step++) {
      const packet = (seen.packet + way * step) as PacketNumber;
      if (!packets.has(packet)) break;
      if (packets.file(packet) !== packets.file(seen.packet) || !isCounted(packets, packet)) continue;
      const flow = packets.flow(packet);
      if (flow === NO_FLOW) continue;
      let neighbour = known.get(flow);
      if (neighbour === undefined) {
        if (known.size > MOST_FLOWS) continue;
        known.set(flow, (neighbour = neighbourOf(source, flow, there.vantage)));
      }
      if (neighbour === null) continue;
      const at = indexOfPacket(neighbour.match.ours, packet);
      // What a device sends, or stops, tells nothing of the capture.
      if (at < 0 || (neighbour.match.ofOurs[at] < 0 && at >= neighbour.below)) continue;
      const isThere = neighbour.match.ofOurs[at] >= 0;
      found[`${isThere ? 'passed' : 'missed'}${way < 0 ? 'Before' : 'After'}`]++;
      const isNear = Math.abs(packets.time(packet) - seen.timeNs) <= AROUND_NS;
      if (isNear && packets.direction(packet) === seen.direction) found[isThere ? 'passed' : 'missed']++;
    }
  }
  return found;
}

/** Another connection, and the index of the packet from which on a device speaks in it. */
interface Neighbour {
  readonly match: PacketMatch;
  readonly below: number;
}

function neighbourOf(source: EventSource, flow: FlowRecord, vantage: number): Neighbour | null {
  const { packets, flows } = source.stores;
  const twin = source.twin(flow, vantage);
  const isShort = flows.word(flow, PACKETS) <= MOST_PACKETS;
  if (twin === undefined || isAcrossProxy(twin.class) || !isShort) return null;
  const match = source.match(flow, twin.flow);
  const [below] = takenOver(
    asVantage(packets, match.ours, match.ofOurs),
    asVantage(packets, match.theirs, match.ofTheirs),
  );
  return { match, below };
}

function asVantage(
  packets: EventSource['stores']['packets'],
  own: Uint32Array,
  counterparts: Int32Array,
): VantagePackets {
  const packet = (at: number): PacketNumber => own[at] as PacketNumber;
  return {
    count: own.length,
    counterparts,
    isReset: (at) =>
      (packets.flags(packet(at)) & TCP_RST) !== 0 &&
      (packets.marks(packet(at)) & (MARK_ICMP | MARK_DUPLICATE_CAPTURE)) === 0,
    direction: (at) => packets.direction(packet(at)),
  };
}

/** Neither an ICMP message about the flow, nor a second capture, nor a reset. */
function isCounted(packets: EventSource['stores']['packets'], packet: PacketNumber): boolean {
  return (
    (packets.marks(packet) & (MARK_ICMP | MARK_DUPLICATE_CAPTURE)) === 0 &&
    (packets.flags(packet) & TCP_RST) === 0
  );
}

/** Neighbours that were all captured, from which on a capture is not taken to have missed just these packets. */
const ENOUGH_AROUND = 3;

/**
 * Null where nothing of this direction of the connection was missed there; nor where what was missed ends it, and the capture goes on with what
 * the sender says, or with all that passes around: then something in between speaks in its place.
 */
function missDoubt(
  { passed, missed, isAtEnd, onlyThere }: ToldByFlow,
  neighbours: Neighbours,
): string | null {
  if (missed === 0) return null;
  const isRunning = onlyThere > 0 || neighbours.passed >= ENOUGH_AROUND;
  if (isAtEnd && isRunning && neighbours.missed === 0) return null;
  return `${missed} of ${plural(passed, 'packet')} of this direction that passed ${missed === 1 ? 'was' : 'were'} not captured there either`;
}
