/** Which link-layer address a flow's sides send from. */
import { SRC_MAC_HIGH, SRC_MAC_LOW, type Facts } from '../decode/facts.ts';
import type { FlowCursor } from './flow-cursor.ts';
import { UNNAMED } from './link-addresses.ts';
import { FLOW_BITS, FLOW_MAC_CHANGED_0, LINK_ADDRESSES, MAC_HIGH, MAC_LOW } from './record.ts';

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
