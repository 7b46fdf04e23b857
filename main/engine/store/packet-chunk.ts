/**
 * Up to 4096 packets of one file, 32 bytes each: columns, all in one buffer, and what the columns point to (`ChunkDetails`).
 *
 * Whoever reads many rows reads the columns as they lie; `shape` leads to what many rows have in common, so that a question
 * about that can be answered once for all of them.
 */
import type { Frame } from '../../../shared/base/units.ts';
import { ANCHOR_ROWS, ChunkDetails, lastNotBehind } from './chunk-details.ts';
import { type PacketShapes, ShapeTable } from './packet-shapes.ts';

/** Bytes that one packet costs in the columns, … */
const ROW_BYTES = 4 * 5 + 2 * 6;
/** … and where captures are joined. */
const DIGEST_BYTES = 2;

export function rowBytes(hasDigests: boolean): number {
  return ROW_BYTES + (hasDigests ? DIGEST_BYTES : 0);
}

/** In the payload column: it is among `ChunkDetails.largeBytes`. */
const LARGE = 0xffff;

/** What of a chunk is known while it is away. */
export interface ChunkPlace {
  readonly file: number;
  /** Frame number (from 1) of row 0 in its file. */
  readonly firstFrame: number;
}

const NOT_FILLED = new ShapeTable();

export class PacketChunk {
  /** ICMP errors: type << 8 | code. DNS over UDP: what is asked, as `dnsQuestionKey` has it. */
  readonly seq: Int32Array;
  /** ICMP errors: the embedded sequence number. DNS over UDP: transaction ID << 16 | flags, where `seq` has its question. */
  readonly ack: Int32Array;
  /** flow << 1 | direction (0: from the client); NO_FLOW << 1 for none. */
  readonly flow: Uint32Array;
  readonly previous: Uint32Array;
  readonly window: Uint16Array;
  /** IPv4 identification; 0 for IPv6. */
  readonly ipId: Uint16Array;
  /** Twelve TCP flags, then FLAG_*. */
  readonly flags: Uint16Array;
  readonly marks: Uint16Array;
  /** Numbers in `shapes`. */
  readonly shape: Uint16Array;
  /** Nanoseconds from a base. */
  readonly #ticks: Int32Array;
  readonly #payload: Uint16Array;
  /** 16 bits of the TCP options' bytes; undefined where nobody will ask. */
  readonly #digests: Uint16Array | undefined;

  readonly buffer: ArrayBufferLike;
  readonly file: number;
  readonly firstFrame: number;
  /** Rows written. */
  used = 0;
  /** Whether it was asked for since the index last looked for one to put away. */
  isRecent = true;
  readonly details: ChunkDetails;
  /** Base of the newest time, and how many there are. */
  #base = NaN;
  #times: number;
  #shapes = NOT_FILLED;

  /** @param buffer of its columns, of which nothing is believed but what `used` rows say */
  constructor(
    place: ChunkPlace,
    rows: number,
    hasDigests: boolean,
    buffer: ArrayBufferLike,
    details = new ChunkDetails(),
  ) {
    this.buffer = buffer;
    this.details = details;
    this.file = place.file;
    this.firstFrame = place.firstFrame;
    this.#times = details.times;
    let next = 0;
    const place4 = (): number => (next += 4 * rows) - 4 * rows;
    const place2 = (): number => (next += 2 * rows) - 2 * rows;
    this.seq = new Int32Array(buffer, place4(), rows);
    this.ack = new Int32Array(buffer, place4(), rows);
    this.flow = new Uint32Array(buffer, place4(), rows);
    this.previous = new Uint32Array(buffer, place4(), rows);
    this.#ticks = new Int32Array(buffer, place4(), rows);
    this.#payload = new Uint16Array(buffer, place2(), rows);
    this.window = new Uint16Array(buffer, place2(), rows);
    this.ipId = new Uint16Array(buffer, place2(), rows);
    this.flags = new Uint16Array(buffer, place2(), rows);
    this.marks = new Uint16Array(buffer, place2(), rows);
    this.shape = new Uint16Array(buffer, place2(), rows);
    this.#digests = hasDigests ? new Uint16Array(buffer, place2(), rows) : undefined;
  }

  // ── the row that is written ─────────────────────────────────────────────────────────────────────────────

  /** Rows are going to be written. @param shapes finds their shapes, those of no other chunk meanwhile */
  startFilling(shapes: ShapeTable): void {
    shapes.begin(this.details.shapes);
    this.#shapes = shapes;
  }

  setTime(row: number, ns: number): void {
    const delta = ns - this.#base;
    const ticks = delta | 0;
    // Of times that are too far apart, or no whole numbers, or beyond what such a sum can tell exactly.
    if (ticks !== delta || this.#base + ticks !== ns) {
      this.#rebase(row, ns);
      return;
    }
    this.#ticks[row] = ticks;
  }

