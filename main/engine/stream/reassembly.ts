/**
 * Puts one direction of a TCP flow together, on demand, from its segments in capture order.
 *
 * Overlap policy. `first` (the default choice): the bytes that arrived first stay, as a receiver has already
 * handed them to its application; Linux, Windows and the BSDs agree on that for data in order, and differ only
 * for data waiting behind a hole. `last`: the newest bytes win. Either way a difference is counted as conflict.
 *
 * Model: Zeek's Reassem (ordered blocks, 64-bit relative sequence numbers). Offsets are float64, exact to 2^53.
 *
 * Invariants
 * - Stored blocks do not overlap; the sum of their bytes is `#storedBytes` ≤ maxBytes.
 * - Stored blocks plus cut ranges are `#pieces` ≤ maxSegments.
 * - `#end` is the highest offset any accepted segment reached and never falls; sequence numbers are unwrapped
 *   around it, so the 32-bit circle may be crossed any number of times.
 */
import type { PacketNumber } from '../../../shared/base/units.ts';
import { seqAdd, seqDelta } from '../../../shared/base/seq.ts';
import { LIMITS } from '../limits.ts';
import type { AssembledStream, StreamConflict } from './assembled.ts';
import { BlockList, type Block } from './block-list.ts';
import { RangeSet, layOut } from './layout.ts';

export type OverlapPolicy = 'first' | 'last';

export interface AssemblerOptions {
  /** Captured bytes kept at most: LIMITS.maxReassemblyBytes. `finish` needs as much again for a moment. */
  readonly maxBytes: number;
  /** Separate pieces kept at most: LIMITS.maxReassemblySegments. */
  readonly maxSegments: number;
  readonly policy: OverlapPolicy;
}

/** No window reaches farther (RFC 7323 §2.3): a segment beyond it is not of this stream. */
const MAX_WINDOW = 2 ** 30;
const CIRCLE = 2 ** 32;

export class StreamAssembler {
  readonly #initialSeq: number;
  readonly #options: AssemblerOptions;
  readonly #blocks = new BlockList();
  readonly #cut = new RangeSet();
  readonly #conflicts: StreamConflict[] = [];
  /** Hull of what the bounds dropped; empty while start > end. */
  #droppedFrom = Infinity;
  #droppedTo = 0;
  #end = 0;
  #pieces = 0;
  #storedBytes = 0;

  readonly #retransmitted = { segments: 0, bytes: 0 };
  readonly #overlapDifferent = { segments: 0, bytes: 0 };
  readonly #dropped = { segments: 0, bytes: 0 };
  readonly #outside = { segments: 0, bytes: 0 };
  #outOfOrder = 0;
  #keepAlives = 0;

  /** @param initialSeq sequence number of the first byte: the SYN's plus one, or the lowest one seen */
  constructor(initialSeq: number, options: AssemblerOptions) {
    this.#initialSeq = initialSeq;
    this.#options = options;
  }

