/** A stretch of the path strip with its routers. Where there are many, those in the middle share one gap. */

export interface Segment {
  readonly from: number;
  readonly to: number;
  /** Routers on it; null where unknown: drawn broken. */
  readonly hops: number | null;
}

/** More routers than this are not drawn one by one. */
const MOST_ROUTERS = 9;
const SHOWN_AT_ENDS = 2;
const GAP_FROM = SHOWN_AT_ENDS;
const GAP_TO = MOST_ROUTERS + 1 - SHOWN_AT_ENDS;

/**
 * @param link links from the segment's beginning, 0 … hops + 1; fractions lie between routers
 * @returns the position on the strip
 */
export function slotOf({ from, to, hops }: Segment, link: number): number {
  const slots = Math.min(hops ?? 0, MOST_ROUTERS) + 1;
  return from + ((to - from) * slotNumber(link, hops ?? 0)) / slots;
}

function slotNumber(link: number, hops: number): number {
  if (hops <= MOST_ROUTERS) return link;
  const fromEnd = hops + 1 - link;
  if (link <= GAP_FROM) return link;
  if (fromEnd <= SHOWN_AT_ENDS) return MOST_ROUTERS + 1 - fromEnd;
  return GAP_FROM + ((link - GAP_FROM) / (hops + 1 - 2 * SHOWN_AT_ENDS)) * (GAP_TO - GAP_FROM);
}

export function segmentRouters(segment: Segment): number[] {
  const { hops } = segment;
  if (hops === null) return [];
  const all = Array.from({ length: hops }, (_, router) => router + 1);
  return all
    .filter((link) => hops <= MOST_ROUTERS || link <= SHOWN_AT_ENDS || link > hops - SHOWN_AT_ENDS)
    .map((link) => slotOf(segment, link));
}

/** The gap, or none. */
export function segmentGap({ from, to, hops }: Segment): { readonly at: number; readonly hidden: number }[] {
  if (hops === null || hops <= MOST_ROUTERS) return [];
  return [{ at: (from + to) / 2, hidden: hops - 2 * SHOWN_AT_ENDS }];
}
