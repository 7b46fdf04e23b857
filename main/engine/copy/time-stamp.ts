/** Nanoseconds since 1970 as the stamp of a pcapng interface: the other way round than `read/pcapng-time.ts`. */

const SECOND = 1_000_000_000n;

/**
 * The stamp that is read as `timeNs` again, 64 bits.
 * @param tsresol if_tsresol: n for steps of 10^-n s, 0x80 | n for steps of 2^-n s
 * @param tsoffset if_tsoffset, seconds
 */
export function stampOf(timeNs: bigint, tsresol: number, tsoffset: bigint): bigint {
  const ns = timeNs - tsoffset * SECOND;
  const exponent = tsresol & 0x7f;
  let stamp: bigint;
  if ((tsresol & 0x80) !== 0) {
    // Rounded up, because readers round down. More than 64 bits of a fraction say nothing of a second.
    stamp = ((ns << BigInt(exponent)) + SECOND - 1n) / SECOND;
  } else if (exponent > 9) {
    stamp = ns * 10n ** BigInt(exponent - 9);
  } else {
    stamp = ns / 10n ** BigInt(9 - exponent);
  }
  return BigInt.asUintN(64, stamp);
}
