/** What the timeline shows and how ranges of it change: plain numbers, no page. */
import type { Timeline, TimelineCount } from '../../shared/model/timeline.ts';
import type { TimeRange } from '../state/range-slice.ts';

/** From the first bar's begin to the last one's end. */
export function shownRange({ fromNs, widthNs, packets }: Timeline): TimeRange {
  return { fromNs, toNs: fromNs + widthNs * packets.length };
}

/** The bar that holds a moment; held within the bars. */
export function barAt(timeline: Timeline, ns: number): number {
  const bar = Math.floor((ns - timeline.fromNs) / timeline.widthNs);
  return Math.max(0, Math.min(timeline.packets.length - 1, bar));
}

export function barRange({ fromNs, widthNs }: Timeline, bar: number): TimeRange {
  return { fromNs: fromNs + bar * widthNs, toNs: fromNs + (bar + 1) * widthNs };
}

/** The bars between two moments, whole: what is brushed is what was counted. */
export function brushed(timeline: Timeline, aNs: number, bNs: number): TimeRange {
  const first = barAt(timeline, Math.min(aNs, bNs));
  const last = barAt(timeline, Math.max(aNs, bNs));
  return { fromNs: barRange(timeline, first).fromNs, toNs: barRange(timeline, last).toNs };
}

/** The range some bars later or earlier, its width kept; the capture's ends hold it. */
export function movedBy(range: TimeRange, timeline: Timeline, bars: number): TimeRange {
  const { firstNs, lastNs, widthNs } = timeline;
  const end = Math.max(lastNs + 1, shownRange(timeline).toNs);
  const begin = Math.min(firstNs, timeline.fromNs);
  const by = Math.max(begin - range.fromNs, Math.min(end - range.toNs, bars * widthNs));
  return { fromNs: range.fromNs + by, toNs: range.toNs + by };
}

export type Edge = 'from' | 'to';

/** One edge some bars later or earlier; one bar at least stays between the two. */
export function sizedBy(range: TimeRange, timeline: Timeline, edge: Edge, bars: number): TimeRange {
  const { firstNs, lastNs, widthNs } = timeline;
  const by = bars * widthNs;
  if (edge === 'from') {
    const begin = Math.min(firstNs, timeline.fromNs);
    const fromNs = Math.min(range.toNs - widthNs, Math.max(begin, range.fromNs + by));
    return { fromNs, toNs: range.toNs };
  }
  const end = Math.max(lastNs + 1, shownRange(timeline).toNs);
  const toNs = Math.max(range.fromNs + widthNs, Math.min(end, range.toNs + by));
  return { fromNs: range.fromNs, toNs };
}

const ZOOM = 4;
/** No bar is narrower than a nanosecond, and ten of them are enough to see that. */
const NARROWEST_NS = 1000;

/** What a zoom into the range shows, or into a quarter around a moment where nothing is brushed. */
export function zoomedIn(timeline: Timeline, range: TimeRange | null, aroundNs: number | null): TimeRange {
  const shown = shownRange(timeline);
  if (range !== null) return wide(range);
  const span = (shown.toNs - shown.fromNs) / ZOOM;
  const middle = aroundNs ?? (shown.fromNs + shown.toNs) / 2;
  const fromNs = Math.max(shown.fromNs, Math.min(shown.toNs - span, middle - span / 2));
  return wide({ fromNs, toNs: fromNs + span });
}

function wide({ fromNs, toNs }: TimeRange): TimeRange {
  return { fromNs: Math.round(fromNs), toNs: Math.round(Math.max(toNs, fromNs + NARROWEST_NS)) };
}

/** Four times as much around the same middle; null where that is the whole capture. */
export function zoomedOut(timeline: Timeline): TimeRange | null {
  const shown = shownRange(timeline);
  const span = (shown.toNs - shown.fromNs) * ZOOM;
  const middle = (shown.fromNs + shown.toNs) / 2;
  const fromNs = Math.round(Math.max(timeline.firstNs, middle - span / 2));
  const toNs = Math.round(Math.min(timeline.lastNs, middle + span / 2));
  return fromNs <= timeline.firstNs && toNs >= timeline.lastNs ? null : { fromNs, toNs };
}

export type Counts = Readonly<Record<TimelineCount, number>>;

/** Sums over bars; over all that are shown where no range is given. */
export function countsIn(timeline: Timeline, range: TimeRange | null): Counts {
  const first = range === null ? 0 : barAt(timeline, range.fromNs);
  const end = range === null ? timeline.packets.length : barAt(timeline, range.toNs - 1) + 1;
  const sum = (counts: readonly number[]): number => {
    let total = 0;
    for (let bar = first; bar < end; bar++) total += counts[bar];
    return total;
  };
  const { packets, passing, bytes, retransmissions, middlebox, endpoint, unknown, failures } = timeline;
  return {
    packets: sum(packets),
    passing: sum(passing),
    bytes: sum(bytes),
    retransmissions: sum(retransmissions),
    middlebox: sum(middlebox),
    endpoint: sum(endpoint),
    unknown: sum(unknown),
    failures: sum(failures),
  };
}
