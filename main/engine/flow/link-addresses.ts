/**
 * The link-layer addresses that flows come from. A capture has few of them and many flows: a flow names them by number. Those
 * beyond what numbers there are (a flood with made-up ones) are rarities of the flow.
 */
import { SRC_MAC_HIGH, SRC_MAC_LOW, type Facts } from '../decode/facts.ts';
import type { FlowCursor } from './flow-cursor.ts';
import { FLOW_BITS, FLOW_MAC_CHANGED_0, LINK_ADDRESSES, MAC_HIGH, MAC_LOW } from './record.ts';

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

/** Keeps the link-layer address that a side sends from, and that it changed. */
export function noteMac(flow: FlowCursor, facts: Facts): void {
  const high = facts[SRC_MAC_HIGH];
  if (high < 0) return;
  const low = facts[SRC_MAC_LOW];
  const { table, words, at, direction } = flow;
  const number = (words[at + LINK_ADDRESSES] >>> (16 * direction)) & 0xffff;
  if (number === 0) {
    const named = table.links.number(high, low);
    words[at + LINK_ADDRESSES] |= named << (16 * direction);
    if (named !== UNNAMED) return;
    table.setDirectionWord(flow.flow, direction, MAC_HIGH, high);
    table.setDirectionWord(flow.flow, direction, MAC_LOW, low);
    return;
  }
  const isSame =
    number === UNNAMED
      ? table.directionWord(flow.flow, direction, MAC_HIGH) === high &&
        table.directionWord(flow.flow, direction, MAC_LOW) === low
      : table.links.low(number) === low && table.links.high(number) === high;
  if (!isSame) words[at + FLOW_BITS] |= FLOW_MAC_CHANGED_0 << direction;
}
