/**
 * Addresses seen as endpoints of flows, and for each the chain of its flows (newest first): what a host does on its
 * other connections is the baseline that a reset is held against.
 *
 * Invariant: a chain holds flows of one timeline. Two captures that do not follow each other may have private addresses in
 * common, or be of one event at two places; what a host did in one says nothing of the other.
 */
import type { FlowRecord } from '../../../shared/base/units.ts';
import {
  NEXT_OF_CLIENT,
  NEXT_OF_SERVER,
  CLIENT_ADDRESS,
  META,
  SERVER_ADDRESS,
  TIMELINE,
  ipVersionOf,
} from '../flow/record.ts';
import { type FlowTable, NO_FLOW_FOUND } from '../flow/flow-table.ts';

/** Timelines above this have their number in a text. */
const MOST_TIMELINES = 0x10_0000;

export class AddressTable {
  /** By timeline: "family words" → newest flow. One look-up per flow made, never per packet, so Maps serve. */
  readonly #newest: Map<string | number, FlowRecord>[] = [];
  readonly #flows: FlowTable;

  constructor(flows: FlowTable) {
    this.#flows = flows;
  }

  get count(): number {
    return this.#newest.reduce((sum, newest) => sum + newest.size, 0);
  }

  /** A key for maps that the address of one side has within its timeline: a number for IPv4, as nearly all are, else a text. */
  key(flow: FlowRecord, direction: 0 | 1): string | number {
    const words = this.#flows.block(flow).words;
    const at = this.#flows.wordsAt(flow);
    const timeline = words[at + TIMELINE];
    const key = keyOf(words, at + (direction === 0 ? CLIENT_ADDRESS : SERVER_ADDRESS), words[at + META]);
    if (typeof key === 'string' || timeline >= MOST_TIMELINES) return `${timeline} ${key}`;
    return timeline * 0x1_0000_0000 + (key >>> 0);
  }

  /** Enters a new flow under both of its addresses. */
  enter(flow: FlowRecord): void {
    const words = this.#flows.block(flow).words;
    const at = this.#flows.wordsAt(flow);
    const newest = this.#newestOf(words[at + TIMELINE]);
    words[at + NEXT_OF_CLIENT] = link(newest, keyOf(words, at + CLIENT_ADDRESS, words[at + META]), flow);
    words[at + NEXT_OF_SERVER] = link(newest, keyOf(words, at + SERVER_ADDRESS, words[at + META]), flow);
  }

  #newestOf(timeline: number): Map<string | number, FlowRecord> {
    return (this.#newest[timeline] ??= new Map<string | number, FlowRecord>());
  }

  /** Forgets a flow that is about to be removed. Flows older than it are then out of reach, unless it was the newest. */
  leave(flow: FlowRecord): void {
    const words = this.#flows.block(flow).words;
    const at = this.#flows.wordsAt(flow);
    this.#unlink(keyOf(words, at + CLIENT_ADDRESS, words[at + META]), flow, words[at + NEXT_OF_CLIENT]);
    this.#unlink(keyOf(words, at + SERVER_ADDRESS, words[at + META]), flow, words[at + NEXT_OF_SERVER]);
  }

  #unlink(key: string | number, flow: FlowRecord, next: number): void {
    const newest = this.#newestOf(this.#flows.word(flow, TIMELINE));
    if (newest.get(key) !== flow) return;
    const older = this.#flows.older(next, flow);
    if (older < 0) newest.delete(key);
    else newest.set(key, older);
  }

  /**
   * Calls `visit` for the flows that the address of one side of a flow has in its timeline, newest first, until it answers false.
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
    let next =
      this.#newestOf(words[at + TIMELINE]).get(keyOf(words, from, words[at + META])) ?? NO_FLOW_FOUND;
    while (next >= 0) {
      const w = this.#flows.block(next).words;
      const a = this.#flows.wordsAt(next);
      const isClient = isSameAddress(w, a + CLIENT_ADDRESS, w[a + META], words, from, version);
      if (!visit(next, isClient ? 0 : 1)) return;
      next = this.#flows.older(w[a + (isClient ? NEXT_OF_CLIENT : NEXT_OF_SERVER)], next);
    }
  }
}

/** Makes a flow the newest under a key. @returns the one before it */
function link(newest: Map<string | number, FlowRecord>, key: string | number, flow: FlowRecord): FlowRecord {
  const before = newest.get(key) ?? NO_FLOW_FOUND;
  newest.set(key, flow);
  return before === flow ? NO_FLOW_FOUND : before;
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
