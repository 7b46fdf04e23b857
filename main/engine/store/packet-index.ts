/**
 * The packet index: what is kept of every packet, as columns in chunks of 65,536 packets.
 *
 * It exists so that a verdict can look back at any packet of a flow, and a list can show it, without reading the
 * file again: 49 bytes a packet instead of the packet. Chunks never move, so growth copies nothing.
 *
 * Invariants
 * - Packet numbers ascend over the whole analysis (but for `restart`): `chunk(n)` and `rowOf(n)` say where one is. They are dense inside a
 *   chunk and skip its rest where it was closed early.
 * - `previous` chains the packets of one flow backwards: newest → oldest, NO_PACKET ends it.
 * - File offsets are kept relative to the chunk's base and the chunk's packets belong to one file: a chunk is
 *   closed early (its last rows stay unused) when either would break.
 * - Of an endless capture the oldest chunks are let go: packets below `oldest` are gone and must not be asked for. Chains may
 *   lead there: whoever follows one asks `holds`, which is false for NO_PACKET, too. `file` is still known.
 */

import type { EvidenceFrames } from '../../../shared/model/verdict.ts';
import type { FlowRecord, Frame, Nanoseconds, PacketNumber, SeqNumber } from '../../../shared/base/units.ts';
import { PACKET_COLUMNS_BYTES, PacketColumns } from './packet-columns.ts';

const CHUNK_BITS = 16;
export const CHUNK_PACKETS = 1 << CHUNK_BITS;
const ROW_MASK = CHUNK_PACKETS - 1;

/** Row of a packet in its chunk. */
export function rowOf(packet: PacketNumber): number {
  return packet & ROW_MASK;
}

/** Index of the chunk that a packet is in. */
export function chunkOf(packet: PacketNumber): number {
  return packet >>> CHUNK_BITS;
}

/** Farther from its chunk's base no record can lie, bytes. */
export const MAX_CHUNK_OFFSET = 0xffff_ffff;

/** In the flow column, for a packet of no flow. */
export const NO_FLOW = 0x7fff_ffff as FlowRecord;

/** Bytes that one packet costs in the index. */
export const INDEX_BYTES_PER_PACKET = PACKET_COLUMNS_BYTES + 4 + 4 + 4 + 2;

/**
 * Memory for one chunk. Shared, for the reading thread fills the columns in place; and because V8 does not count shared
 * memory as a reason to collect: 230 MB of plain buffers made it mark the whole heap eight times.
 */
export function makeChunkMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(CHUNK_PACKETS * INDEX_BYTES_PER_PACKET);
}

/** 65,536 packets, all in one buffer: one allocation, and one thing for the collector to know of. */
export class PacketChunk extends PacketColumns {
  /** Record offset in the file, relative to `offsetBase`. */
  readonly offset: Uint32Array;
  /** flow << 1 | direction (0: from the client); NO_FLOW << 1 for none. */
  readonly flow: Uint32Array;
  readonly previous: Uint32Array;
  readonly marks: Uint16Array;

  readonly buffer: SharedArrayBuffer;
  readonly file: number;
  /** Frame number (from 1) of row 0 in its file. */
  readonly firstFrame: number;
  readonly offsetBase: number;
  /** Rows written. */
  used = 0;
  /** Where records without packets stood: the rows before which, ascending, and how many there were up to there. */
  #otherRows: number[] | undefined = undefined;
  #otherCounts: number[] = [];

  /** @param buffer of its rows, zeroed: that of a chunk that was let go, or one shared with the reading thread */
  constructor(file: number, firstFrame: number, offsetBase: number, buffer = makeChunkMemory()) {
    super(buffer, 0, CHUNK_PACKETS);
    this.file = file;
    this.firstFrame = firstFrame;
    this.offsetBase = offsetBase;
    const own = CHUNK_PACKETS * PACKET_COLUMNS_BYTES;
    this.offset = new Uint32Array(buffer, own, CHUNK_PACKETS);
    this.flow = new Uint32Array(buffer, own + 4 * CHUNK_PACKETS, CHUNK_PACKETS);
    this.previous = new Uint32Array(buffer, own + 8 * CHUNK_PACKETS, CHUNK_PACKETS);
    this.marks = new Uint16Array(buffer, own + 12 * CHUNK_PACKETS, CHUNK_PACKETS);
    this.buffer = buffer;
  }

