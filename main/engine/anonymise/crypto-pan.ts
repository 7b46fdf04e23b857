/**
 * Crypto-PAn (Xu, Fan, Ammar, Moon: "Prefix-preserving IP address anonymization", ICNP 2002): two addresses that share a prefix of n
 * bits share one of n bits afterwards, too, and no two addresses become one.
 *
 * Bit i is turned or left by what AES makes of the i bits before it, filled up with a secret pad. Which bits must stay is the caller's
 * choice, by the bits before them alone: that keeps both properties.
 */
import type { CaseCipher } from './case-cipher.ts';

const BLOCK = 16;

export class CryptoPan {
  readonly #cipher: CaseCipher;
  readonly #pad: Uint8Array;

  constructor(cipher: CaseCipher) {
    this.#cipher = cipher;
    this.#pad = cipher.encrypt(cipher.pad);
  }

  /**
   * @param address 4 or 16 bytes, not changed
   * @param stays for each bit of it 1 where the bit stays as it is; all may turn without it
   */
  anonymise(address: Uint8Array, stays?: Uint8Array): Uint8Array {
    const bits = address.length << 3;
    const blocks = new Uint8Array(bits * BLOCK);
    for (let bit = 0; bit < bits; bit++)
      this.#fill(blocks.subarray(bit * BLOCK, (bit + 1) * BLOCK), address, bit);
    const encrypted = this.#cipher.encrypt(blocks);
    const result = address.slice();
    for (let bit = 0; bit < bits; bit++) {
      if (stays?.[bit] === 1) continue;
      result[bit >>> 3] ^= (encrypted[bit * BLOCK] >>> 7) << (7 - (bit & 7));
    }
    return result;
  }

  /** The first `bits` bits of the address, then the pad's. */
  #fill(block: Uint8Array, address: Uint8Array, bits: number): void {
    block.set(this.#pad);
    const whole = bits >>> 3;
    for (let i = 0; i < whole; i++) block[i] = address[i];
    const rest = bits & 7;
    if (rest === 0) return;
    const mask = (0xff00 >>> rest) & 0xff;
    block[whole] = (address[whole] & mask) | (this.#pad[whole] & ~mask);
  }
}
