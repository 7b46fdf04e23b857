/**
 * What stands below what on a ladder: packets, runs of packets that say nothing new, and silences. A rung is one of these with
 * its place in px, so that drawing a window of a hundred thousand costs what the window holds.
 *
 * Invariants: rungs are in order of packets and of px; every packet is on exactly one rung that is no silence; packets of `kept`
 * are never in a run.
 */
import type { FlowPackets } from './flow-packets.ts';
import { ACK, usualTtlOf } from './flow-packets.ts';

export const PACKET = 0;
export const RUN = 1;
export const SILENCE = 2;

export interface Rungs {
  readonly count: number;
  readonly kind: Uint8Array;
  /** First packet of the rung; of a silence the one after it. */
  readonly from: Uint32Array;
  /** One past its last. */
  readonly to: Uint32Array;
  readonly top: Float64Array;
  readonly height: Float32Array;
  readonly totalPx: number;
}

export interface RungOptions {
  readonly scale: 'rows' | 'time';
  /** Of scale `time`. */
  readonly pxPerNs: number;
  readonly rowPx: number;
  /** Runs that are shown packet by packet, by the number of the packet that they begin with. */
  readonly open: ReadonlySet<number>;
  /** Numbers of packets that somebody looks for. */
  readonly kept: ReadonlySet<number>;
}

/** Shorter silences are told by the time beside the packet alone. */
export const SILENCE_NS = 1e9;
/** Of a run its beginning, which often says what it is, and its end stay. */
const RUN_HEAD = 2;
const RUN_TAIL = 1;
const SHORTEST_RUN = 8;
/** To scale nothing is drawn farther apart than this: the axis is broken instead. */
export const BREAK_PX = 150;
/** Flags of packets that carry data or acknowledge, and nothing else: ACK and PSH. */
const PLAIN = 0x18;

export function layRungs(packets: FlowPackets, options: RungOptions): Rungs {
  const { columns } = packets;
  const builder = new Builder(columns.count, options, columns.timeNs);
  for (let at = 0; at < columns.count;) {
    const end = runEnd(packets, at, options.kept);
    const isRun = end - at >= SHORTEST_RUN && !options.open.has(columns.packet[at + RUN_HEAD]);
    const fold = isRun ? at + RUN_HEAD : end;
    for (; at < fold; at++) builder.add(PACKET, at, at + 1);
    if (!isRun) continue;
    builder.add(RUN, at, end - RUN_TAIL);
    for (at = end - RUN_TAIL; at < end; at++) builder.add(PACKET, at, at + 1);
  }
  return builder.rungs();
}

/** One past the last packet that goes on with what the one at `from` does: data of one side, acknowledgements of the other. */
function runEnd(packets: FlowPackets, from: number, kept: ReadonlySet<number>): number {
  const { columns } = packets;
  let sender = -1;
  let at = from;
  for (; at < columns.count && isPlain(packets, at) && !kept.has(columns.packet[at]); at++) {
    if (at > from && columns.timeNs[at] - columns.timeNs[at - 1] >= SILENCE_NS) break;
    if (columns.payload[at] === 0) continue;
    if (sender >= 0 && columns.from[at] !== sender) break;
    sender = columns.from[at];
  }
  return Math.max(at, from + 1);
}

function isPlain(packets: FlowPackets, at: number): boolean {
  const { columns, isTcp, foreign, repeatedBy, courses } = packets;
  if (columns.marks[at] !== 0 || columns.ttl[at] !== usualTtlOf(packets, at) || foreign.has(at)) return false;
  // What appeared, vanished or was changed on its way is never folded.
  if (courses !== null && courses.fate[at] !== 0) return false;
  // Of a segment that is sent again both are shown.
  if (repeatedBy[at] >= 0) return false;
  return !isTcp || ((columns.flags[at] & ~PLAIN) === 0 && (columns.flags[at] & ACK) !== 0);
}

