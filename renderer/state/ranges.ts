/**
 * Sets of numbers as ranges: a selection of a million packets costs as much as one of two.
 *
 * Invariant: ranges ascend and neither touch nor overlap.
 */
export interface Range {
  readonly from: number;
  /** Inclusive. */
  readonly to: number;
}
export type Ranges = readonly Range[];

export function inRanges(ranges: Ranges, number: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle].to < number) low = middle + 1;
    else high = middle;
  }
  return low < ranges.length && ranges[low].from <= number;
}

export function withRange(ranges: Ranges, { from, to }: Range): Ranges {
  const apart = ranges.filter((one) => one.to < from - 1 || one.from > to + 1);
  const joined = ranges.filter((one) => !apart.includes(one));
  const whole = {
    from: Math.min(from, ...joined.map((one) => one.from)),
    to: Math.max(to, ...joined.map((one) => one.to)),
  };
  return [...apart, whole].sort((a, b) => a.from - b.from);
}

export function withoutNumber(ranges: Ranges, number: number): Ranges {
  return ranges.flatMap((one) => {
    if (number < one.from || number > one.to) return [one];
    return [
      { from: one.from, to: number - 1 },
      { from: number + 1, to: one.to },
    ].filter(({ from, to }) => from <= to);
  });
}

/** Adds a number, or takes it out where it already is. */
export function toggled(ranges: Ranges, number: number): Ranges {
  return inRanges(ranges, number)
    ? withoutNumber(ranges, number)
    : withRange(ranges, { from: number, to: number });
}
