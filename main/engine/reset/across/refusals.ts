/**
 * What the times of acceptances and refusals of one service say of a refusal.
 *
 *   accept accept RST RST accept RST accept     within milliseconds, many connects: the queue is full
 *   accept … RST RST RST RST … accept           refused for a while: it was restarted
 *   accept … RST … accept … RST … accept        in turns, at any time: one of several hosts refuses
 */
import { lowerBound } from './scans.ts';
import type { ServiceHistory } from './service-history.ts';

export type RefusalPattern =
  | 'none' // nothing else is known of the service
  | 'never' // it accepted nothing in this capture
  | 'burst' // accepted and refused within milliseconds, while many connect
  | 'turns' // some connects are accepted and some refused, all the time
  | 'outage' // refused for a while, accepted before and after
  | 'stopped' // accepted until it refused
  | 'not-yet'; // refused until it accepted

/** Connects around a burst that are looked at for its pace; the least that make one, and that stand around a lone refusal. */
const LOAD = 8;
const LEAST_LOAD = 5;
const LEAST_BETWEEN = 3;
/** Bounds of what counts as the same moment; between them it is as many gaps of the burst as LOAD says. */
const SHORTEST_MOMENT_NS = 20_000_000;
const LONGEST_MOMENT_NS = 250_000_000;
/** A listener that is started again is away for longer than this. */
const SHORTEST_RESTART_NS = 50_000_000;
/** A queue that is full over this long is a service that hangs, or was restarted. */
const LONGEST_BURST_NS = 3_000_000_000;
/** Connections accepted right before that the server goes on to serve: the process lives. */
const LEAST_WAITING = 2;
/** Connects before a burst that are looked at for it. */
const MOST_WAITING = 256;
/** Runs of refusals that are a habit rather than one restart after the other. */
const HABIT = 3;
const HABIT_OF_KNOWN_HOSTS = 2;
/** Refusals of one host of several come in about as many runs as chance mixes them. */
const MIXED = 0.5;

export class Refusal {
  pattern: RefusalPattern = 'none';
  /** Connects of the service accepted and refused: in the burst, or else in the whole capture. */
  accepted = 0;
  refused = 0;
  /** First and last refusal of the run, and how many it has. */
  from = 0;
  to = 0;
  inRun = 0;
  /** The last acceptance before the run and the first after it; NaN for none. */
  before = Number.NaN;
  after = Number.NaN;
  /** See ServiceHistory. */
  hosts = 1;
  toldBy: ServiceHistory['toldBy'] = null;
  linux = false;

  clear(): void {
    this.pattern = 'none';
    this.accepted = 0;
    this.refused = 0;
    this.from = 0;
    this.to = 0;
    this.inRun = 0;
    this.before = Number.NaN;
    this.after = Number.NaN;
    this.hosts = 1;
    this.toldBy = null;
    this.linux = false;
  }
}

/** @param time of the refusal */
export function readRefusal(history: ServiceHistory, time: number, into: Refusal): void {
  into.clear();
  const { times, accepted } = history;
  let event = lowerBound(times, time);
  while (event < history.count && times[event] === time && accepted[event] === 1) event++;
  if (event === history.count || times[event] !== time) return;
  const first = history.runFrom[event];
  const last = history.runTo[event];
  into.from = times[first];
  into.to = times[last];
  into.inRun = last - first + 1;
  if (first > 0) into.before = times[first - 1];
  if (last + 1 < history.count) into.after = times[last + 1];
  into.accepted = history.accepts;
  into.refused = history.refusals;
  into.hosts = history.hosts;
  into.toldBy = history.toldBy;
  into.linux = history.linux;
  into.pattern = patternOf(history, first, last, into);
}

function patternOf(history: ServiceHistory, first: number, last: number, r: Refusal): RefusalPattern {
  if (history.accepts === 0) return history.complete ? 'never' : 'none';
  if (isBurst(history, first, last, r)) return 'burst';
  if (takesTurns(history)) return 'turns';
  // Where the oldest flows are not known the service may well have accepted before.
  if (Number.isNaN(r.before)) return history.complete ? 'not-yet' : 'none';
  return Number.isNaN(r.after) ? 'stopped' : 'outage';
}

function isBurst(history: ServiceHistory, first: number, last: number, r: Refusal): boolean {
  const { times, accepted, served } = history;
  // The pace of the connects around: what is one moment to a hundred of them is an age to three.
  const low = Math.max(0, first - LOAD);
  const high = Math.min(history.count - 1, last + LOAD);
  const near = (i: number): boolean =>
    times[i] >= r.from - LONGEST_MOMENT_NS && times[i] <= r.to + LONGEST_MOMENT_NS;
  let load = 0;
  let accepts = 0;
  let waiting = 0;
  let runs = 0;
  let start = Number.POSITIVE_INFINITY;
  let end = 0;
  for (let i = low; i <= high; i++) {
    if (!near(i)) continue;
    load++;
    start = Math.min(start, times[i]);
    end = times[i];
    if (accepted[i] === 1) accepts++;
    else if (i === low || accepted[i - 1] === 1 || !near(i - 1)) runs++;
  }
  for (let i = first - 1; i >= Math.max(0, first - MOST_WAITING) && near(i); i--)
    if (accepted[i] === 1 && served[i] > r.from) waiting++;
  if (load < LEAST_BETWEEN || accepts === 0 || r.to - r.from > LONGEST_BURST_NS) return false;
  const pace = ((end - start) / (load - 1)) * LOAD;
  const moment = Math.min(LONGEST_MOMENT_NS, Math.max(SHORTEST_MOMENT_NS, pace));
  const closeBefore = r.from - r.before <= moment;
  const closeAfter = r.after - r.to <= moment;
  if (!closeBefore && !closeAfter) return false;
  r.accepted = accepts;
  r.refused = load - accepts;
  // No listener comes back so soon.
  if (closeBefore && closeAfter && r.after - r.before < SHORTEST_RESTART_NS) return true;
  if (load < LEAST_LOAD || !closeBefore) return false;
  // The process serves what it accepted before: it had not gone away. And no listener comes and goes.
  return waiting >= LEAST_WAITING || (closeAfter && runs > 1);
}

/** Whether refusals stand among acceptances as they do where one of several hosts refuses. */
function takesTurns({ runs, refusals, accepts, hosts, count }: ServiceHistory): boolean {
  const byChance = (refusals * (accepts + 1)) / count;
  return runs >= (hosts > 1 ? HABIT_OF_KNOWN_HOSTS : HABIT) && runs >= MIXED * byChance;
}
