/** Turns stored blocks into the parts of an `AssembledStream`, and says of each gap why it is there. */
import type { GapReason, PacketSpan, StreamPart } from './assembled.ts';
import type { Block } from './block-list.ts';

/** Ranges [from, to), added in any order; touching neighbours in arrival order share one entry. */
export class RangeSet {
  readonly #ranges: { from: number; to: number }[] = [];

  /** @returns whether an entry was added */
  add(from: number, to: number): boolean {
    const last = this.#ranges.at(-1);
    if (last !== undefined && from <= last.to && to >= last.from) {
      last.from = Math.min(last.from, from);
      last.to = Math.max(last.to, to);
      return false;
    }
    this.#ranges.push({ from, to });
    return true;
  }

  /** Sorted and merged. */
  merged(): readonly { readonly from: number; readonly to: number }[] {
    const merged: { from: number; to: number }[] = [];
    for (const { from, to } of [...this.#ranges].sort((a, b) => a.from - b.from)) {
      const last = merged.at(-1);
      if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
      else merged.push({ from, to });
    }
    return merged;
  }
}

/**
 * @param blocks sorted, without overlap, all within [0, length)
 * @param droppedFrom, droppedTo hull of what bounds dropped
 */
export function layOut(
  blocks: Iterable<Block>,
  length: number,
  cut: RangeSet,
  droppedFrom: number,
  droppedTo: number,
): StreamPart[] {
  const parts: StreamPart[] = [];
  const gaps = new GapWriter(parts, cut.merged(), droppedFrom, droppedTo);
  let run: Block[] = [];
  let at = 0;
  for (const block of blocks) {
    if (block.offset > at) {
      closeRun(parts, run);
      run = [];
      gaps.write(at, block.offset);
    }
    run.push(block);
    at = block.offset + block.bytes.length;
  }
  closeRun(parts, run);
  gaps.write(at, length);
  return parts;
}

function closeRun(parts: StreamPart[], run: readonly Block[]): void {
  if (run.length === 0) return;
  const offset = run[0].offset;
  const last = run[run.length - 1];
  const bytes = new Uint8Array(last.offset + last.bytes.length - offset);
  const packets: PacketSpan[] = [];
  for (const block of run) {
    bytes.set(block.bytes, block.offset - offset);
    packets.push({ packet: block.packet, offset: block.offset, length: block.bytes.length });
  }
  parts.push({ kind: 'data', offset, bytes, packets });
}

/** Writes gaps in ascending order; the cut ranges are walked once for all of them. */
class GapWriter {
  readonly #parts: StreamPart[];
  readonly #cut: readonly { readonly from: number; readonly to: number }[];
  readonly #droppedFrom: number;
  readonly #droppedTo: number;
  #next = 0;

  constructor(
    parts: StreamPart[],
    cut: readonly { readonly from: number; readonly to: number }[],
    droppedFrom: number,
    droppedTo: number,
  ) {
    this.#parts = parts;
    this.#cut = cut;
    this.#droppedFrom = droppedFrom;
    this.#droppedTo = droppedTo;
  }

  write(from: number, to: number): void {
    let at = from;
    while (at < to) {
      while (this.#next < this.#cut.length && this.#cut[this.#next].to <= at) this.#next++;
      const cut = this.#cut[this.#next] ?? { from: to, to };
      if (cut.from > at) {
        const end = Math.min(cut.from, to);
        this.#writeUncut(at, end);
        at = end;
      } else {
        const end = Math.min(cut.to, to);
        this.#push(at, end, 'cut-by-snaplen');
        at = end;
      }
    }
  }

  #writeUncut(from: number, to: number): void {
    const droppedFrom = Math.min(to, Math.max(from, this.#droppedFrom));
    const droppedTo = Math.max(droppedFrom, Math.min(to, this.#droppedTo));
    this.#push(from, droppedFrom, 'not-captured');
    this.#push(droppedFrom, droppedTo, 'over-limit');
    this.#push(droppedTo, to, 'not-captured');
  }

  #push(from: number, to: number, reason: GapReason): void {
    if (to > from) this.#parts.push({ kind: 'gap', offset: from, length: to - from, reason });
  }
}
