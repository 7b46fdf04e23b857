/** Ranges of numbers, sorted, apart from each other; what is added merges with what it touches. */

interface Range {
  from: number;
  to: number;
}

export class RangeUnion {
  readonly #ranges: Range[] = [];

  /** Ranges apart from each other. */
  get size(): number {
    return this.#ranges.length;
  }

  /** Adds [from, to). @param fresh told of the parts that were in no range before, ascending */
  add(from: number, to: number, fresh: (from: number, to: number) => void): void {
    const ranges = this.#ranges;
    const last = ranges.at(-1);
    // Nearly every stream comes in order.
    if (last !== undefined && from === last.to) {
      last.to = to;
      fresh(from, to);
      return;
    }
    let first = this.#firstEndingFrom(from);
    const touched = first;
    let at = from;
    while (first < ranges.length && ranges[first].from <= to) {
      if (ranges[first].from > at) fresh(at, ranges[first].from);
      at = Math.max(at, ranges[first].to);
      first++;
    }
    if (at < to) fresh(at, to);
    const merged =
      first === touched
        ? { from, to }
        : { from: Math.min(from, ranges[touched].from), to: Math.max(to, ranges[first - 1].to) };
    ranges.splice(touched, first - touched, merged);
  }

  /** What lies before and between the ranges, from 0 on. */
  holes(): readonly Readonly<Range>[] {
    const holes: Range[] = [];
    let at = 0;
    for (const { from, to } of this.#ranges) {
      if (from > at) holes.push({ from: at, to: from });
      at = to;
    }
    return holes;
  }

  /** Index of the first range that ends at or behind `from`. */
  #firstEndingFrom(from: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ranges[middle].to < from) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
