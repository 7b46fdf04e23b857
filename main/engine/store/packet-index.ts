/**
 * The packet index: what is kept of every packet, as columns in chunks of 4096 packets.
 *
 * It exists so that a verdict can look back at any packet of a flow, and a list can show it, without reading the
 * file again: 32 bytes a packet instead of the packet. Full chunks beyond what memory they may take are put into a file of ours
 * and come back when somebody asks for them; growth copies nothing.
 *
 * Invariants
 * - Packet numbers ascend over the whole analysis (but for `restart`): `chunk(n)` and `rowOf(n)` say where one is. They are dense inside a
 *   chunk and skip its rest where it was closed early.
 * - `previous` chains the packets of one flow backwards: newest → oldest, NO_PACKET ends it.
 * - A chunk's packets belong to one file: it is closed early (its last rows stay unused) where the next one begins.
 * - Only the newest chunk is written to. Memory of older ones is used again, but by packets that are entered, never by a chunk that
 *   comes back: whoever holds a chunk sees its rows until packets are entered, and asks for it anew after that.
 * - Of an endless capture the oldest chunks are let go: packets below `oldest` are gone and must not be asked for. Chains may
 *   lead there: whoever follows one asks `holds`, which is false for NO_PACKET, too. `file` is still known.
 */

import type { EvidenceFrames } from '../../../shared/model/verdict.ts';
import type { FlowRecord, Frame, Nanoseconds, PacketNumber, SeqNumber } from '../../../shared/base/units.ts';
import { LIMITS } from '../limits.ts';
import type { SpillSpace } from '../spill-space.ts';
import { type ChunkPlace, PacketChunk, rowBytes } from './packet-chunk.ts';
import { ShapeTable } from './packet-shapes.ts';
import { type SpilledChunk, forgetChunk, putChunk, readChunk } from './spill.ts';

export { PacketChunk } from './packet-chunk.ts';

/** Small, so that to look at one packet of a chunk in the file costs little more than to ask the system for it. */
const CHUNK_BITS = 12;
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

/** In the flow column, for a packet of no flow. */
export const NO_FLOW = 0x7fff_ffff as FlowRecord;

/** Bytes that one packet costs in the index. */
export const INDEX_BYTES_PER_PACKET = rowBytes(false);

/** Part of the budget that chunks may take whatever others do. */
const LEAST_SHARE = 1 / 4;

/** What of a chunk is known while it is away. */
interface ChunkHead extends ChunkPlace {
  used: number;
  spilled: SpilledChunk | undefined;
}

export interface IndexMemory {
  /** Rows used of a chunk, CHUNK_PACKETS at most. */
  readonly chunkPackets?: number | undefined;
  /** Where chunks go that there is no memory for; without it all stay. */
  readonly spill?: SpillSpace | undefined;
  /** Bytes that chunks may take in memory, but for the newest and one more. */
  readonly budget?: number;
  /** Told once when there is no room for what should go there: all stays in memory from then on. */
  readonly onSpillFull?: () => void;
}

export class PacketIndex {
  /** Packets entered so far (rows in use; a number is not simply a count, because chunks may close early). */
  count = 0;
  /** Those of them that were let go. */
  gone = 0;
  /** The number that the next packet gets. */
  next = 0 as PacketNumber;
  /** Packets below this number are gone. */
  oldest = 0 as PacketNumber;
  /** Whether the digests of TCP options are kept. */
  keepsDigests = false;
  /** Chunks read again, and chunks written. */
  readonly traffic = { read: 0, written: 0 };

  /** By chunk. Those of chunks that were let go stay, for their files. */
  readonly #heads: ChunkHead[] = [];
  /** By chunk; undefined where it is in the file, or gone. */
  readonly #chunks: (PacketChunk | undefined)[] = [];
  /** The chunk that is filled; undefined where the next packet begins one. */
  #open: PacketChunk | undefined = undefined;
  readonly #shapes = new ShapeTable();
  /** Where the record of the newest packet stands. */
  #offset = 0;
  readonly #rows: number;
  readonly #budget: number;
  #spill: SpillSpace | undefined;
  readonly #onSpillFull: () => void;
  /** Bytes that the chunks in memory take. */
  #held = 0;
  /** Bytes of the budget that are for others. */
  #taken = 0;
  #isSpillFull = false;
  /** Where the search for a chunk to put away goes on. */
  #hand = 0;
  #spare: ArrayBufferLike | undefined = undefined;
  #file = -1;
  #framesOfFile = 0;

