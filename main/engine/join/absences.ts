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
import {
  FIRST_PACKET,
  FIRST_TIME,
  LAST_TIME,
  SEEN,
  SEEN_ANY,
  META,
  PACKETS,
  SERVER_ADDRESS,
  CLIENT_ADDRESS,
} from '../flow/record.ts';
import { LIMITS } from '../limits.ts';
import { NO_FLOW } from '../store/packet-index.ts';
import { type ConnectionFlow, type EventSource, clockErrorBetween } from './event-source.ts';
import type { Absence, PacketMatch } from './join-view.ts';
import { lossBound } from './loss-bound.ts';

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
 * A reset there that may be the absent one: of the same shape, with other numbers, in the same connection and nowhere else; or with the same
 * number in a flow of other addresses or ports, as a translator leaves that does not know it.
 */
export type LookAlike = 'none' | 'changed' | 'other-flow';

const LOOK_ALIKES: Readonly<Record<LookAlike, string | null>> = {
  none: null,
  changed: 'another reset was captured there that may be the same one, changed on its way',
  'other-flow':
    'a reset with this number was captured there under other addresses or ports: it may be the same one',
};

/** @param match packets where it was seen, and at the vantage @param lookAlike a reset that was captured there */
export function absenceOf(
  source: EventSource,
  seen: SeenReset,
  there: ConnectionFlow,
  match: PacketMatch,
  lies: Absence['lies'],
  lookAlike: LookAlike,
): Absence {
  const way =
    lies === 'before'
      ? source.passage(there.vantage, seen.at.vantage)
      : source.passage(seen.at.vantage, there.vantage);
  const missed = lies === 'before' ? way.onlyTo : way.onlyFrom;
  const passed = way.both + missed;
  const back = source.passage(seen.at.vantage, there.vantage);
  const ofBoth =
    lies === 'before'
      ? lossBound(passed + back.both + back.onlyFrom, missed + back.onlyFrom)
      : lossBound(passed, missed);
  const { packets, dropped } = source.watch(there.vantage);
  const byDrops = dropped > 0 ? lossBound(packets + dropped, dropped) : 0;
  const told = toldByFlow(source, seen, match);
  const watching = isWatching(source, seen, there, told);
  const doubt =
    lies === 'unknown'
      ? 'nothing tells on which side of where it was seen this capture was made'
      : (watching ??
        wayDoubt(source, seen, there, told) ??
        missDoubt(told) ??
        LOOK_ALIKES[lookAlike] ??
        (there.class === 'probable' || seen.at.class === 'probable'
          ? 'it is not certain that both captures hold the same connection'
          : null));
  const isProof = lies === 'before' && doubt === null;
  return {
    ...{ vantage: there.vantage, flow: there.flow, lies },
    missedAround: isProof ? missedAround(source, seen, there) : 0,
    ...{ lossBound: Math.max(lossBound(passed, missed), byDrops), passed, missed },
    lossBoundOfBoth: Math.max(ofBoth, byDrops),
    ...{ isWatching: watching === null, doubt },
  };
}

/** What the other packets of the flow say of that vantage. */
interface ToldByFlow {
  /** Packets of the claimed sender's direction where the reset was seen, and those of them that the vantage does not have. */
  readonly passed: number;
  readonly missed: number;
  /** Some packet of either direction passed both after the reset, and some before. */
  readonly isAfter: boolean;
  readonly isBefore: boolean;
}

function toldByFlow({ stores }: EventSource, seen: SeenReset, { ours, ofOurs }: PacketMatch): ToldByFlow {
  const { packets } = stores;
  let passed = 0;
  let missed = 0;
  let isAfter = false;
  let isBefore = false;
  for (let at = 0; at < ours.length; at++) {
    const packet = ours[at] as PacketNumber;
    if (!isCounted(packets, packet)) continue;
    const isThere = ofOurs[at] >= 0;
    if (isThere) {
      if (packet > seen.packet) isAfter = true;
      else isBefore = true;
    }
    if (packets.direction(packet) !== seen.direction) continue;
    passed++;
    if (!isThere) missed++;
  }
  return { passed, missed, isAfter, isBefore };
}

