/** What the flags and the form of a packet in the index say, and how the bytes that it had on the wire are told. */

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
