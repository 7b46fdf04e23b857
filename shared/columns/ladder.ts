/**
 * Packets of one flow as columns, for drawings that look at all of them at once: a hundred thousand packets travel and stay
 * as thirteen arrays, 48 bytes a packet, where objects would take ten times that.
 *
 * Layout, native order of the arrays below (every machine that runs this is little-endian), no padding: u32 magic, u32 packets,
 * then the columns, the widest elements first, so that each begins where its elements are aligned.
 */
import { assert } from '../base/assert.ts';

export interface LadderColumns {
  readonly count: number;
  /** Nanoseconds since the analysis' epoch. */
  readonly timeNs: Float64Array;
  /** Number in the analysis, from 0. */
  readonly packet: Uint32Array;
  readonly file: Uint32Array;
  /** Number in its file, from 1. */
  readonly frame: Uint32Array;
  /** As on the wire; of an ICMP error type << 8 | code. */
  readonly seq: Uint32Array;
  readonly ack: Uint32Array;
  readonly payload: Uint32Array;
  /** Bytes on the wire. */
  readonly length: Uint32Array;
  /** The record of the reset that the packet is, or is told by (a burst); −1 for other packets. */
  readonly reset: Int32Array;
  /** As sent, unscaled. */
  readonly window: Uint16Array;
  /** Twelve TCP flags. */
  readonly flags: Uint16Array;
  /** shared/model/packet-marks.ts */
  readonly marks: Uint16Array;
  readonly ttl: Uint8Array;
  /** 0: from the client, 1: from the server. */
  readonly from: Uint8Array;
}

const MAGIC = 0x31_44_4c_52; // "RLD1"
const HEADER_BYTES = 8;
const BYTES_PER_PACKET = 8 + 8 * 4 + 3 * 2 + 2;

/** Empty columns of that many packets, in one buffer. */
export function makeLadderColumns(count: number): LadderColumns & { readonly bytes: Uint8Array } {
  const bytes = new Uint8Array(HEADER_BYTES + count * BYTES_PER_PACKET);
  new Uint32Array(bytes.buffer, 0, 2).set([MAGIC, count]);
  return { ...columnsIn(bytes.buffer, count), bytes };
}

function columnsIn(buffer: ArrayBuffer, count: number): LadderColumns {
  let at = HEADER_BYTES;
  const take = (bytes: number): number => {
    const start = at;
    at += count * bytes;
    return start;
  };
  return {
    count,
    timeNs: new Float64Array(buffer, take(8), count),
    packet: new Uint32Array(buffer, take(4), count),
    file: new Uint32Array(buffer, take(4), count),
    frame: new Uint32Array(buffer, take(4), count),
    seq: new Uint32Array(buffer, take(4), count),
    ack: new Uint32Array(buffer, take(4), count),
    payload: new Uint32Array(buffer, take(4), count),
    length: new Uint32Array(buffer, take(4), count),
    reset: new Int32Array(buffer, take(4), count),
    window: new Uint16Array(buffer, take(2), count),
    flags: new Uint16Array(buffer, take(2), count),
    marks: new Uint16Array(buffer, take(2), count),
    ttl: new Uint8Array(buffer, take(1), count),
    from: new Uint8Array(buffer, take(1), count),
  };
}

/** @throws where the bytes are no such columns */
export function decodeLadder(message: Uint8Array): LadderColumns {
  assert(message.length >= HEADER_BYTES, 'columns of packets have a header');
  // A copy begins where its elements are aligned; the message may lie anywhere in a frame.
  const bytes = message.slice();
  const [magic, count] = new Uint32Array(bytes.buffer, 0, 2);
  assert(magic === MAGIC, 'these are no columns of packets');
  assert(
    bytes.length === HEADER_BYTES + count * BYTES_PER_PACKET,
    'columns are as long as their header says',
  );
  return columnsIn(bytes.buffer, count);
}

/** The columns of several parts behind one another. */
export function joinLadders(parts: readonly LadderColumns[]): LadderColumns {
  if (parts.length === 1) return parts[0];
  const all = makeLadderColumns(parts.reduce((sum, { count }) => sum + count, 0));
  let at = 0;
  for (const part of parts) {
    all.timeNs.set(part.timeNs, at);
    all.packet.set(part.packet, at);
    all.file.set(part.file, at);
    all.frame.set(part.frame, at);
    all.seq.set(part.seq, at);
    all.ack.set(part.ack, at);
    all.payload.set(part.payload, at);
    all.length.set(part.length, at);
    all.reset.set(part.reset, at);
    all.window.set(part.window, at);
    all.flags.set(part.flags, at);
    all.marks.set(part.marks, at);
    all.ttl.set(part.ttl, at);
    all.from.set(part.from, at);
    at += part.count;
  }
  return all;
}
