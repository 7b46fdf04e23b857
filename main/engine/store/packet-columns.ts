/**
 * What a packet itself says of the packet index's columns. The decoder fills them batch by batch: on the reading thread
 * in the index's own memory, in one thread in the batch's, from where the index takes them over by block copies.
 */

/** Bytes of one packet in these columns. */
export const PACKET_COLUMNS_BYTES = 8 + 4 * 3 + 2 * 6 + 3;

/** Upper bits of the `flags` column above the twelve TCP flags. */
export const FLAG_DF = 1 << 12;
export const FLAG_TIMESTAMPS = 1 << 13;
export const FLAG_INBOUND = 1 << 14;
export const FLAG_OUTBOUND = 1 << 15;

/** The lowest bits of the `form` column: KIND_* of decode/facts.ts. */
export const FORM_KIND = 0x07;
export const FORM_IP = 1 << 3;
export const FORM_IPV6 = 1 << 4;
/** Inside of another IP header: what IP and UDP fields have for values only the bytes can tell, of TCP there is one header still. */
export const FORM_TUNNEL = 1 << 5;
/** The datagram came in fragments, and is complete with this packet. */
export const FORM_FRAGMENTS = 1 << 6;
/** A length contradicts the bytes, or layers were left closed: only the bytes can tell what the packet has for fields. */
export const FORM_DOUBTFUL = 1 << 7;

/** The payload is not in one piece in the packet's own record. */
export const PAYLOAD_ELSEWHERE = 0xffff;

/** Only packets that are not IP can have more. */
export const MAX_OVERHEAD = 0xffff;

/** What is added to the overhead of doubtful IP packets, which may be negative: what was put together is longer than its last fragment. */
const OVERHEAD_BIAS = 0x8000;

function bias(form: number): number {
  return (form & (FORM_DOUBTFUL | FORM_IP)) === (FORM_DOUBTFUL | FORM_IP) ? OVERHEAD_BIAS : 0;
}

/** Overhead as the column keeps it. */
export function storedOverhead(overhead: number, form: number): number {
  return Math.min(MAX_OVERHEAD, Math.max(0, overhead + bias(form)));
}

/** Bytes that a packet had on the wire, by the columns. */
export function wireOf(payload: number, overhead: number, form: number): number {
  return payload + overhead - bias(form);
}

export class PacketColumns {
  /** Nanoseconds since the epoch. */
  readonly time: Float64Array;
  /** ICMP errors: type << 8 | code. DNS over UDP: what is asked, as `dnsQuestionKey` has it. */
  readonly seq: Int32Array;
  /** ICMP errors: the embedded sequence number. DNS over UDP: transaction ID << 16 | flags, where `seq` has its question. */
  readonly ack: Int32Array;
  readonly payload: Uint32Array;
  /** Bytes on the wire that are no payload: headers, padding, check sequence; at most MAX_OVERHEAD are told. */
  readonly overhead: Uint16Array;
  readonly window: Uint16Array;
  /** IPv4 identification; 0 for IPv6. */
  readonly ipId: Uint16Array;
  /** Twelve TCP flags, then FLAG_*. */
  readonly flags: Uint16Array;
  /** Where the payload starts in the captured packet; PAYLOAD_ELSEWHERE where it came in fragments. */
  readonly payloadAt: Uint16Array;
  /** 16 bits of the TCP options' bytes: those of two captures of one packet agree. 0 without options, or where the capture cuts them. */
  readonly optionDigest: Uint16Array;
  readonly ttl: Uint8Array;
  readonly tos: Uint8Array;
  /** What the packet is, and how far the other columns tell all of it: KIND_*, FORM_*. */
  readonly form: Uint8Array;

  /** @param at multiple of 8; `capacity` × PACKET_COLUMNS_BYTES from there are the columns' */
  constructor(buffer: ArrayBufferLike, at: number, capacity: number) {
    // Widest columns first, so that each starts at a multiple of its width.
    let next = at;
    const place = (width: number): number => {
      const here = next;
      next += width * capacity;
      return here;
    };
    this.time = new Float64Array(buffer, place(8), capacity);
    this.seq = new Int32Array(buffer, place(4), capacity);
    this.ack = new Int32Array(buffer, place(4), capacity);
    this.payload = new Uint32Array(buffer, place(4), capacity);
    this.overhead = new Uint16Array(buffer, place(2), capacity);
    this.window = new Uint16Array(buffer, place(2), capacity);
    this.ipId = new Uint16Array(buffer, place(2), capacity);
    this.flags = new Uint16Array(buffer, place(2), capacity);
    this.payloadAt = new Uint16Array(buffer, place(2), capacity);
    this.optionDigest = new Uint16Array(buffer, place(2), capacity);
    this.ttl = new Uint8Array(buffer, place(1), capacity);
    this.tos = new Uint8Array(buffer, place(1), capacity);
    this.form = new Uint8Array(buffer, place(1), capacity);
  }

  timeAt(row: number): number {
    return this.time[row];
  }
  setTime(row: number, ns: number): void {
    this.time[row] = ns;
  }

  /** What few packets of a chunk differ in is written and read together. */
  setShape(row: number, form: number, tos: number, ttl: number, overhead: number, payloadAt: number): void {
    this.form[row] = form;
    this.tos[row] = tos;
    this.ttl[row] = ttl;
    this.overhead[row] = overhead;
    this.payloadAt[row] = payloadAt;
  }
  formAt(row: number): number {
    return this.form[row];
  }
  tosAt(row: number): number {
    return this.tos[row];
  }
  ttlAt(row: number): number {
    return this.ttl[row];
  }
  overheadAt(row: number): number {
    return this.overhead[row];
  }
  /** As the column `payloadAt`. */
  payloadAtAt(row: number): number {
    return this.payloadAt[row];
  }

  setPayload(row: number, bytes: number): void {
    this.payload[row] = bytes;
  }
  /** Bytes of payload. */
  payloadBytesAt(row: number): number {
    return this.payload[row];
  }
  /** Bytes that it had on the wire. */
  wireAt(row: number): number {
    return wireOf(this.payload[row], this.overhead[row], this.form[row]);
  }

  setDigest(row: number, digest: number): void {
    this.optionDigest[row] = digest;
  }
  digestAt(row: number): number {
    return this.optionDigest[row];
  }

  /** Copies `count` rows of `from`, starting at `start`, to the rows from `row` on. */
  take(row: number, from: PacketColumns, start: number, count: number): void {
    const end = start + count;
    this.time.set(from.time.subarray(start, end), row);
    this.seq.set(from.seq.subarray(start, end), row);
    this.ack.set(from.ack.subarray(start, end), row);
    this.payload.set(from.payload.subarray(start, end), row);
    this.overhead.set(from.overhead.subarray(start, end), row);
    this.window.set(from.window.subarray(start, end), row);
    this.ipId.set(from.ipId.subarray(start, end), row);
    this.flags.set(from.flags.subarray(start, end), row);
    this.payloadAt.set(from.payloadAt.subarray(start, end), row);
    this.optionDigest.set(from.optionDigest.subarray(start, end), row);
    this.ttl.set(from.ttl.subarray(start, end), row);
    this.tos.set(from.tos.subarray(start, end), row);
    this.form.set(from.form.subarray(start, end), row);
  }
}