class Builder {
  readonly #options: RungOptions;
  readonly #times: Float64Array;
  readonly #kind: Uint8Array;
  readonly #from: Uint32Array;
  readonly #to: Uint32Array;
  readonly #top: Float64Array;
  readonly #height: Float32Array;
  #count = 0;
  #px = 0;

  constructor(packets: number, options: RungOptions, times: Float64Array) {
    this.#options = options;
    this.#times = times;
    const room = 2 * packets;
    this.#kind = new Uint8Array(room);
    this.#from = new Uint32Array(room);
    this.#to = new Uint32Array(room);
    this.#top = new Float64Array(room);
    this.#height = new Float32Array(room);
  }

  add(kind: number, from: number, to: number): void {
    const { rowPx, scale, pxPerNs } = this.#options;
    if (from > 0) {
      const pause = this.#times[from] - this.#times[from - 1];
      const px = scale === 'time' ? pause * pxPerNs : rowPx;
      if (scale === 'time' ? px > BREAK_PX : pause >= SILENCE_NS) this.#put(SILENCE, from, from, rowPx);
      // Arrows stand in the middle of their rows: what is more than a row is empty space before this one.
      else if (px > rowPx) this.#px += px - rowPx;
    }
    this.#put(kind, from, to, rowPx);
  }

  #put(kind: number, from: number, to: number, height: number): void {
    const at = this.#count++;
    this.#kind[at] = kind;
    this.#from[at] = from;
    this.#to[at] = to;
    this.#top[at] = this.#px;
    this.#height[at] = height;
    this.#px += height;
  }

  rungs(): Rungs {
    const count = this.#count;
    return {
      count,
      kind: this.#kind.subarray(0, count),
      from: this.#from.subarray(0, count),
      to: this.#to.subarray(0, count),
      top: this.#top.subarray(0, count),
      height: this.#height.subarray(0, count),
      totalPx: this.#px,
    };
  }
}

/** The last rung that begins at or above that place; 0 for a place above all. */
export function rungAt({ top, count }: Rungs, px: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (top[middle] <= px) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** The rung that a packet of the columns is on. */
export function rungOf({ from, kind, count }: Rungs, index: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (from[middle] <= index) low = middle + 1;
    else high = middle;
  }
  const at = Math.max(0, low - 1);
  return kind[at] === SILENCE && at + 1 < count ? at + 1 : at;
}

/** Where a number of the analysis stands in the columns; −1 for nowhere. */
export function indexOfPacket({ columns, lookup }: FlowPackets, packet: number): number {
  const numbers = lookup?.packets ?? columns.packet;
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < packet) low = middle + 1;
    else high = middle;
  }
  if (low >= numbers.length || numbers[low] !== packet) return -1;
  return lookup === null ? low : lookup.rows[low];
}

/** The number by which the ladder knows a packet: where several capture points saw it, that of the first on its way. */
export function standingFor(packets: FlowPackets, packet: number): number {
  const index = packets.lookup === null ? -1 : indexOfPacket(packets, packet);
  return index < 0 ? packet : packets.columns.packet[index];
}

/** The next rung in that direction that is no silence; the same where there is none. */
export function nextRung({ kind, count }: Rungs, at: number, step: 1 | -1): number {
  let next = at + step;
  while (next >= 0 && next < count && kind[next] === SILENCE) next += step;
  return next >= 0 && next < count ? next : at;
}

/** A scale at which the middle pause of the connection is one and a half rows. */
export function usualScale({ columns }: FlowPackets, rowPx: number): number {
  const SAMPLES = 2000;
  const step = Math.max(1, Math.floor(columns.count / SAMPLES));
  const pauses: number[] = [];
  for (let i = step; i < columns.count; i += step) {
    const pause = columns.timeNs[i] - columns.timeNs[i - 1];
    if (pause > 0) pauses.push(pause);
  }
  if (pauses.length === 0) return rowPx / 1e6;
  pauses.sort((a, b) => a - b);
  return (1.5 * rowPx) / pauses[Math.floor(pauses.length / 2)];
}