  /**
   * @param seq of the segment's first payload byte (of a SYN with data: its sequence number plus one)
   * @param bytes captured part of the payload; copied
   * @param wireLength payload bytes on the wire (≥ bytes.length; what exceeds it is not looked at)
   * @param packet number that conflicts and spans name
   */
  add(seq: number, bytes: Uint8Array, wireLength: number, packet: PacketNumber): void {
    if (wireLength <= 0) return;
    let start = this.#unwrap(seq);
    const end = start + wireLength;
    if (end <= 0 || Math.abs(start - this.#end) > MAX_WINDOW) {
      tally(this.#outside, wireLength);
      return;
    }
    let captured = bytes.length > wireLength ? bytes.subarray(0, wireLength) : bytes;
    if (start < 0) {
      tally(this.#outside, -start);
      captured = captured.subarray(Math.min(captured.length, -start));
      start = 0;
    }
    const highest = this.#end;
    if (wireLength === 1 && end === highest && this.#isKeepAlive(start, captured)) {
      this.#keepAlives++;
      return;
    }
    if (end > highest) this.#end = end;
    if (this.#store(start, captured, packet) && start < highest) this.#outOfOrder++;
    if (start + captured.length < end) this.#noteCut(start + captured.length, end);
  }

  /** The stream as far as it came. The assembler is spent afterwards. */
  finish(): AssembledStream {
    return {
      parts: layOut(this.#blocks, this.#end, this.#cut, this.#droppedFrom, this.#droppedTo),
      length: this.#end,
      retransmitted: this.#retransmitted,
      overlapDifferent: this.#overlapDifferent,
      conflicts: this.#conflicts,
      outOfOrder: this.#outOfOrder,
      keepAlives: this.#keepAlives,
      dropped: this.#dropped,
      outside: this.#outside,
    };
  }

  /** The offset nearest to `#end` that `seq` can mean. */
  #unwrap(seq: number): number {
    return this.#end + seqDelta(seq, seqAdd(this.#initialSeq, this.#end % CIRCLE));
  }

  /**
   * One byte at SND.NXT − 1 that differs from what was sent there is a keep-alive's garbage byte, as Windows sends
   * it, and must not look like somebody else's data.
   */
  #isKeepAlive(start: number, captured: Uint8Array): boolean {
    let differs = false;
    this.#blocks.overlapping(start, start + captured.length, (block) => {
      differs = block.bytes[start - block.offset] !== captured[0];
    });
    return differs;
  }

  /** Keeps what is new of the bytes and compares the rest. @returns whether anything was new */
  #store(start: number, bytes: Uint8Array, packet: PacketNumber): boolean {
    const end = start + bytes.length;
    const holes: number[] = [];
    let at = start;
    let same = 0;
    let differing = 0;
    this.#blocks.overlapping(start, end, (block) => {
      if (block.offset > at) holes.push(at, block.offset);
      const blockEnd = block.offset + block.bytes.length;
      const from = Math.max(start, block.offset);
      const to = Math.min(end, blockEnd);
      const different = this.#compare(block, bytes.subarray(from - start, to - start), from, packet);
      differing += different;
      same += to - from - different;
      at = to;
    });
    if (at < end) holes.push(at, end);
    if (same > 0) tally(this.#retransmitted, same);
    if (differing > 0) tally(this.#overlapDifferent, differing);
    let refused = 0;
    for (let i = 0; i < holes.length; i += 2) {
      const piece = bytes.subarray(holes[i] - start, holes[i + 1] - start);
      if (!this.#keep(holes[i], piece, packet)) refused += piece.length;
    }
    if (refused > 0) tally(this.#dropped, refused);
    return holes.length > 0;
  }

  #keep(offset: number, piece: Uint8Array, packet: PacketNumber): boolean {
    const { maxBytes, maxSegments } = this.#options;
    if (this.#pieces >= maxSegments || this.#storedBytes + piece.length > maxBytes) {
      this.#widenDropped(offset, offset + piece.length);
      return false;
    }
    this.#blocks.insert({ offset, bytes: piece.slice(), packet });
    this.#pieces++;
    this.#storedBytes += piece.length;
    return true;
  }

  /** @returns bytes that differ between the block and `bytes` at offset `from`, all of which the block covers */
  #compare(block: Block, bytes: Uint8Array, from: number, packet: PacketNumber): number {
    const at = from - block.offset;
    let first = -1;
    let last = -1;
    let differing = 0;
    for (let i = 0; i < bytes.length; i++) {
      if (block.bytes[at + i] === bytes[i]) continue;
      if (first < 0) first = i;
      last = i;
      differing++;
    }
    if (first < 0) return 0;
    if (this.#conflicts.length < LIMITS.maxStreamConflicts) {
      this.#conflicts.push({
        offset: from + first,
        length: last - first + 1,
        differing,
        firstPacket: block.packet,
        secondPacket: packet,
      });
    }
    // The block keeps its first packet's number: `conflicts` names the one that wrote over it.
    if (this.#options.policy === 'last') block.bytes.set(bytes, at);
    return differing;
  }

  #noteCut(from: number, to: number): void {
    if (this.#pieces >= this.#options.maxSegments) {
      this.#widenDropped(from, to);
      return;
    }
    if (this.#cut.add(from, to)) this.#pieces++;
  }

  #widenDropped(from: number, to: number): void {
    if (from < this.#droppedFrom) this.#droppedFrom = from;
    if (to > this.#droppedTo) this.#droppedTo = to;
  }
}

function tally(into: { segments: number; bytes: number }, bytes: number): void {
  into.segments++;
  into.bytes += bytes;
}
