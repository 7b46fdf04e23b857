/**
 * xxHash64 with seed 0 (xxhash.com, doc/xxhash_spec.md), the checksum of zstd frames. The stripes, which are
 * nearly all of the work, are done in halves of 32 bits, as BigInt is ten times as slow; the end is done in BigInt.
 */

const PRIME_1 = 0x9e3779b185ebca87n;
const PRIME_2 = 0xc2b2ae3d27d4eb4fn;
const PRIME_3 = 0x165667b19e3779f9n;
const PRIME_4 = 0x85ebca77c2b2ae63n;
const PRIME_5 = 0x27d4eb2f165667c5n;

const P1_HIGH = 0x9e3779b1 | 0;
const P1_LOW = 0x85ebca87 | 0;
const P2_HIGH = 0xc2b2ae3d | 0;
const P2_LOW = 0x27d4eb4f;

const STRIPE_BYTES = 32;
const LANES = 4;

export class XxHash64 {
  /** Lane k: high half at 2k, low half at 2k + 1. */
  readonly #lanes = new Int32Array(2 * LANES);
  #length = 0;
  readonly #rest = new Uint8Array(STRIPE_BYTES);
  #restLength = 0;

  constructor() {
    [PRIME_1 + PRIME_2, PRIME_2, 0n, -PRIME_1].forEach((start, lane) => {
      this.#lanes[2 * lane] = Number(BigInt.asIntN(32, start >> 32n));
      this.#lanes[2 * lane + 1] = Number(BigInt.asIntN(32, start));
    });
  }

  update(data: Uint8Array): void {
    let at = 0;
    this.#length += data.length;
    if (this.#restLength > 0) {
      while (this.#restLength < STRIPE_BYTES && at < data.length) this.#rest[this.#restLength++] = data[at++];
      if (this.#restLength < STRIPE_BYTES) return;
      this.#stripes(this.#rest, 0);
      this.#restLength = 0;
    }
    at = this.#stripes(data, at);
    while (at < data.length) this.#rest[this.#restLength++] = data[at++];
  }

  /** The hash as an unsigned number; `update` may go on afterwards. */
  digest(): bigint {
    let hash = this.#length >= STRIPE_BYTES ? this.#mergedLanes() : PRIME_5;
    hash = wrap(hash + BigInt(this.#length));
    const rest = new DataView(this.#rest.buffer);
    let at = 0;
    for (; at + 8 <= this.#restLength; at += 8) {
      hash = wrap(rotate(hash ^ roundOf(0n, rest.getBigUint64(at, true)), 27n) * PRIME_1 + PRIME_4);
    }
    if (at + 4 <= this.#restLength) {
      hash = wrap(rotate(hash ^ wrap(BigInt(rest.getUint32(at, true)) * PRIME_1), 23n) * PRIME_2 + PRIME_3);
      at += 4;
    }
    for (; at < this.#restLength; at++) {
      hash = wrap(rotate(hash ^ wrap(BigInt(this.#rest[at]) * PRIME_5), 11n) * PRIME_1);
    }
    hash = wrap((hash ^ (hash >> 33n)) * PRIME_2);
    hash = wrap((hash ^ (hash >> 29n)) * PRIME_3);
    return hash ^ (hash >> 32n);
  }

  #mergedLanes(): bigint {
    const lanes = [0, 1, 2, 3].map((lane) => {
      const high = BigInt(this.#lanes[2 * lane] >>> 0);
      return (high << 32n) | BigInt(this.#lanes[2 * lane + 1] >>> 0);
    });
    let hash = wrap([1n, 7n, 12n, 18n].reduce((sum, bits, i) => sum + rotate(lanes[i], bits), 0n));
    for (const lane of lanes) hash = wrap((hash ^ roundOf(0n, lane)) * PRIME_1 + PRIME_4);
    return hash;
  }

  /** lane = rotl(lane + input · PRIME_2, 31) · PRIME_1 for each lane of each stripe. @returns where it stopped */
  #stripes(data: Uint8Array, start: number): number {
    const lanes = this.#lanes;
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    let at = start;
    for (; at + STRIPE_BYTES <= data.length; at += STRIPE_BYTES) {
      for (let lane = 0; lane < LANES; lane++) {
        const low = view.getInt32(at + 8 * lane, true);
        const high = view.getInt32(at + 8 * lane + 4, true);
        const productLow = Math.imul(low, P2_LOW);
        const productHigh = (highOf(low, P2_LOW) + Math.imul(high, P2_LOW) + Math.imul(low, P2_HIGH)) | 0;
        const sumLow = (lanes[2 * lane + 1] + productLow) | 0;
        const carry = sumLow >>> 0 < productLow >>> 0 ? 1 : 0;
        const sumHigh = (lanes[2 * lane] + productHigh + carry) | 0;
        const turnedHigh = (sumHigh << 31) | (sumLow >>> 1);
        const turnedLow = (sumLow << 31) | (sumHigh >>> 1);
        lanes[2 * lane] =
          highOf(turnedLow, P1_LOW) + Math.imul(turnedHigh, P1_LOW) + Math.imul(turnedLow, P1_HIGH);
        lanes[2 * lane + 1] = Math.imul(turnedLow, P1_LOW);
      }
    }
    return at;
  }
}

/** The upper 32 bits of the product of two unsigned 32-bit numbers. */
function highOf(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const first = Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16);
  const second = Math.imul(aLow, bHigh) + (first & 0xffff);
  return (Math.imul(aHigh, bHigh) + (first >>> 16) + (second >>> 16)) | 0;
}

function roundOf(lane: bigint, input: bigint): bigint {
  return wrap(rotate(wrap(lane + input * PRIME_2), 31n) * PRIME_1);
}

function rotate(value: bigint, bits: bigint): bigint {
  return wrap(value << bits) | (value >> (64n - bits));
}

function wrap(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}
