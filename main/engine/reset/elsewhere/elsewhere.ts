/** What captures at other points of the path hold of a reset. One object, filled anew for every reset. */
import type { Absence, ResetEvent } from '../../join/join-view.ts';
import { LAST_RESET, TTLS } from '../../flow/record.ts';
import { RST_PREVIOUS_RESET } from '../../store/reset-log.ts';
import type { OriginKind } from '../../../../shared/model/verdict.ts';
import type { FlowRecord } from '../../../../shared/base/units.ts';
import type { ResetFacts } from '../observe/facts.ts';
import { hopsOf } from '../observe/hops.ts';
import type { CaptureView } from '../observe/view.ts';
import { type Unseen, unseenAt } from './unseen.ts';
import type { TimeOrder } from '../../join/vantage-clocks.ts';

/** Up to this loss of a capture the absence of one packet is no accident of capturing. */
export const CLEAN_LOSS = 0.01;
/** Up to this it still speaks. */
const TELLING_LOSS = 0.05;

export interface OtherLeg {
  readonly reset: number;
  /** After the reset that is judged, by clocks; negative where it was before. */
  readonly laterNs: number;
  /** Which of the two was first, as far as the clocks leave no doubt: whether that one was before or after the reset that is judged. */
  readonly order: TimeOrder;
}

export interface Elsewhere {
  /** Undefined where its connection was captured at one point only. */
  event: ResetEvent | undefined;
  /**
   * What the absence nearest to where it was seen, on the side of its claimed sender, is worth: `clean` where nothing but a device between
   * the two explains it, `lossy` where that capture misses some packets.
   */
  forged: 'no' | 'lossy' | 'clean';
  /** That absence, or the one that would be it if nothing spoke against it. */
  absence: Absence | undefined;
  /**
   * Where it was captured nearest to its claimed sender, of several points: `host` with a TTL that no router has lowered, as the sender's
   * other packets there, `nearer` elsewhere; `no` where points that lie nearer do not have it, or there is one only.
   */
  cleared: 'no' | 'nearer' | 'host';
  /** It was not seen at a point behind that, for certain: it was lost or stopped between. */
  stopped: Absence | undefined;
  /** The nearest reset of the connection on the other side of a proxy. */
  otherLeg: OtherLeg | undefined;
  /** A point past which its connection had to come, and did not. */
  unseen: Unseen | undefined;
  /** Vantages between which it was made, from its claimed sender on; null where they do not tell. See `findBirth`. */
  born: readonly [from: number, to: number] | null;
  /** Nothing is left but the verdict: see cause/proven.ts. */
  isProven: boolean;
}

export function nothingElsewhere(): Elsewhere {
  return {
    ...{ event: undefined, forged: 'no', absence: undefined, cleared: 'no' },
    ...{ stopped: undefined, otherLeg: undefined, isProven: false },
    ...{ unseen: undefined, born: null },
  };
}

export function hearVantages(view: CaptureView, f: ResetFacts, into: Elsewhere): void {
  const { isJoined } = view.join;
  const event = isJoined ? view.join.event(f.reset) : undefined;
  into.event = event;
  into.forged = 'no';
  into.absence = undefined;
  into.cleared = 'no';
  into.stopped = undefined;
  into.otherLeg = undefined;
  into.isProven = false;
  into.unseen = isJoined && event === undefined ? unseenAt(view, f) : undefined;
  into.born = null;
  if (isJoined) into.otherLeg = otherLegOf(view, f);
  if (event === undefined) return;
  const before = event.absences.filter(({ lies }) => lies === 'before');
  into.absence = before.findLast(({ doubt }) => doubt === null) ?? before.at(-1);
  if (into.absence?.doubt === null && event.class !== 'probable') {
    if (into.absence.lossBoundOfBoth <= CLEAN_LOSS) into.forged = 'clean';
    else if (into.absence.lossBound <= TELLING_LOSS) into.forged = 'lossy';
  }
  into.stopped = event.absences.find(
    ({ lies, doubt, lossBound }) => lies === 'beyond' && doubt === null && lossBound <= TELLING_LOSS,
  );
  const isNearest = event.absences.every(({ lies }) => lies === 'beyond');
  if (isNearest) into.cleared = isUntouched(view, f) ? 'host' : 'nearer';
}

/**
 * Where it was made, once it is known by whom. A capture that does not have the reset, though nothing speaks for its having been off, tells
 * where a device stands that something else has shown.
 */
export function findBirth(into: Elsewhere, kind: OriginKind): void {
  const { event } = into;
  if (event === undefined || kind === 'endpoint') return;
  into.born = event.born;
  if (into.born !== null || kind !== 'middlebox') return;
  const place = event.absences.findLast(({ isPlace }) => isPlace);
  if (place !== undefined) into.born = [place.vantage, event.sightings[0].vantage];
}

/** Resets of the other side that are looked through, and how far from this one they may be. */
const MOST_RESETS = 64;
const PASSED_ON_NS = 10_000_000_000;

function otherLegOf(view: CaptureView, f: ResetFacts): OtherLeg | undefined {
  const { join, resets, packets, flows } = view;
  const own = flows.timelineOf(f.flow);
  const time = join.corrected(own, f.time);
  let found: OtherLeg | undefined;
  for (const twin of join.twins(f.flow)) {
    if (twin.class !== 'proxied') continue;
    let reset = flows.word(twin.flow, LAST_RESET);
    for (let left = MOST_RESETS; left > 0 && reset >= resets.first; left--) {
      const timeThere = packets.time(resets.packet(reset));
      const laterNs = join.corrected(twin.vantage, timeThere) - time;
      if (Math.abs(laterNs) <= Math.min(PASSED_ON_NS, Math.abs(found?.laterNs ?? Infinity)))
        found = { reset, laterNs, order: join.orderOf(twin.vantage, timeThere, own, f.time) };
      reset = resets.get(reset, RST_PREVIOUS_RESET);
    }
  }
  return found;
}

/** No router has lowered the TTL of the reset, nor those of its sender's other packets at this capture point. */
function isUntouched({ flows }: CaptureView, f: ResetFacts): boolean {
  return hopsOf(f.ttl) === 0 && hopsHere(flows, f.flow, f.sender) === 0;
}

/** Routers between one side of a flow and where it was captured, by its first segment; −1 where that does not tell. */
export function hopsHere(flows: CaptureView['flows'], flow: FlowRecord, side: 0 | 1): number {
  return hopsOf(flows.directionWord(flow, side, TTLS) & 0xff);
}
