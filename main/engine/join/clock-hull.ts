/**
 * The line of a clock's offset over time by convex hulls (Moon, Skelly and Towsley 1999): it lies below the lower hull of all upper bounds
 * and above the upper hull of all lower ones. Tangents at the middle of the time have the least error of both value and slope.
 */
import type { Bound } from './clock-bounds.ts';

export interface Line {
  readonly value: number;
  readonly slope: number;
}

/** The edge of the hull that is over or under `timeNs`; a level one through the only corner. Undefined without bounds. */
export function hullLine(bounds: readonly Bound[], isAbove: boolean, timeNs: number): Line | undefined {
  const sign = isAbove ? 1 : -1;
  const points = bounds
    .filter((bound) => bound.isAbove === isAbove)
    .sort((a, b) => a.timeNs - b.timeNs || sign * (a.differenceNs - b.differenceNs));
  const hull: Bound[] = [];
  for (const point of points) {
    if (hull.at(-1)?.timeNs === point.timeNs) continue;
    while (hull.length > 1 && sign * turn(hull[hull.length - 2], hull[hull.length - 1], point) <= 0)
      hull.pop();
    hull.push(point);
  }
  if (hull.length === 0) return undefined;
  if (hull.length === 1) return { value: hull[0].differenceNs, slope: 0 };
  const behind = hull.findIndex((corner) => corner.timeNs >= timeNs);
  const to = Math.min(hull.length - 1, Math.max(1, behind < 0 ? hull.length - 1 : behind));
  const [a, b] = [hull[to - 1], hull[to]];
  const slope = (b.differenceNs - a.differenceNs) / (b.timeNs - a.timeNs);
  return { value: a.differenceNs + slope * (timeNs - a.timeNs), slope };
}

/** Positive for a turn to the left. */
function turn(a: Bound, b: Bound, c: Bound): number {
  return (
    (b.timeNs - a.timeNs) * (c.differenceNs - a.differenceNs) -
    (b.differenceNs - a.differenceNs) * (c.timeNs - a.timeNs)
  );
}
