/**
 * The link-layer addresses that flows come from. A capture has few of them and many flows: a flow names them by number. Those
 * beyond what numbers there are (a flood with made-up ones) are rarities of the flow.
 */

/** The flow has its address among its rarities. */
export const UNNAMED = 0xffff;

export class LinkAddresses {
  /** By number; 0 is none. */
  readonly #high: number[] = [-1];
  readonly #low: number[] = [0];
  readonly #numbers = new Map<number, number>();

  /** The number of an address; UNNAMED where it has none and gets none any more. */
  number(high: number, low: number): number {
    const key = high * 0x1_0000_0000 + (low >>> 0);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#high.length === UNNAMED) return UNNAMED;
    this.#numbers.set(key, this.#high.length);
    this.#low.push(low);
    return this.#high.push(high) - 1;
  }

  /** −1 for the number of no address. */
  high(number: number): number {
    return this.#high[number];
  }

  low(number: number): number {
    return this.#low[number];
  }
}
