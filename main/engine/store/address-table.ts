/**
 * Addresses seen as endpoints of flows, and for each the chain of its flows (newest first): what a host does on its
 * other connections is the baseline that a reset is held against.
 *
 * Open addressing with linear probing; at most three quarters full. A slot has the newest flow, the side that the address has there,
 * and five bits of its hash. An address is nowhere but in its flows: in a flood there are as many addresses as flows.
 *
 * Invariant: a chain holds flows of one timeline. Two captures that do not follow each other may have private addresses in
 * common, or be of one event at two places; what a host did in one says nothing of the other.
 */
import type { FlowRecord } from '../../../shared/base/units.ts';
import { NEXT_OF_CLIENT, NEXT_OF_SERVER, META, ipVersionOf } from '../flow/record.ts';
import { type FlowTable, NO_FLOW_FOUND } from '../flow/flow-table.ts';

/** Timelines above this have their number in a text. */
const MOST_TIMELINES = 0x10_0000;

const FEWEST_SLOTS = 1024;
/** How full it may be. */
const FULLEST = 0.75;
/** A slot holds (flow << 1 | side) + 1, of which LIMITS.maxFlows leaves these bits, and above it bits of the hash; 0 is empty. */
const SLOT_PLACE = (1 << 27) - 1;
const SLOT_HASH = ~SLOT_PLACE;

export class AddressTable {
  #slots = new Int32Array(FEWEST_SLOTS);
  #mask = FEWEST_SLOTS - 1;
  #count = 0;
  readonly #flows: FlowTable;

  constructor(flows: FlowTable) {
    this.#flows = flows;
  }

  get count(): number {
    return this.#count;
  }

  /** A key for maps that the address of one side has within its timeline: a number for IPv4, as nearly all are, else a text. */
  key(flow: FlowRecord, direction: 0 | 1): string | number {
    const flows = this.#flows;
    const words = flows.addressWords(flow);
    const at = flows.addressAt(flow, direction);
    const timeline = flows.timelineOf(flow);
    if (ipVersionOf(flows.word(flow, META)) !== 4)
      return `${timeline} ${words[at]} ${words[at + 1]} ${words[at + 2]} ${words[at + 3]}`;
    if (timeline >= MOST_TIMELINES) return `${timeline} ${words[at]}`;
    return timeline * 0x1_0000_0000 + (words[at] >>> 0);
  }

  /** Enters a new flow under both of its addresses. */
  enter(flow: FlowRecord): void {
    const { words } = this.#flows.block(flow);
    const at = this.#flows.wordsAt(flow);
    words[at + NEXT_OF_CLIENT] = this.#link(flow, 0);
    words[at + NEXT_OF_SERVER] = this.#link(flow, 1);
  }

  /** Makes a flow the newest of the address of one of its sides. @returns the one before it */
  #link(flow: FlowRecord, side: 0 | 1): FlowRecord {
    if (this.#count >= FULLEST * (this.#mask + 1)) this.#grow();
    const slots = this.#slots;
    const hash = this.#hash(flow, side);
    const slot = this.#slotOf(flow, side, hash);
    const before = flowIn(slots[slot]);
    if (before === flow) return NO_FLOW_FOUND;
    if (before === NO_FLOW_FOUND) this.#count++;
    slots[slot] = slotFor(flow, side, hash);
    return before;
  }

  /** Forgets a flow that is about to be removed. Flows older than it are then out of reach, unless it was the newest. */
  leave(flow: FlowRecord): void {
    this.#unlink(flow, 0);
    this.#unlink(flow, 1);
  }

  #unlink(flow: FlowRecord, side: 0 | 1): void {
    const flows = this.#flows;
    const hash = this.#hash(flow, side);
    const slot = this.#slotOf(flow, side, hash);
    if (flowIn(this.#slots[slot]) !== flow) return;
    const older = flows.older(flows.word(flow, side === 0 ? NEXT_OF_CLIENT : NEXT_OF_SERVER), flow);
    if (older === NO_FLOW_FOUND) {
      this.#erase(slot);
    } else {
      const itsSide = flows.isSameAddress(older, 0, flow, side) ? 0 : 1;
      this.#slots[slot] = slotFor(older, itsSide, hash);
    }
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
    const flows = this.#flows;
    const slot = this.#slotOf(flow, direction, this.#hash(flow, direction));
    let next = flowIn(this.#slots[slot]);
    while (next >= 0) {
      const isClient = flows.isSameAddress(next, 0, flow, direction);
      if (!visit(next, isClient ? 0 : 1)) return;
      next = flows.older(flows.word(next, isClient ? NEXT_OF_CLIENT : NEXT_OF_SERVER), next);
    }
  }

  /** Where the address of one side of a flow is, or would be. */
  #slotOf(flow: FlowRecord, side: 0 | 1, hash: number): number {
    const flows = this.#flows;
    const slots = this.#slots;
    const timeline = flows.timelineOf(flow);
    let slot = hash & this.#mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & this.#mask) {
      if (((slots[slot] ^ hash) & SLOT_HASH) !== 0) continue;
      const newest = flowIn(slots[slot]);
      const isSame = flows.isSameAddress(newest, sideIn(slots[slot]), flow, side);
      if (isSame && flows.timelineOf(newest) === timeline) break;
    }
    return slot;
  }

  /** Seeded as the flow table's, for the same reason. */
  #hash(flow: FlowRecord, side: 0 | 1): number {
    const flows = this.#flows;
    const words = flows.addressWords(flow);
    const at = flows.addressAt(flow, side);
    const length = ipVersionOf(flows.word(flow, META)) === 4 ? 1 : 4;
    let hash = flows.seed ^ Math.imul(flows.timelineOf(flow), 0x9e37_79b1);
    for (let i = 0; i < length; i++) {
      hash = Math.imul(hash ^ words[at + i], 0x85eb_ca6b);
      hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
      hash ^= hash >>> 16;
    }
    return hash;
  }

  #grow(): void {
    const old = this.#slots;
    const size = 2 * (this.#mask + 1);
    const slots = new Int32Array(size);
    this.#mask = size - 1;
    for (const stored of old) {
      if (stored === 0) continue;
      let slot = this.#hash(flowIn(stored), sideIn(stored)) & this.#mask;
      while (slots[slot] !== 0) slot = (slot + 1) & this.#mask;
      slots[slot] = stored;
    }
    this.#slots = slots;
  }

  /** Empties a slot, and moves up those that were displaced by it. */
  #erase(slot: number): void {
    const slots = this.#slots;
    const mask = this.#mask;
    let hole = slot;
    for (let next = (hole + 1) & mask; slots[next] !== 0; next = (next + 1) & mask) {
      const home = this.#hash(flowIn(slots[next]), sideIn(slots[next])) & mask;
      // It may move to the hole unless its home lies behind it.
      if (((next - home) & mask) < ((next - hole) & mask)) continue;
      slots[hole] = slots[next];
      hole = next;
    }
    slots[hole] = 0;
    this.#count--;
  }
}

function slotFor(flow: FlowRecord, side: 0 | 1, hash: number): number {
  return (((flow << 1) | side) + 1) | (hash & SLOT_HASH);
}

function flowIn(slot: number): FlowRecord {
  const place = slot & SLOT_PLACE;
  return place === 0 ? NO_FLOW_FOUND : (((place - 1) >>> 1) as FlowRecord);
}

function sideIn(slot: number): 0 | 1 {
  return (((slot & SLOT_PLACE) - 1) & 1) === 0 ? 0 : 1;
}
