/**
 * Numbers out of bytes by shifts. A DataView per record would cost an allocation; these are inlined by the
 * engine, and the branch on the byte order goes the same way for a whole file.
 */

export function readU16(data: Uint8Array, at: number, bigEndian: boolean): number {
  return bigEndian ? (data[at] << 8) | data[at + 1] : data[at] | (data[at + 1] << 8);
}

export function readU32(data: Uint8Array, at: number, bigEndian: boolean): number {
  return bigEndian
    ? ((data[at] << 24) | (data[at + 1] << 16) | (data[at + 2] << 8) | data[at + 3]) >>> 0
    : (data[at] | (data[at + 1] << 8) | (data[at + 2] << 16) | (data[at + 3] << 24)) >>> 0;
}

/** An unsigned 64-bit number. Allocates: for the rare fields only, never per packet. */
export function readU64(data: Uint8Array, at: number, bigEndian: boolean): bigint {
  const first = BigInt(readU32(data, at, bigEndian));
  const second = BigInt(readU32(data, at + 4, bigEndian));
  return bigEndian ? (first << 32n) | second : (second << 32n) | first;
}
