/**
 * The hash that the flow table finds a flow by: the same for both directions. It is seeded, so that nobody can prepare a
 * capture whose flows all collide. A file of its own, because the decoding half of the hot path makes it.
 */
import type { EndpointSlots } from './endpoints.ts';
import { ipVersionOf } from './record.ts';

/** @param seed that of the flow table @param meta flowMeta @param words hold the endpoints at `slots` */
export function flowHash(seed: number, meta: number, words: Int32Array, slots: EndpointSlots): number {
  const { source, destination } = slots;
  const sourcePort = words[slots.sourcePort];
  const destinationPort = words[slots.destinationPort];
  let a = Math.imul(words[source] ^ Math.imul(sourcePort ^ seed, 0x9e37_79b1), 0x85eb_ca6b);
  let b = Math.imul(words[destination] ^ Math.imul(destinationPort ^ seed, 0x9e37_79b1), 0x85eb_ca6b);
  if (ipVersionOf(meta) === 6) {
    a = foldWide(a, words, source, seed);
    b = foldWide(b, words, destination, seed);
  }
  // Each side is mixed before the two are added: addition alone makes the key the same in both directions.
  a ^= a >>> 13;
  b ^= b >>> 13;
  let hash = (Math.imul(a, 0xc2b2_ae35) + Math.imul(b, 0xc2b2_ae35) + meta) | 0;
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x27d4_eb2f);
  hash ^= hash >>> 15;
  return hash;
}

function foldWide(hash: number, keys: Int32Array, at: number, seed: number): number {
  let h = hash;
  h = Math.imul(h ^ keys[at + 1] ^ (h >>> 15), 0x9e37_79b1) ^ seed;
  h = Math.imul(h ^ keys[at + 2] ^ (h >>> 15), 0x85eb_ca6b);
  h = Math.imul(h ^ keys[at + 3] ^ (h >>> 15), 0xc2b2_ae35);
  return h;
}
