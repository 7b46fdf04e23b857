/**
 * Addresses that are of a kind which verdicts and readers depend on: loopback, private, multicast and so on. What is of a kind stays of
 * it, and nothing else becomes of it.
 *
 * A block stays a block when none of the bits that lead to it are turned. So no bit is turned for which the bits before it are the
 * beginning of a block's prefix: that costs an ordinary address the secrecy of its first few bits (docs/anonymise.md says how many),
 * and keeps Crypto-PAn's properties, for the choice depends on the bits before alone.
 */

interface Block {
  readonly prefix: readonly number[];
  readonly bits: number;
  /** Bits that stay of an address in the block; the block's own where it does not say. */
  readonly stays?: number;
}

/** IANA IPv4 Special-Purpose Address Registry, and multicast. */
const IPV4: readonly Block[] = [
  { prefix: [0], bits: 8 },
  { prefix: [10], bits: 8 },
  { prefix: [100, 64], bits: 10 },
  // The whole of loopback says nothing of anybody.
  { prefix: [127], bits: 8, stays: 32 },
  { prefix: [169, 254], bits: 16 },
  { prefix: [172, 16], bits: 12 },
  { prefix: [192, 0, 0], bits: 24, stays: 32 },
  { prefix: [192, 0, 2], bits: 24 },
  { prefix: [192, 88, 99], bits: 24, stays: 32 },
  { prefix: [192, 168], bits: 16 },
  { prefix: [198, 18], bits: 15 },
  { prefix: [198, 51, 100], bits: 24 },
  { prefix: [203, 0, 113], bits: 24 },
  // Groups that IANA gave to protocols (224.0.0.0/23), mDNS and SSDP among all others.
  { prefix: [224, 0, 0], bits: 23, stays: 32 },
  { prefix: [239, 255, 255, 250], bits: 32 },
  { prefix: [239], bits: 8 },
  { prefix: [224], bits: 4 },
  { prefix: [255, 255, 255, 255], bits: 32 },
  { prefix: [0, 0, 0, 0], bits: 32 },
  { prefix: [240], bits: 4 },
];

/** IANA IPv6 Special-Purpose Address Registry, and multicast. What embeds an IPv4 address is taken apart in addresses.ts. */
const IPV6: readonly Block[] = [
  // Unspecified, loopback, and the rest of the addresses that begin with zeros.
  { prefix: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], bits: 96, stays: 128 },
  { prefix: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], bits: 96 },
  { prefix: [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], bits: 96 },
  { prefix: [0x01, 0x00, 0, 0, 0, 0, 0, 0], bits: 64 },
  { prefix: [0x20, 0x01, 0, 0], bits: 32 },
  { prefix: [0x20, 0x01, 0x0d, 0xb8], bits: 32 },
  { prefix: [0x20, 0x02], bits: 16 },
  { prefix: [0xfc], bits: 7, stays: 8 },
  { prefix: [0xfe, 0x80], bits: 10, stays: 64 },
  { prefix: [0xfe, 0xc0], bits: 10 },
  // Flags and scope of a group stay; groups of protocols as a whole, see isWellKnownGroup.
  { prefix: [0xff], bits: 8, stays: 16 },
];

function bitAt(bytes: ArrayLike<number>, bit: number): number {
  return ((bytes[bit >>> 3] ?? 0) >>> (7 - (bit & 7))) & 1;
}

/** @returns bits that the two share, at most `most` */
function shared(address: Uint8Array, prefix: readonly number[], most: number): number {
  let bit = 0;
  while (bit < most && bitAt(address, bit) === bitAt(prefix, bit)) bit++;
  return bit;
}

/** For each bit of the address 1 where it must stay. */
export function stayingBits(address: Uint8Array): Uint8Array {
  const blocks = address.length === 4 ? IPV4 : IPV6;
  const stays = new Uint8Array(address.length << 3);
  for (const { prefix, bits, stays: more } of blocks) {
    const common = shared(address, prefix, bits);
    // Inside of the block all that it says; outside the bits up to where the ways part, and that one, too.
    const until = common === bits ? (more ?? bits) : common + 1;
    stays.fill(1, 0, until);
  }
  if (address.length === 16 && isWellKnownGroup(address)) stays.fill(1);
  return stays;
}

/** ff0X:: with a group of 32 bits at most whose upper half is a small number: all nodes, routers, mDNS, DHCP … (RFC 4291 §2.7.1). */
function isWellKnownGroup(address: Uint8Array): boolean {
  if (address[0] !== 0xff || address[1] >>> 4 !== 0) return false;
  for (let i = 2; i < 13; i++) if (address[i] !== 0) return false;
  return address[13] <= 1;
}
