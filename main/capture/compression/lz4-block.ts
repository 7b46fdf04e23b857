/** Decodes one LZ4 block (lz4_Block_format.md). */

/** How far back a match can reach. */
export const LZ4_HISTORY_BYTES = 64 * 1024;

const MIN_MATCH = 4;

/**
 * Decodes the block `input` to `output[at …)`.
 * @param lowest lowest position of the output that matches may reach back to
 * @param limit end of the output's room
 * @returns the bytes put out, or −1 where the block is damaged; nothing outside the bounds is touched
 */
export function decodeLz4Block(
  input: Uint8Array,
  output: Uint8Array,
  at: number,
  lowest: number,
  limit: number,
): number {
  const end = input.length;
  let from = 0;
  let to = at;
  while (from < end) {
    const token = input[from++];
    let literals = token >>> 4;
    if (literals === 15) {
      let more: number;
      do {
        if (from >= end) return -1;
        more = input[from++];
        literals += more;
      } while (more === 255);
    }
    if (from + literals > end || to + literals > limit) return -1;
    if (literals <= 32) {
      for (let i = 0; i < literals; i++) output[to++] = input[from++];
    } else {
      output.set(input.subarray(from, from + literals), to);
      from += literals;
      to += literals;
    }
    // The last sequence of a block is literals only.
    if (from === end) return to - at;
    if (from + 2 > end) return -1;
    const distance = input[from] | (input[from + 1] << 8);
    from += 2;
    let length = (token & 15) + MIN_MATCH;
    if (length === 15 + MIN_MATCH) {
      let more: number;
      do {
        if (from >= end) return -1;
        more = input[from++];
        length += more;
      } while (more === 255);
    }
    let source = to - distance;
    if (distance === 0 || source < lowest || to + length > limit) return -1;
    const stop = to + length;
    if (length > 64 && distance >= length) {
      output.copyWithin(to, source, source + length);
      to = stop;
    } else {
      // Byte by byte, as a match may overlap what it writes.
      while (to < stop) output[to++] = output[source++];
    }
  }
  return -1;
}
