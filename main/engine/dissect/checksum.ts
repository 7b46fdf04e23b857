/** The checksum of IP, ICMP, UDP and TCP (RFC 1071). */
import { DST0, type Facts, FAMILY, SRC0 } from '../decode/facts.ts';

/** As Wireshark counts the states of a checksum. */
export const CHECKSUM_BAD = 0;
export const CHECKSUM_GOOD = 1;
/** The packet is not all there, or only its first fragment. */
export const CHECKSUM_UNVERIFIED = 2;
export const CHECKSUM_NOT_PRESENT = 3;

/** The sum of all 16-bit words, with carries still above them. An odd byte at the end counts as if a zero followed. */
function addWords(data: Uint8Array, from: number, to: number, sum: number): number {
  let at = from;
  for (; at + 1 < to; at += 2) sum += (data[at] << 8) | data[at + 1];
  if (at < to) sum += data[at] << 8;
  return sum;
}

/** A sum folded to 16 bits; 0xffff where the checksum inside is right. */
function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x1_0000);
  return folded;
}

export function isSumRight(data: Uint8Array, from: number, to: number): boolean {
  return fold(addWords(data, from, to, 0)) === 0xffff;
}

/** The sum of what TCP, UDP and ICMPv6 count besides themselves: addresses, length, protocol (RFC 9293 §3.1, RFC 8200 §8.1). */
export function pseudoHeaderSum(facts: Facts, protocol: number, length: number): number {
  const words = facts[FAMILY] === 4 ? 1 : 4;
  let sum = protocol + (length & 0xffff) + (length >>> 16);
  for (let i = 0; i < words; i++) {
    const source = facts[SRC0 + i];
    const destination = facts[DST0 + i];
    sum += (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff);
  }
  return sum;
}

/**
 * Whether TCP, UDP or ICMPv6 in `data[from, to)` is as its sender summed it.
 * @returns CHECKSUM_GOOD or CHECKSUM_BAD
 */
export function transportSum(
  data: Uint8Array,
  from: number,
  to: number,
  facts: Facts,
  protocol: number,
): number {
  const sum = addWords(data, from, to, pseudoHeaderSum(facts, protocol, to - from));
  return fold(sum) === 0xffff ? CHECKSUM_GOOD : CHECKSUM_BAD;
}

/**
 * Whether the checksum field holds the sum of the pseudo header alone: what a sender leaves there for its network card to finish.
 * Packets that are captured on the sending machine look so.
 */
export function isSumUnfinished(field: number, facts: Facts, protocol: number, length: number): boolean {
  return field === fold(pseudoHeaderSum(facts, protocol, length));
}
