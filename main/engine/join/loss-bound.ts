/** The most that is to be believed of how often a capture misses packets that pass it, from how many it did miss. */

/**
 * What is believed before anything was counted, as Beta(a, b): a capture that reports no drops misses fewer than 1 in 1,000 packets
 * on average. [prior]
 */
const PRIOR_MISSED = 0.1;
const PRIOR_CAPTURED = 100;
const CONFIDENCE = 0.95;
/** Halvings of the interval: more than a double can tell apart. */
const STEPS = 60;

/**
 * 95 % upper bound of the share of packets that pass a vantage without being captured there.
 * @param passed packets that are known to have passed @param missed those of them that were not captured
 */
export function lossBound(passed: number, missed: number): number {
  const a = PRIOR_MISSED + missed;
  const b = PRIOR_CAPTURED + passed - missed;
  let low = 0;
  let high = 1;
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (betaBelow(middle, a, b) < CONFIDENCE) low = middle;
    else high = middle;
  }
  return high;
}

/** Probability that a Beta(a, b) lies below x: the regularised incomplete beta function. */
function betaBelow(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast on the near side of the mean; the other side is its mirror image.
  if (x > (a + 1) / (a + b + 2)) return 1 - betaBelow(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return (front / a) * fraction(x, a, b);
}

/** Enough for counts far beyond those of any capture. */
const MOST_TERMS = 10_000;
const PRECISE = 1e-12;
const TINY = 1e-300;

/** Its continued fraction, DLMF 8.17.22, by Lentz' method. */
function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < PRECISE) break;
  }
  return value;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/** From here on Stirling's series of five terms is exact to the last digits of a double. */
const STIRLING_FROM = 10;
/** B2n / (2n (2n − 1)): DLMF 5.11.1. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360] as const;

function logGamma(x: number): number {
  let shifted = x;
  let below = 0;
  for (; shifted < STIRLING_FROM; shifted++) below += Math.log(shifted);
  const series = STIRLING.reduce((sum, term, n) => sum + term / shifted ** (2 * n + 1), 0);
  return (shifted - 0.5) * Math.log(shifted) - shifted + Math.log(2 * Math.PI) / 2 + series - below;
}
