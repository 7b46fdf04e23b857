/** A 32-bit hash over words. It is seeded with the flow table's seed, so that nobody can prepare captures whose keys collide. */
export function mix(hash: number, word: number): number {
  let h = Math.imul(hash ^ word, 0x85eb_ca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2_ae35);
  return h ^ (h >>> 16);
}
