/**
 * Addresses seen as endpoints of flows, and for each the chain of its flows (newest first): what a host does on its
 * other connections is the baseline that a reset is held against.
 */
import type { FlowRecord } from '../../../shared/base/units.ts';
import {
  NEXT_OF_CLIENT,
  NEXT_OF_SERVER,
  CLIENT_ADDRESS,
  META,
  SERVER_ADDRESS,
  ipVersionOf,
} from '../flow/record.ts';
import { type FlowTable, NO_FLOW_FOUND } from '../flow/flow-table.ts';

export class AddressTable {
  /** "family words" → newest flow. One look-up per flow made, never per packet, so a Map serves. */
  readonly #newest = new Map<string | number, FlowRecord>();
  readonly #flows: FlowTable;

  constructor(flows: FlowTable) {
    this.#flows = flows;
  }

  get count(): number {
    return this.#newest.size;
  }

  /** A key for maps that the address of one side has: a number for IPv4, a text for IPv6. */
  key(flow: FlowRecord, direction: 0 | 1): string | number {
    const words = this.#flows.block(flow).words;
    const at = this.#flows.wordsAt(flow);
    return keyOf(words, at + (direction === 0 ? CLIENT_ADDRESS : SERVER_ADDRESS), words[at + META]);
  }

  /** Enters a new flow under both of its addresses. */
  enter(flow: FlowRecord): void {
    const words = this.#flows.block(flow).words;
    const at = this.#flows.wordsAt(flow);
    words[at + NEXT_OF_CLIENT] = this.#link(keyOf(words, at + CLIENT_ADDRESS, words[at + META]), flow);
    words[at + NEXT_OF_SERVER] = this.#link(keyOf(words, at + SERVER_ADDRESS, words[at + META]), flow);
  }

  #link(key: string | number, flow: FlowRecord): FlowRecord {
    const before = this.#newest.get(key) ?? NO_FLOW_FOUND;
    this.#newest.set(key, flow);
    return before === flow ? NO_FLOW_FOUND : before;
  }

  /** Forgets a flow that is about to be removed. Flows older than it are then out of reach, unless it was the newest. */
  leave(flow: FlowRecord): void {
    const words = this.#flows.block(flow).words;
    const at = this.#flows.wordsAt(flow);
    this.#unlink(keyOf(words, at + CLIENT_ADDRESS, words[at + META]), flow, words[at + NEXT_OF_CLIENT]);
    this.#unlink(keyOf(words, at + SERVER_ADDRESS, words[at + META]), flow, words[at + NEXT_OF_SERVER]);
  }

  #unlink(key: string | number, flow: FlowRecord, next: number): void {
    if (this.#newest.get(key) !== flow) return;
    const older = this.#flows.older(next, flow);
    if (older < 0) this.#newest.delete(key);
    else this.#newest.set(key, older);
  }

  /**
   * Calls `visit` for the flows of the address of one side of a flow, newest first, until it answers false.
   * @param visit gets the flow and the direction in which that address sends there
   */
  visitFlows(
    flow: FlowRecord,
    direction: 0 | 1,
    visit: (flow: FlowRecord, direction: 0 | 1) => boolean,
  ): void {
    const words = this.#flows.block(flow).words;
    const at = this.#flows.wordsAt(flow);
    const from = at + (direction === 0 ? CLIENT_ADDRESS : SERVER_ADDRESS);
    const version = ipVersionOf(words[at + META]);
    let next = this.#newest.get(this.key(flow, direction)) ?? NO_FLOW_FOUND;
    while (next >= 0) {
      const w = this.#flows.block(next).words;
      const a = this.#flows.wordsAt(next);
      const isClient = isSameAddress(w, a + CLIENT_ADDRESS, w[a + META], words, from, version);
      if (!visit(next, isClient ? 0 : 1)) return;
      next = this.#flows.older(w[a + (isClient ? NEXT_OF_CLIENT : NEXT_OF_SERVER)], next);
    }
  }
}

/** Whether the address there, in a flow with that `meta`, is the one at `from` of the given IP version: without a text for each flow. */
function isSameAddress(
  w: Int32Array,
  at: number,
  meta: number,
  words: Int32Array,
  from: number,
  version: number,
): boolean {
  if (w[at] !== words[from] || ipVersionOf(meta) !== version) return false;
  return (
    version === 4 ||
    (w[at + 1] === words[from + 1] && w[at + 2] === words[from + 2] && w[at + 3] === words[from + 3])
  );
}

/** IPv4 addresses are their own number; IPv6 ones become text. They never collide: the types differ. */
function keyOf(words: Int32Array, at: number, meta: number): string | number {
  // Signed, so that V8 keeps it as a small integer: a look-up is made for every new flow, twice.
  if (ipVersionOf(meta) === 4) return words[at];
  return `${words[at]} ${words[at + 1]} ${words[at + 2]} ${words[at + 3]}`;
}