  /** Frames that are none of the packets come before the next row. */
  skipFrames(count: number): void {
    const rows = (this.#otherRows ??= []);
    const last = rows.length - 1;
    if (last >= 0 && rows[last] === this.used) {
      this.#otherCounts[last] += count;
    } else {
      rows.push(this.used);
      this.#otherCounts.push((this.#otherCounts[last] ?? 0) + count);
    }
  }

  setOffset(row: number, fileOffset: number): void {
    this.offset[row] = fileOffset - this.offsetBase;
  }
  /** Byte offset of the packet's record in the (decompressed) file. */
  offsetAt(row: number): number {
    return this.offsetBase + this.offset[row];
  }

  frame(row: number): Frame {
    return (this.firstFrame +
      row +
      (this.#otherRows === undefined ? 0 : this.#othersBefore(this.#otherRows, row))) as Frame;
  }

  #othersBefore(rows: readonly number[], row: number): number {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle] <= row) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : this.#otherCounts[low - 1];
  }
}

export class PacketIndex {
  readonly #chunks: PacketChunk[] = [];
  /** Packets entered so far (rows in use; a number is not simply a count, because chunks may close early). */
  count = 0;
  /** Those of them that were let go. */
  gone = 0;
  /** The number that the next packet gets. */
  next = 0 as PacketNumber;
  /** Packets below this number are gone. */
  oldest = 0 as PacketNumber;
  /** Rows used of a chunk. */
  readonly #rows: number;
  /** By chunk. */
  readonly #files: number[] = [];
  #spare: SharedArrayBuffer | undefined = undefined;
  #file = -1;
  #framesOfFile = 0;

  constructor(chunkPackets = CHUNK_PACKETS) {
    this.#rows = Math.max(1, Math.min(CHUNK_PACKETS, chunkPackets));
  }

  /** Packets from here on belong to this file; its frames count from 1. */
  startFile(file: number): void {
    this.#file = file;
    this.#framesOfFile = 0;
    const last = this.#chunks[this.#chunks.length - 1];
    if (last !== undefined && rowOf(this.next) !== 0) this.closeChunk();
  }

  /** The next packet begins a chunk. */
  closeChunk(): void {
    this.next = (this.#chunks.length * CHUNK_PACKETS) as PacketNumber;
  }

  /** The next frames of the file are no packets. */
  skipFrames(count: number): void {
    this.#framesOfFile += count;
    // A chunk that is yet to begin counts from behind them.
    if (rowOf(this.next) !== 0) this.#chunks[chunkOf(this.next)].skipFrames(count);
  }

  /** Chunks that there were, those that were let go included. */
  get chunkCount(): number {
    return this.#chunks.length;
  }

  /** Whether the chunk is still here. */
  holdsChunk(index: number): boolean {
    return index >= chunkOf(this.oldest) && index < this.#chunks.length;
  }

  /** Packets of a chunk that is still here. */
  usedOf(index: number): number {
    return this.#chunks[index].used;
  }

  /** The file that all packets of a chunk are of. */
  fileOfChunk(index: number): number {
    return this.#files[index];
  }

  /** A chunk that is still here. */
  chunkAt(index: number): PacketChunk {
    return this.#chunks[index];
  }

  /** Chunks kept. */
  get chunksHeld(): number {
    return this.#chunks.length - chunkOf(this.oldest);
  }

  /** Whether the packet is still here. */
  holds(packet: PacketNumber): boolean {
    return packet >= this.oldest && packet < this.next;
  }

  /** Whether there is a packet of that number, whoever names it: numbers skip the rest of a chunk that was closed early. */
  has(packet: PacketNumber): boolean {
    return this.holds(packet) && rowOf(packet) < this.chunk(packet).used;
  }

  /** Lets go of the oldest chunk, which must be full or closed. */
  dropOldest(): void {
    const index = chunkOf(this.oldest);
    const chunk = this.#chunks[index];
    this.gone += chunk.used;
    // Only TCP and ICMP errors write their marks.
    chunk.marks.fill(0, 0, chunk.used);
    this.#spare = chunk.buffer;
    delete this.#chunks[index];
    this.oldest = ((index + 1) * CHUNK_PACKETS) as PacketNumber;
  }

  /** Numbers begin anew; every chunk was let go before. */
  restart(): void {
    this.#chunks.length = 0;
    this.#files.length = 0;
    this.next = 0 as PacketNumber;
    this.oldest = 0 as PacketNumber;
  }

  /** Frames of the current file so far. */
  get framesOfFile(): number {
    return this.#framesOfFile;
  }

  /**
   * Makes room for the next packet: in the row `rowOf(next)` of the chunk, where offset and time stand already. All else is the
   * caller's to write, but for the marks, which are none; then `end` counts it.
   * @param fileOffset of its record in the (decompressed) file
   */
  begin(fileOffset: number, timeNs: Nanoseconds): PacketChunk {
    let row = rowOf(this.next);
    const open = this.#chunks[chunkOf(this.next)];
    if (row >= this.#rows || (row !== 0 && fileOffset - open.offsetBase > MAX_CHUNK_OFFSET)) {
      this.closeChunk();
      row = 0;
    }
    if (row === 0) {
      this.#open(fileOffset, this.#spare);
      this.#spare = undefined;
    }
    const chunk = this.#chunks[this.#chunks.length - 1];
    chunk.setOffset(row, fileOffset);
    chunk.setTime(row, timeNs);
    chunk.marks[row] = 0;
    return chunk;
  }

  /** The packet that `begin` made room for is written. */
  end(): void {
    this.#grow(this.#chunks[this.#chunks.length - 1], 1);
  }

  #grow(chunk: PacketChunk, rows: number): void {
    chunk.used += rows;
    this.count += rows;
    this.#framesOfFile += rows;
    this.next = (this.next + rows) as PacketNumber;
  }

  #open(firstOffset: number, memory: SharedArrayBuffer | undefined): void {
    this.#chunks.push(new PacketChunk(this.#file, this.#framesOfFile + 1, firstOffset, memory));
    this.#files.push(this.#file);
  }

  /** Number of the packet in a row of the chunk with that index. */
  numberAt(chunk: number, row: number): PacketNumber {
    return (chunk * CHUNK_PACKETS + row) as PacketNumber;
  }

  chunk(packet: PacketNumber): PacketChunk {
    return this.#chunks[chunkOf(packet)];
  }

  time(packet: PacketNumber): Nanoseconds {
    return this.#chunks[chunkOf(packet)].timeAt(rowOf(packet)) as Nanoseconds;
  }
  flow(packet: PacketNumber): FlowRecord {
    return (this.#chunks[chunkOf(packet)].flow[rowOf(packet)] >>> 1) as FlowRecord;
  }
  /** 0: sent by the flow's client, 1: by its server. */
  direction(packet: PacketNumber): 0 | 1 {
    return (this.#chunks[chunkOf(packet)].flow[rowOf(packet)] & 1) as 0 | 1;
  }
  seq(packet: PacketNumber): SeqNumber {
    return this.#chunks[chunkOf(packet)].seq[rowOf(packet)] as SeqNumber;
  }
  ack(packet: PacketNumber): SeqNumber {
    return this.#chunks[chunkOf(packet)].ack[rowOf(packet)] as SeqNumber;
  }
  payload(packet: PacketNumber): number {
    return this.#chunks[chunkOf(packet)].payloadBytesAt(rowOf(packet));
  }
  payloadAt(packet: PacketNumber): number {
    return this.#chunks[chunkOf(packet)].payloadAtAt(rowOf(packet));
  }
  /** Bytes it had on the wire. */
  wire(packet: PacketNumber): number {
    return this.#chunks[chunkOf(packet)].wireAt(rowOf(packet));
  }
  previous(packet: PacketNumber): PacketNumber {
    return this.#chunks[chunkOf(packet)].previous[rowOf(packet)] as PacketNumber;
  }
  /** As PacketColumns.optionDigest. */
  optionDigest(packet: PacketNumber): number {
    return this.#chunks[chunkOf(packet)].digestAt(rowOf(packet));
  }
  window(packet: PacketNumber): number {
    return this.#chunks[chunkOf(packet)].window[rowOf(packet)];
  }
  ipId(packet: PacketNumber): number {
    return this.#chunks[chunkOf(packet)].ipId[rowOf(packet)];
  }
  /** Twelve TCP flags and FLAG_*. */
  flags(packet: PacketNumber): number {
    return this.#chunks[chunkOf(packet)].flags[rowOf(packet)];
  }
  marks(packet: PacketNumber): number {
    return this.#chunks[chunkOf(packet)].marks[rowOf(packet)];
  }
  ttl(packet: PacketNumber): number {
    return this.#chunks[chunkOf(packet)].ttlAt(rowOf(packet));
  }
  tos(packet: PacketNumber): number {
    return this.#chunks[chunkOf(packet)].tosAt(rowOf(packet));
  }
  /** KIND_* and FORM_*. */
  form(packet: PacketNumber): number {
    return this.#chunks[chunkOf(packet)].formAt(rowOf(packet));
  }
  file(packet: PacketNumber): number {
    return this.#files[chunkOf(packet)];
  }
  /** What evidence rests on, by the numbers that people know packets by. */
  framesOf(packets: readonly number[]): EvidenceFrames {
    return {
      frames: packets.map((packet) => this.frame(packet as PacketNumber)),
      files: packets.map((packet) => this.file(packet as PacketNumber)),
    };
  }

  /** Number in its file from 1, as Wireshark counts. */
  frame(packet: PacketNumber): Frame {
    return this.#chunks[chunkOf(packet)].frame(rowOf(packet));
  }
  /** Byte offset of its record in the (decompressed) file. */
  fileOffset(packet: PacketNumber): number {
    return this.#chunks[chunkOf(packet)].offsetAt(rowOf(packet));
  }

  /** Bytes that the columns take. */
  get bytes(): number {
    return this.chunksHeld * CHUNK_PACKETS * INDEX_BYTES_PER_PACKET;
  }
}