  #rebase(row: number, ns: number): void {
    this.#base = ns;
    this.details.addTime(row, ns);
    this.#times = this.details.times;
    this.#ticks[row] = 0;
  }

  setPayload(row: number, bytes: number): void {
    if (bytes < LARGE) {
      this.#payload[row] = bytes;
      return;
    }
    this.#payload[row] = LARGE;
    this.details.addLarge(row, bytes);
  }

  /** What few packets of a chunk differ in. */
  setShape(row: number, form: number, tos: number, ttl: number, overhead: number, payloadAt: number): void {
    this.shape[row] = this.#shapes.find(form, tos, ttl, overhead, payloadAt);
  }

  setDigest(row: number, digest: number): void {
    if (this.#digests !== undefined) this.#digests[row] = digest;
  }

  /**
   * The record of a row stands there.
   * @param before offset of that of the row before it
   */
  setOffset(row: number, offset: number, before: number): void {
    if (row % ANCHOR_ROWS === 0) {
      this.details.anchor(row, offset);
      return;
    }
    const last = row - 1;
    const stride = offset - before;
    const payload = this.#payload[last];
    if (this.#shapes.isUsual(payload, stride, offset) && payload !== LARGE) return;
    this.shape[last] = this.#shapes.fit(this.shape[last], this.payloadBytesAt(last), stride);
  }

  /** Frames that are none of the packets come before the next row. */
  skipFrames(count: number): void {
    this.details.addOthers(this.used, count);
  }

  // ── rows that are read ──────────────────────────────────────────────────────────────────────────────────

  get shapes(): PacketShapes {
    return this.details.shapes;
  }

  /** Nanoseconds since the epoch. */
  timeAt(row: number): number {
    const { timeBases } = this.details;
    if (this.#times === 1) return timeBases[0] + this.#ticks[row];
    const { timeRows, times } = this.details;
    return timeBases[lastNotBehind(timeRows, times, row)] + this.#ticks[row];
  }

  /** Writes the times of rows to the same places of `into`. */
  readTimes(from: number, to: number, into: Float64Array): void {
    const { timeRows, timeBases, times } = this.details;
    const ticks = this.#ticks;
    let at = lastNotBehind(timeRows, times, from);
    for (let row = from; row < to; at++) {
      const end = at + 1 < times ? Math.min(to, timeRows[at + 1]) : to;
      const base = timeBases[at];
      for (; row < end; row++) into[row] = base + ticks[row];
    }
  }

  /** Bytes of payload. */
  payloadBytesAt(row: number): number {
    const bytes = this.#payload[row];
    return bytes === LARGE ? this.details.largeAt(row) : bytes;
  }

  formAt(row: number): number {
    return this.details.shapes.form[this.shape[row]];
  }
  tosAt(row: number): number {
    return this.details.shapes.tos[this.shape[row]];
  }
  ttlAt(row: number): number {
    return this.details.shapes.ttl[this.shape[row]];
  }
  /** Bytes on the wire that are no payload: headers, padding, check sequence; at most MAX_OVERHEAD are told. */
  overheadAt(row: number): number {
    return this.details.shapes.overhead[this.shape[row]];
  }
  /** Where the payload starts in the captured packet; PAYLOAD_ELSEWHERE where it came in fragments. */
  payloadAtAt(row: number): number {
    return this.details.shapes.payloadAt[this.shape[row]];
  }
  /** Bytes that it had on the wire. */
  wireAt(row: number): number {
    return this.details.shapes.wire(this.shape[row], this.payloadBytesAt(row));
  }

  /** 16 bits of the TCP options' bytes: those of two captures of one packet agree. 0 without options, or where the capture cuts them. */
  digestAt(row: number): number {
    return this.#digests === undefined ? 0 : this.#digests[row];
  }

  /** Byte offset of the packet's record in the (decompressed) file. */
  offsetAt(row: number): number {
    let offset = this.details.anchorOf(row);
    const { shapes } = this.details;
    for (let before = row - (row % ANCHOR_ROWS); before < row; before++) {
      offset += shapes.stride(this.shape[before], this.payloadBytesAt(before));
    }
    return offset;
  }

  frame(row: number): Frame {
    const { others } = this.details;
    return (this.firstFrame + row + (others === 0 ? 0 : this.details.othersBefore(row))) as Frame;
  }

  /** The same packets in a buffer that has no room for more, and details that take no more than they need. */
  packed(make: (bytes: number) => ArrayBufferLike): PacketChunk {
    const rows = this.shape.length;
    const details = ChunkDetails.of(this.details.packed(this.used));
    const isFull = this.used > FULL_SHARE * rows;
    const buffer = isFull ? this.buffer : make(this.used * rowBytes(this.hasDigests));
    const chunk = new PacketChunk(this, isFull ? rows : this.used, this.hasDigests, buffer, details);
    chunk.used = this.used;
    if (!isFull) chunk.#take(this);
    return chunk;
  }

  get hasDigests(): boolean {
    return this.#digests !== undefined;
  }

  /** Bytes of memory that it takes. */
  get bytes(): number {
    return this.buffer.byteLength + this.details.memory.byteLength;
  }

  /** Rows that a chunk has room for. */
  get rows(): number {
    return this.shape.length;
  }

  #take(from: PacketChunk): void {
    const { used } = this;
    this.seq.set(from.seq.subarray(0, used));
    this.ack.set(from.ack.subarray(0, used));
    this.flow.set(from.flow.subarray(0, used));
    this.previous.set(from.previous.subarray(0, used));
    this.#ticks.set(from.#ticks.subarray(0, used));
    this.#payload.set(from.#payload.subarray(0, used));
    this.window.set(from.window.subarray(0, used));
    this.ipId.set(from.ipId.subarray(0, used));
    this.flags.set(from.flags.subarray(0, used));
    this.marks.set(from.marks.subarray(0, used));
    this.shape.set(from.shape.subarray(0, used));
    if (from.#digests !== undefined) this.#digests?.set(from.#digests.subarray(0, used));
  }
}

/** Chunks that are filled to more than this keep their memory. */
const FULL_SHARE = 0.9;