  constructor(memory: IndexMemory = {}) {
    const { chunkPackets = CHUNK_PACKETS, spill, budget = LIMITS.maxIndexBytes } = memory;
    this.#rows = Math.max(1, Math.min(CHUNK_PACKETS, chunkPackets));
    this.#budget = budget;
    this.#spill = spill;
    this.#onSpillFull = memory.onSpillFull ?? (() => undefined);
  }

  /** Packets from here on belong to this file; its frames count from 1. */
  startFile(file: number): void {
    this.#file = file;
    this.#framesOfFile = 0;
    this.closeChunk();
  }

  /** Others that cannot be put aside take so many bytes of memory: chunks have so much less, but for a share that they keep. */
  leaveRoom(bytes: number): void {
    this.#taken = bytes;
  }

  /** The next packet begins a chunk. */
  closeChunk(): void {
    this.#seal();
    this.next = (this.#heads.length * CHUNK_PACKETS) as PacketNumber;
  }

  /** The next frames of the file are no packets. */
  skipFrames(count: number): void {
    this.#framesOfFile += count;
    // A chunk that is yet to begin counts from behind them.
    this.#open?.skipFrames(count);
  }

  /** Chunks that there were, those that were let go included. */
  get chunkCount(): number {
    return this.#heads.length;
  }

  /** Whether the chunk is still here. */
  holdsChunk(index: number): boolean {
    return index >= chunkOf(this.oldest) && index < this.#heads.length;
  }

  /** Packets of a chunk that is still here. */
  usedOf(index: number): number {
    const open = this.#open;
    return open !== undefined && index === this.#heads.length - 1 ? open.used : this.#heads[index].used;
  }

  /** The file that all packets of a chunk are of. */
  fileOfChunk(index: number): number {
    return this.#heads[index].file;
  }

  /** A chunk that is still here. */
  chunkAt(index: number): PacketChunk {
    const chunk = this.#chunks[index];
    if (chunk === undefined) return this.#fetch(index);
    chunk.isRecent = true;
    return chunk;
  }

  /** Chunks kept. */
  get chunksHeld(): number {
    return this.#heads.length - chunkOf(this.oldest);
  }

  /** Whether the packet is still here. */
  holds(packet: PacketNumber): boolean {
    return packet >= this.oldest && packet < this.next;
  }

  /** Whether there is a packet of that number, whoever names it: numbers skip the rest of a chunk that was closed early. */
  has(packet: PacketNumber): boolean {
    return this.holds(packet) && rowOf(packet) < this.usedOf(chunkOf(packet));
  }

  /** Lets go of the oldest chunk, which must be full or closed. */
  dropOldest(): void {
    const index = chunkOf(this.oldest);
    if (index === this.#heads.length - 1) this.#seal();
    const head = this.#heads[index];
    this.gone += head.used;
    this.#release(index);
    this.#forgetSpilled(head);
    this.oldest = ((index + 1) * CHUNK_PACKETS) as PacketNumber;
  }

  /** Nothing will be asked any more. */
  close(): void {
    for (const head of this.#heads) this.#forgetSpilled(head);
    this.#spill = undefined;
  }

  #forgetSpilled(head: ChunkHead): void {
    if (head.spilled !== undefined && this.#spill !== undefined) forgetChunk(this.#spill, head.spilled);
    head.spilled = undefined;
  }

  /** Numbers begin anew; every chunk was let go before. */
  restart(): void {
    this.#heads.length = 0;
    this.#chunks.length = 0;
    this.#open = undefined;
    this.#hand = 0;
    this.next = 0 as PacketNumber;
    this.oldest = 0 as PacketNumber;
  }

  /** Frames of the current file so far. */
  get framesOfFile(): number {
    return this.#framesOfFile;
  }

  // ── packets in ──────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Makes room for the next packet: in the row `rowOf(next)` of the chunk, where offset and time stand already. All else is the
   * caller's to write, but for the marks, which are none; then `end` counts it.
   * @param fileOffset of its record in the (decompressed) file
   */
  begin(fileOffset: number, timeNs: Nanoseconds): PacketChunk {
    let chunk = this.#open;
    if (chunk === undefined || chunk.used >= this.#rows) {
      this.closeChunk();
      chunk = this.#openChunk();
    }
    const row = chunk.used;
    chunk.setOffset(row, fileOffset, this.#offset);
    chunk.setTime(row, timeNs);
    chunk.marks[row] = 0;
    this.#offset = fileOffset;
    return chunk;
  }

  /** The packet that `begin` made room for is written. */
  end(): void {
    const chunk = this.#open;
    if (chunk === undefined) return;
    chunk.used++;
    this.count++;
    this.#framesOfFile++;
    this.next = (this.next + 1) as PacketNumber;
  }

  #openChunk(): PacketChunk {
    const bytes = this.#rows * rowBytes(this.keepsDigests);
    this.#makeRoom(bytes);
    const head = { file: this.#file, firstFrame: this.#framesOfFile + 1, used: 0, spilled: undefined };
    const isFitting = this.#spare?.byteLength === bytes;
    const buffer = isFitting && this.#spare !== undefined ? this.#spare : makeMemory(bytes);
    this.#spare = undefined;
    const chunk = new PacketChunk(head, this.#rows, this.keepsDigests, buffer);
    chunk.startFilling(this.#shapes);
    this.#heads.push(head);
    this.#chunks.push(chunk);
    this.#held += chunk.bytes;
    this.#open = chunk;
    return chunk;
  }

  /** What is filled is complete: it takes no more memory than it needs. */
  #seal(): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    const packed = open.packed(makeMemory);
    this.#heads[this.#heads.length - 1].used = open.used;
    this.#chunks[this.#heads.length - 1] = packed;
    this.#held += packed.bytes - open.bytes;
    if (packed.buffer !== open.buffer) this.#spare = open.buffer;
  }

  // ── chunks out and in again ─────────────────────────────────────────────────────────────────────────────

  #fetch(index: number): PacketChunk {
    const head = this.#heads[index];
    const spill = this.#spill;
    if (head.spilled === undefined || spill === undefined) throw new Error(`chunk ${index} is gone`);
    this.#makeRoom(head.spilled.columns.bytes + head.spilled.details.bytes);
    // Its memory is to be of its own: others may still be looked at.
    this.#spare = undefined;
    const chunk = readChunk(spill, head, head.spilled);
    this.traffic.read++;
    this.#held += chunk.bytes;
    this.#chunks[index] = chunk;
    return chunk;
  }

  /** Puts chunks away until so much more can be held, as far as there is room for them. */
  #makeRoom(bytes: number): void {
    const budget = Math.max(LEAST_SHARE * this.#budget, this.#budget - this.#taken);
    while (this.#held + bytes > budget) {
      const index = this.#leastRecent();
      const chunk = index < 0 ? undefined : this.#chunks[index];
      if (chunk === undefined || !this.#isWritten(index, chunk)) return;
      this.#release(index);
    }
  }

  #isWritten(index: number, chunk: PacketChunk): boolean {
    const head = this.#heads[index];
    if (head.spilled !== undefined) return true;
    if (this.#isSpillFull) return false;
    head.spilled = this.#spill === undefined ? undefined : putChunk(this.#spill, chunk);
    if (head.spilled !== undefined) {
      this.traffic.written++;
      return true;
    }
    this.#isSpillFull = true;
    this.#onSpillFull();
    return false;
  }

  #release(index: number): void {
    const chunk = this.#chunks[index];
    if (chunk === undefined) return;
    this.#held -= chunk.bytes;
    this.#spare = chunk.buffer;
    this.#chunks[index] = undefined;
  }

  /** A chunk in memory that nobody asked for while all others had their turn; −1 where there is none but the newest. */
  #leastRecent(): number {
    const first = chunkOf(this.oldest);
    const end = this.#heads.length - (this.#open === undefined ? 0 : 1);
    const most = 2 * (end - first);
    for (let step = 0; step < most; step++) {
      const index = this.#hand >= first && this.#hand < end ? this.#hand : first;
      this.#hand = index + 1;
      const chunk = this.#chunks[index];
      if (chunk === undefined) continue;
      if (!chunk.isRecent) return index;
      chunk.isRecent = false;
    }
    return -1;
  }

  /** Number of the packet in a row of the chunk with that index. */
  numberAt(chunk: number, row: number): PacketNumber {
    return (chunk * CHUNK_PACKETS + row) as PacketNumber;
  }

  chunk(packet: PacketNumber): PacketChunk {
    return this.chunkAt(chunkOf(packet));
  }

  time(packet: PacketNumber): Nanoseconds {
    return this.chunk(packet).timeAt(rowOf(packet)) as Nanoseconds;
  }
  flow(packet: PacketNumber): FlowRecord {
    return (this.chunk(packet).flow[rowOf(packet)] >>> 1) as FlowRecord;
  }
  /** 0: sent by the flow's client, 1: by its server. */
  direction(packet: PacketNumber): 0 | 1 {
    return (this.chunk(packet).flow[rowOf(packet)] & 1) as 0 | 1;
  }
  seq(packet: PacketNumber): SeqNumber {
    return this.chunk(packet).seq[rowOf(packet)] as SeqNumber;
  }
  ack(packet: PacketNumber): SeqNumber {
    return this.chunk(packet).ack[rowOf(packet)] as SeqNumber;
  }
  payload(packet: PacketNumber): number {
    return this.chunk(packet).payloadBytesAt(rowOf(packet));
  }
  payloadAt(packet: PacketNumber): number {
    return this.chunk(packet).payloadAtAt(rowOf(packet));
  }
  /** Bytes it had on the wire. */
  wire(packet: PacketNumber): number {
    return this.chunk(packet).wireAt(rowOf(packet));
  }
  previous(packet: PacketNumber): PacketNumber {
    return this.chunk(packet).previous[rowOf(packet)] as PacketNumber;
  }
  /** As PacketColumns.optionDigest. */
  optionDigest(packet: PacketNumber): number {
    return this.chunk(packet).digestAt(rowOf(packet));
  }
  window(packet: PacketNumber): number {
    return this.chunk(packet).window[rowOf(packet)];
  }
  ipId(packet: PacketNumber): number {
    return this.chunk(packet).ipId[rowOf(packet)];
  }
  /** Twelve TCP flags and FLAG_*. */
  flags(packet: PacketNumber): number {
    return this.chunk(packet).flags[rowOf(packet)];
  }
  marks(packet: PacketNumber): number {
    return this.chunk(packet).marks[rowOf(packet)];
  }
  ttl(packet: PacketNumber): number {
    return this.chunk(packet).ttlAt(rowOf(packet));
  }
  tos(packet: PacketNumber): number {
    return this.chunk(packet).tosAt(rowOf(packet));
  }
  /** KIND_* and FORM_*. */
  form(packet: PacketNumber): number {
    return this.chunk(packet).formAt(rowOf(packet));
  }
  file(packet: PacketNumber): number {
    return this.#heads[chunkOf(packet)].file;
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
    return this.chunk(packet).frame(rowOf(packet));
  }
  /** Byte offset of its record in the (decompressed) file. */
  fileOffset(packet: PacketNumber): number {
    return this.chunk(packet).offsetAt(rowOf(packet));
  }

  /** Bytes that it takes in memory. */
  get bytes(): number {
    return this.#held;
  }
}

/** Shared, because V8 does not count that as a reason to collect: 230 MB of plain buffers made it mark the whole heap eight times. */
function makeMemory(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytes);
}
