/**
 * What a chunk of the packet index has beside its columns: little where a capture is plain, and never more than a hostile one has
 * packets. It grows while the chunk is filled; then it is put into one piece of memory, which can be written away and read again.
 *
 * Invariants
 * - Rows ascend in `timeRows`, `largeRows` and `otherRows`.
 * - A row's time is its ticks from the base of the last of `timeRows` that is not behind it, exactly: where that would not give the
 *   very number, the row begins a base of its own.
 * - Records stand one behind the other: a row's offset is that of its anchor and the strides of the rows in between, as their
 *   shapes tell them. Where a stride is another than the shape has, the row gets another shape.
 */
import { PacketShapes } from './packet-shapes.ts';

const ANCHOR_BITS = 6;
/** The offset of each so many rows is kept. */
export const ANCHOR_ROWS = 1 << ANCHOR_BITS;

type Numbers = Float64Array | Uint32Array;

/** The same array, or a larger one with what it holds, so that there is room at `count`. */
function withRoom<T extends Numbers>(array: T, count: number): T {
  if (count < array.length) return array;
  const larger = new (array.constructor as new (length: number) => T)(Math.max(8, 2 * array.length));
  larger.set(array);
  return larger;
}

/** Index of the last of the first `count` rows that is not behind `row`; −1 where all are. */
export function lastNotBehind(rows: Uint32Array, count: number, row: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle] <= row) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

// In the memory: how many there are of each, then the widest first, so that each starts at a multiple of its width.
const HEAD_BYTES = 6 * 4;

export class ChunkDetails {
  /** All of it, once it is packed. */
  memory = new ArrayBuffer(0);
  shapes = new PacketShapes();
  anchors = new Float64Array(0);
  times = 0;
  timeBases = new Float64Array(0);
  timeRows = new Uint32Array(0);
  /** Payloads that are too large for their column. */
  larges = 0;
  largeRows = new Uint32Array(0);
  largeBytes = new Uint32Array(0);
  /** Where records without packets stood: the rows before which, and how many there were up to there. */
  others = 0;
  otherRows = new Uint32Array(0);
  otherCounts = new Uint32Array(0);

  anchor(row: number, offset: number): void {
    const at = row >>> ANCHOR_BITS;
    this.anchors = withRoom(this.anchors, at);
    this.anchors[at] = offset;
  }

  anchorOf(row: number): number {
    return this.anchors[row >>> ANCHOR_BITS];
  }

  addTime(row: number, base: number): void {
    if (this.times === 0 || this.timeRows[this.times - 1] !== row) this.times++;
    const at = this.times - 1;
    this.timeRows = withRoom(this.timeRows, at);
    this.timeBases = withRoom(this.timeBases, at);
    this.timeRows[at] = row;
    this.timeBases[at] = base;
  }

  addLarge(row: number, bytes: number): void {
    if (this.larges === 0 || this.largeRows[this.larges - 1] !== row) this.larges++;
    const at = this.larges - 1;
    this.largeRows = withRoom(this.largeRows, at);
    this.largeBytes = withRoom(this.largeBytes, at);
    this.largeRows[at] = row;
    this.largeBytes[at] = bytes;
  }

  largeAt(row: number): number {
    return this.largeBytes[lastNotBehind(this.largeRows, this.larges, row)];
  }

  addOthers(row: number, count: number): void {
    const before = this.others === 0 ? 0 : this.otherCounts[this.others - 1];
    if (this.others === 0 || this.otherRows[this.others - 1] !== row) this.others++;
    const at = this.others - 1;
    this.otherRows = withRoom(this.otherRows, at);
    this.otherCounts = withRoom(this.otherCounts, at);
    this.otherRows[at] = row;
    this.otherCounts[at] = before + count;
  }

  /** Records without packets up to a row. */
  othersBefore(row: number): number {
    const at = lastNotBehind(this.otherRows, this.others, row);
    return at < 0 ? 0 : this.otherCounts[at];
  }

  /** All of it in one piece of memory. */
  packed(rows: number): ArrayBuffer {
    const anchors = Math.ceil(rows / ANCHOR_ROWS);
    const { shapes, times, larges, others } = this;
    const bytes =
      HEAD_BYTES + 8 * (anchors + times) + 4 * (times + 2 * larges + 2 * others) + shapes.packedBytes;
    const memory = new ArrayBuffer(bytes);
    new Uint32Array(memory, 0, HEAD_BYTES / 4).set([anchors, times, larges, others, shapes.count]);
    const to = ChunkDetails.of(memory);
    to.anchors.set(this.anchors.subarray(0, anchors));
    to.timeBases.set(this.timeBases.subarray(0, times));
    to.timeRows.set(this.timeRows.subarray(0, times));
    to.largeRows.set(this.largeRows.subarray(0, larges));
    to.largeBytes.set(this.largeBytes.subarray(0, larges));
    to.otherRows.set(this.otherRows.subarray(0, others));
    to.otherCounts.set(this.otherCounts.subarray(0, others));
    to.shapes.copy(shapes);
    return memory;
  }

  /** What `packed` gave. */
  static of(memory: ArrayBuffer): ChunkDetails {
    const details = new ChunkDetails();
    details.memory = memory;
    const [anchors, times, larges, others, shapes] = new Uint32Array(memory, 0, HEAD_BYTES / 4);
    let at = HEAD_BYTES;
    const doubles = (count: number): Float64Array<ArrayBuffer> => {
      at += 8 * count;
      return new Float64Array(memory, at - 8 * count, count);
    };
    const words = (count: number): Uint32Array<ArrayBuffer> => {
      at += 4 * count;
      return new Uint32Array(memory, at - 4 * count, count);
    };
    details.anchors = doubles(anchors);
    details.timeBases = doubles(times);
    const extras = doubles(shapes);
    details.timeRows = words(times);
    details.largeRows = words(larges);
    details.largeBytes = words(larges);
    details.otherRows = words(others);
    details.otherCounts = words(others);
    details.shapes = PacketShapes.of(memory, at, extras);
    Object.assign(details, { times, larges, others });
    return details;
  }
}
