/** A seeded random source (Chris Doty-Humphrey's sfc32): the same seed makes the same capture on any machine. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number) {
    this.#a = seed | 0;
    this.#b = (seed ^ 0x9e3779b9) | 0;
    this.#c = (seed ^ 0x243f6a88) | 0;
    for (let i = 0; i < 12; i++) this.u32();
  }

  /** Signed 32 random bits. */
  u32(): number {
    const t = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0;
    return t;
  }

  /** In [0, 1). */
  unit(): number {
    return (this.u32() >>> 0) / 4_294_967_296;
  }

  /** A whole number in [low, high). */
  between(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low));
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** Exponentially distributed, bounded at eight means so that no flow outlives the capture by accident. */
  exponential(mean: number): number {
    return Math.min(-Math.log(1 - this.unit()) * mean, 8 * mean);
  }

  /** Index into `weights`, drawn in proportion. */
  weighted(weights: readonly number[]): number {
    let total = 0;
    for (const weight of weights) total += weight;
    let left = this.unit() * total;
    for (let i = 0; i < weights.length; i++) {
      left -= weights[i];
      if (left < 0) return i;
    }
    return weights.length - 1;
  }
}
