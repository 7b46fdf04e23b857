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
  let a = sideHash(seed, words[source], sourcePort);
  let b = sideHash(seed, words[destination], destinationPort);
  if (ipVersionOf(meta) === 6) {
    a = foldWide(a, words, source, seed);
    b = foldWide(b, words, destination, seed);
  }
  return mixed(a, b, meta);
}

/** The same for IPv4, whose endpoints are at hand. @param source, destination addresses */
export function flowHashIpv4(
  seed: number,
  meta: number,
  source: number,
  sourcePort: number,
  destination: number,
  destinationPort: number,
): number {
  return mixed(sideHash(seed, source, sourcePort), sideHash(seed, destination, destinationPort), meta);
}

function sideHash(seed: number, address: number, port: number): number {
  return Math.imul(address ^ Math.imul(port ^ seed, 0x9e37_79b1), 0x85eb_ca6b);
}

function mixed(sourceHash: number, destinationHash: number, meta: number): number {
  let a = sourceHash;
  let b = destinationHash;
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
