/**
 * Turns the 64-bit time stamps of one pcapng interface into nanoseconds since the clock's epoch, exactly.
 *
 * A stamp of today in nanoseconds (1.7e18) is beyond 2^53, so it never becomes one double. Stamps stay split in
 * two 32-bit halves; the epoch, split the same way, is subtracted first, and the difference is small enough.
 */

const TWO_32 = 0x1_0000_0000;
const MASK_32 = 0xffff_ffffn;
const NANOS_PER_SECOND = 1_000_000_000n;

/** if_tsresol (draft-ietf-opsawg-pcapng §4.2): n for steps of 10^-n s, 0x80 | n for steps of 2^-n s. */
const DEFAULT_TSRESOL = 6;

export class TimeScale {
  /** Smallest step, nanoseconds; at least 1. */
  readonly resolutionNs: number;
  anchored = false;
  readonly #offsetNs: bigint;
  /** Nanoseconds per step where that is a whole number, else 0 and the steps are converted before subtraction. */
  readonly #unitNs: number;
  readonly #exponent: number;
  readonly #binary: boolean;
  #baseHigh = 0;
  #baseLow = 0;
  #remainderNs = 0;
  /** Result of `#toNanos`, in fields because a pair would be an allocation per packet. */
  #high = 0;
  #low = 0;

  constructor(tsresol: number = DEFAULT_TSRESOL, offsetSeconds = 0n) {
    this.#binary = (tsresol & 0x80) !== 0;
    this.#exponent = tsresol & 0x7f;
    this.#offsetNs = offsetSeconds * NANOS_PER_SECOND;
    this.#unitNs = !this.#binary && this.#exponent <= 9 ? 10 ** (9 - this.#exponent) : 0;
    const stepNs = this.#binary ? 1e9 / 2 ** this.#exponent : 10 ** (9 - this.#exponent);
    this.resolutionNs = Math.max(1, Math.round(stepNs));
  }

  /** Nanoseconds since 1970 of one stamp. Allocates: used once, for the epoch. */
  absoluteNs(high: number, low: number): bigint {
    if (this.#unitNs > 0) {
      return ((BigInt(high) << 32n) | BigInt(low)) * BigInt(this.#unitNs) + this.#offsetNs;
    }
    this.#toNanos(high, low);
    return ((BigInt(this.#high) << 32n) | BigInt(this.#low)) + this.#offsetNs;
  }

  /** Sets what `relativeNs` subtracts. */
  anchor(epochNs: bigint): void {
    this.anchored = true;
    const unit = BigInt(this.#unitNs || 1);
    const raw = epochNs - this.#offsetNs;
    // Rounded down for negative values as well, so that the remainder stays within one step.
    const remainder = ((raw % unit) + unit) % unit;
    const base = BigInt.asUintN(64, (raw - remainder) / unit);
    this.#baseHigh = Number(base >> 32n);
    this.#baseLow = Number(base & MASK_32);
    this.#remainderNs = Number(remainder);
  }

  /** Nanoseconds since the anchored epoch; exact within ± 2^53 ns of it. */
  relativeNs(high: number, low: number): number {
    if (this.#unitNs > 0) {
      const steps = ((high - this.#baseHigh) | 0) * TWO_32 + (low - this.#baseLow);
      return steps * this.#unitNs - this.#remainderNs;
    }
    this.#toNanos(high, low);
    return ((this.#high - this.#baseHigh) | 0) * TWO_32 + (this.#low - this.#baseLow);
  }

  /** floor(stamp in nanoseconds) modulo 2^64, for steps that are no whole number of nanoseconds. */
  #toNanos(high: number, low: number): void {
    if (this.#binary) this.#binaryToNanos(high, low);
    else this.#divide(high, low, 10 ** (this.#exponent - 9));
  }

  /** Long division in digits of 16 bits: remainder · 2^16 + digit stays below 2^53 for divisors up to 2^37. */
  #divide(high: number, low: number, divisor: number): void {
    if (divisor > 2 ** 37) {
      // Steps of 10^-21 s and less: 64 bits of them span under 20 ms, a double is exact enough.
      this.#high = 0;
      this.#low = Math.floor((high * TWO_32 + low) / divisor);
      return;
    }
    let rest = high >>> 16;
    const q3 = Math.floor(rest / divisor);
    rest = (rest - q3 * divisor) * 65_536 + (high & 0xffff);
    const q2 = Math.floor(rest / divisor);
    rest = (rest - q2 * divisor) * 65_536 + (low >>> 16);
    const q1 = Math.floor(rest / divisor);
    rest = (rest - q1 * divisor) * 65_536 + (low & 0xffff);
    const q0 = Math.floor(rest / divisor);
    this.#high = q3 * 65_536 + q2;
    this.#low = q1 * 65_536 + q0;
  }

  /** floor(stamp · 10^9 / 2^n): seconds are the bits above n, the fraction is scaled in two exact halves. */
  #binaryToNanos(high: number, low: number): void {
    const n = this.#exponent;
    let seconds: number;
    /** The fraction's upper 32 bits. Bits below 2^-32 s (0.23 ns) are cut off first. */
    let fraction: number;
    if (n === 0) {
      seconds = high * TWO_32 + low;
      fraction = 0;
    } else if (n < 32) {
      seconds = high * 2 ** (32 - n) + (low >>> n);
      fraction = (low & (2 ** n - 1)) * 2 ** (32 - n);
    } else if (n < 64) {
      const above = n - 32;
      const whole = 2 ** above;
      seconds = Math.floor(high / whole);
      fraction = (high % whole) * (TWO_32 / whole) + Math.floor(low / whole);
    } else {
      seconds = 0;
      fraction = Math.floor(high / 2 ** Math.min(n - 64, 32));
    }
    // fraction = a · 2^16 + b; a · 10^9 and b · 10^9 are below 2^46.
    const a = Math.floor(fraction / 65_536) * 1e9;
    const b = (fraction % 65_536) * 1e9;
    const carried = Math.floor(a / 65_536);
    const nanos = carried + Math.floor(((a - carried * 65_536) * 65_536 + b) / TWO_32);
    // seconds · 10^9 + nanos in two halves, seconds split so that each product is exact.
    const lowSeconds = (seconds % 65_536) * 1e9 + nanos;
    const highSeconds = Math.floor(seconds / 65_536) % TWO_32;
    const middle = (highSeconds % 65_536) * 1e9 + Math.floor(lowSeconds / 65_536);
    const top = Math.floor(highSeconds / 65_536) * 1e9 + Math.floor(middle / 65_536);
    this.#low = (middle % 65_536) * 65_536 + (lowSeconds % 65_536);
    this.#high = top % TWO_32;
  }
}
