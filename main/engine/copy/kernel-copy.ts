/** Kernel witness blocks (`read/pcapng-kernel.ts` has their layout) out of a section of either byte order into one of little endian. */

/** Fields of two and four bytes in the fixed part; addresses and texts follow no order. */
const WORDS_16: readonly number[] = [0, 12, 14, 54, 56, 58];
const WORDS_32: readonly number[] = [4, 8, 16];
const FIXED_BYTES = 60;

/** @param body of a block that was read; it is not changed */
export function kernelBlockInLittleEndian(body: Uint8Array, bigEndian: boolean): Uint8Array {
  const copy = body.slice();
  if (!bigEndian || copy.length < FIXED_BYTES) return copy;
  for (const at of WORDS_16) copy.subarray(at, at + 2).reverse();
  for (const at of WORDS_32) copy.subarray(at, at + 4).reverse();
  return copy;
}
