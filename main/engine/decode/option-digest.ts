/**
 * Sixteen bits of a TCP header's options, by which the index tells apart segments that are alike in all other fields: duplicate ACKs by
 * their SACK blocks, retransmissions by their time stamps.
 */
import { TIMESTAMPS_ONLY } from './tcp-options.ts';

/** The options in [at, end), whole words of 32 bits as the data offset counts them; never 0, which says "no options". */
export function optionsDigest(view: DataView, at: number, end: number): number {
  let hash = 0;
  for (let word = at; word < end; word += 4) hash = mix(hash, view.getInt32(word));
  return fold(hash);
}

const TIMESTAMPS_BEGIN = mix(0, TIMESTAMPS_ONLY);

/** The same for a header with time stamps alone, whose words are at hand. */
export function timestampsOnlyDigest(value: number, echo: number): number {
  return fold(mix(mix(TIMESTAMPS_BEGIN, value), echo));
}

function mix(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e37_79b1);
  return product ^ (product >>> 15);
}

function fold(hash: number): number {
  return (hash ^ (hash >>> 16)) & 0xffff || 1;
}
