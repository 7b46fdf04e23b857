/**
 * Hop distance from a TTL. Stacks start at 32, 64, 128 or 255, so the smallest of these that is not below the TTL
 * gives the number of routers passed. Distances are compared, never raw TTLs: one host may start its replies at 64 and
 * its data at 128 and still be in one place.
 */

/** Longer paths are rarer than senders with an initial TTL of their own (IP_TTL), so such a distance says nothing. */
const PLAUSIBLE_HOPS = 32;

export function initialTtl(ttl: number): number {
  if (ttl <= 32) return 32;
  if (ttl <= 64) return 64;
  if (ttl <= 128) return 128;
  return 255;
}

/** Routers between the sender and the capture point; −1 where the TTL does not tell. */
export function hopsOf(ttl: number): number {
  const hops = initialTtl(ttl) - ttl;
  return ttl === 0 || hops > PLAUSIBLE_HOPS ? -1 : hops;
}

export const DISTANCE_UNKNOWN = 0x7f;

/**
 * Hops of a minus hops of b: negative when a was made nearer to the capture point. Where a TTL of 32 or less leaves
 * two readings, the one with the smaller difference counts. DISTANCE_UNKNOWN where either says nothing.
 */
export function hopDifference(ttlA: number, ttlB: number): number {
  if (ttlA === ttlB) return 0;
  const a = hopsOf(ttlA);
  const b = hopsOf(ttlB);
  if (a < 0 || b < 0) return DISTANCE_UNKNOWN;
  let best = a - b;
  // 32 routers at most separate 64 from 32: a TTL ≤ 32 may have started at either.
  if (ttlA <= 32 && Math.abs(best + 32) < Math.abs(best)) best += 32;
  else if (ttlB <= 32 && Math.abs(best - 32) < Math.abs(best)) best -= 32;
  return best;
}
