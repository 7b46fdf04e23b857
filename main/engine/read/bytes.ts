/**
 * Numbers out of bytes by shifts. A DataView per record would cost an allocation; these are inlined by the
 * engine, and the branch on the byte order goes the same way for a whole file. The loops over a chunk's packets make one
 * view for all of them (`viewOf`), whose reads are one load each.
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

/** The same bytes, to be read as words. */
export function viewOf(data: Uint8Array): DataView {
  return new DataView(data.buffer, data.byteOffset, data.byteLength);
}

const CELL = new Float64Array(1);

/**
 * The same number, kept by V8 as those with a fraction are. What begins as a small integer and grows out of 31 bits, as
 * offsets and times do in the midst of a file, has all code thrown away that was compiled for small ones.
 */
export function asDouble(value: number): number {
  CELL[0] = value;
  return CELL[0];
}
