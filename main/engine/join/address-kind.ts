/** Addresses that never leave the network they are of, and so are translated on the way out. */
export function isPrivateAddress(words: Int32Array, at: number, ipVersion: number): boolean {
  const first = words[at] >>> 0;
  if (ipVersion === 4)
    return PRIVATE_IPV4.some(([net, bits]) => first >>> (32 - bits) === net >>> (32 - bits));
  // RFC 4193: fc00::/7.
  return first >>> 25 === 0xfc >> 1;
}

/** RFC 1918, and RFC 6598 for addresses between a carrier and its customers. */
const PRIVATE_IPV4: readonly (readonly [net: number, bits: number])[] = [
  [0x0a_00_00_00, 8],
  [0xac_10_00_00, 12],
  [0xc0_a8_00_00, 16],
  [0x64_40_00_00, 10],
];
