/** What captures at other points of the path hold of a reset. One object, filled anew for every reset. */
import type { Absence, ResetEvent } from '../../join/join-view.ts';
import { TTLS } from '../../flow/record.ts';
import type { FlowRecord } from '../../../../shared/base/units.ts';
import type { ResetFacts } from '../observe/facts.ts';
import { hopsOf } from '../observe/hops.ts';
import type { CaptureView } from '../observe/view.ts';

/** Up to this loss of a capture the absence of one packet is no accident of capturing. */
export const CLEAN_LOSS = 0.01;
/** Up to this it still speaks. */
const TELLING_LOSS = 0.05;

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
}

export function nothingElsewhere(): Elsewhere {
  return { event: undefined, forged: 'no', absence: undefined, cleared: 'no', stopped: undefined };
}

export function hearVantages(view: CaptureView, f: ResetFacts, into: Elsewhere): void {
  const event = view.join.isJoined ? view.join.event(f.reset) : undefined;
  into.event = event;
  into.forged = 'no';
  into.absence = undefined;
  into.cleared = 'no';
  into.stopped = undefined;
  if (event === undefined) return;
  const before = event.absences.filter(({ lies }) => lies === 'before');
  into.absence = before.findLast(({ doubt }) => doubt === null) ?? before.at(-1);
  if (into.absence?.doubt === null && event.class !== 'probable') {
    if (into.absence.lossBound <= CLEAN_LOSS) into.forged = 'clean';
    else if (into.absence.lossBound <= TELLING_LOSS) into.forged = 'lossy';
  }
  into.stopped = event.absences.find(
    ({ lies, doubt, lossBound }) => lies === 'beyond' && doubt === null && lossBound <= TELLING_LOSS,
  );
  const isNearest = event.absences.every(({ lies }) => lies === 'beyond');
  if (isNearest) into.cleared = isUntouched(view, f) ? 'host' : 'nearer';
}

/** No router has lowered the TTL of the reset, nor those of its sender's other packets at this capture point. */
function isUntouched({ flows }: CaptureView, f: ResetFacts): boolean {
  return hopsOf(f.ttl) === 0 && hopsHere(flows, f.flow, f.sender) === 0;
}

/** Routers between one side of a flow and where it was captured, by its first segment; −1 where that does not tell. */
export function hopsHere(flows: CaptureView['flows'], flow: FlowRecord, side: 0 | 1): number {
  return hopsOf(flows.directionWord(flow, side, TTLS) & 0xff);
}