/** Null where the capture ran; else how it did not. */
function isWatching(
  source: EventSource,
  seen: SeenReset,
  there: ConnectionFlow,
  { isAfter, isBefore }: ToldByFlow,
): string | null {
  // What passed both before and after needs no clock.
  if (isAfter && isBefore) return null;
  const own = source.watch(there.vantage);
  const time = source.corrected(seen.at.vantage, seen.timeNs);
  const error = clockErrorBetween(source, seen.at.vantage, there.vantage);
  const ended = time - source.corrected(there.vantage, own.lastNs);
  const began = source.corrected(there.vantage, own.firstNs) - time;
  if (!isBefore && began > error) return `the capture there began ${durationText(began)} later`;
  if (!isAfter && ended > error) return `the capture there ended ${durationText(ended)} before`;
  if ((!isBefore && began > -error) || (!isAfter && ended > -error))
    return 'nothing shows that the capture there ran at that moment: the clocks leave it open';
  return null;
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
    if (flow === there.flow || !hasPeer(stores, flow, direction, there.flow, side)) return true;
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

/** Whether the other side of one flow has the address of the other side of the second one. */
function hasPeer(
  { flows }: EventSource['stores'],
  flow: FlowRecord,
  side: 0 | 1,
  other: FlowRecord,
  otherSide: 0 | 1,
): boolean {
  if (flows.word(flow, META) !== flows.word(other, META)) return false;
  const peer = side === 0 ? SERVER_ADDRESS : CLIENT_ADDRESS;
  const otherPeer = otherSide === 0 ? SERVER_ADDRESS : CLIENT_ADDRESS;
  for (let word = 0; word < 4; word++)
    if (flows.word(flow, peer + word) !== flows.word(other, otherPeer + word)) return false;
  return true;
}

/** Captures lose packets in a row: what was lost within this of the reset speaks of the reset. */
const AROUND_NS = 1_000_000_000;
/** Packets looked at on either side, their connections, and how long these may be. */
const MOST_AROUND = 256;
const MOST_FLOWS = 8;
const MOST_PACKETS = 4096;

function missedAround(source: EventSource, seen: SeenReset, there: ConnectionFlow): number {
  const { packets, flows } = source.stores;
  const known = new Map<FlowRecord, PacketMatch | null>([[seen.at.flow, null]]);
  let missed = 0;
  for (let step = -MOST_AROUND; step <= MOST_AROUND; step++) {
    const packet = (seen.packet + step) as PacketNumber;
    if (!packets.has(packet) || packets.file(packet) !== packets.file(seen.packet)) continue;
    const flow = packets.flow(packet);
    if (flow === NO_FLOW || Math.abs(packets.time(packet) - seen.timeNs) > AROUND_NS) continue;
    if (packets.direction(packet) !== seen.direction || !isCounted(packets, packet)) continue;
    let match = known.get(flow);
    if (match === undefined) {
      if (known.size > MOST_FLOWS) continue;
      const twin = source.twin(flow, there.vantage);
      const isShort = flows.word(flow, PACKETS) <= MOST_PACKETS;
      match =
        twin === undefined || isAcrossProxy(twin.class) || !isShort ? null : source.match(flow, twin.flow);
      known.set(flow, match);
    }
    if (match !== null && match.ofOurs[match.ours.indexOf(packet)] === -1) missed++;
  }
  return missed;
}

/** Neither an ICMP message about the flow, nor a second capture, nor a reset. */
function isCounted(packets: EventSource['stores']['packets'], packet: PacketNumber): boolean {
  return (
    (packets.marks(packet) & (MARK_ICMP | MARK_DUPLICATE_CAPTURE)) === 0 &&
    (packets.flags(packet) & TCP_RST) === 0
  );
}

/** Null where nothing of this direction of the connection was missed there. */
function missDoubt({ passed, missed }: ToldByFlow): string | null {
  if (missed === 0) return null;
  return `${missed} of ${plural(passed, 'packet')} of this direction that passed ${missed === 1 ? 'was' : 'were'} not captured there either`;
}
