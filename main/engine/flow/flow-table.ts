/**
 * The flow table: finds the flow of a packet by its addresses and ports, in either direction.
 *
 * Open addressing with linear probing over pairs (hash, flow); at most half full. The hash is seeded at random,
 * so that nobody can prepare a capture whose flows all collide.
 *
 * Inside the engine a flow is the index of its record; for everybody else it is its id: dense from 0 in order of creation,
 * independent of the seed. They are the same number until flows of an endless capture are let go (`remove`): then their
 * records are used again, while ids go on.
 *
 * Invariant: a record that names another flow (REUSED_FROM, NEXT_OF_*) names an older one. When that was removed and its
 * record used again, the flow there is younger: `older` tells.
 */
import type { FlowId, FlowRecord } from '../../../shared/base/units.ts';
import type { LimitCounter } from '../limits.ts';
import { LIMITS } from '../limits.ts';
import { NO_PACKET } from './record.ts';
import { flowHash } from './flow-hash.ts';
import { BARE_ENDPOINTS, BARE_WORDS, type EndpointSlots } from './endpoints.ts';
import {
  CLIENT_ADDRESS,
  DIRECTION_DOUBLES,
  DIRECTION_WORDS,
  FLOW_DIRECTION,
  FLOW_DOUBLES,
  FLOW_WORDS,
  HANDSHAKE_RTT,
  LAST_RESET,
  LAST_SENT,
  MAC_HIGH,
  META,
  PORTS,
  REUSED_FROM,
  SERVER_ADDRESS,
  TIMELINE,
  TIMES_DIRECTION,
  ipVersionOf,
} from './record.ts';

const BLOCK_BITS = 13;
const BLOCK_FLOWS = 1 << BLOCK_BITS;
const BLOCK_MASK = BLOCK_FLOWS - 1;

export const NO_FLOW_FOUND = -1 as FlowRecord;

/** 8,192 flow records. */
export interface FlowBlock {
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  /** By which everybody outside of the engine knows the flows. */
  readonly ids: Uint32Array;
}

export class FlowTable {
  /** Flows made so far: ids are below it. */
  count = 0;
  /** Records made so far: flows are below it. */
  records = 0;
  /** What the last `find` that found something saw: 0 when the key's source is the flow's client, else 1. */
  direction: 0 | 1 = 0;

  readonly #blocks: FlowBlock[] = [];
  /** Records of removed flows. */
  readonly #free: FlowRecord[] = [];
  #slots = new Int32Array(2 * 4096);
  #mask = 4095;
  #occupied = 0;
  #timeline = 0;
  /** What every hash that the table is asked with was made with, see flowHash. */
  readonly seed = (Math.random() * 0x1_0000_0000) | 0;
  /** The hash that the last `find` was asked with. */
  #hash = 0;
  /** The endpoints of a flow that is being removed. */
  readonly #removed = new Int32Array(BARE_WORDS);
  readonly #limits: LimitCounter;

  constructor(limits: LimitCounter) {
    this.#limits = limits;
  }

  block(flow: FlowRecord): FlowBlock {
    return this.#blocks[flow >>> BLOCK_BITS];
  }

  /** Where the flow's words start in its block. */
  wordsAt(flow: FlowRecord): number {
    return (flow & BLOCK_MASK) * FLOW_WORDS;
  }

  doublesAt(flow: FlowRecord): number {
    return (flow & BLOCK_MASK) * FLOW_DOUBLES;
  }

  // Single values of a record by the names of record.ts, for whoever is not on the hot path.

  word(flow: FlowRecord, word: number): number {
    return this.block(flow).words[this.wordsAt(flow) + word];
  }

  /** @param word of a direction */
  directionWord(flow: FlowRecord, direction: 0 | 1, word: number): number {
    return this.word(flow, FLOW_DIRECTION + direction * DIRECTION_WORDS + word);
  }

  double(flow: FlowRecord, double: number): number {
    return this.block(flow).doubles[this.doublesAt(flow) + double];
  }

  /** @param double of a direction */
  directionDouble(flow: FlowRecord, direction: 0 | 1, double: number): number {
    return this.double(flow, TIMES_DIRECTION + direction * DIRECTION_DOUBLES + double);
  }

  /** That new flows are of. */
  get timeline(): number {
    return this.#timeline;
  }

  /** Later packets open new flows: another, unrelated capture begins. */
  startTimeline(): void {
    this.#timeline++;
    if (this.count === 0) return;
    this.#slots = new Int32Array(2 * 4096);
    this.#mask = 4095;
    this.#occupied = 0;
  }

  /**
   * The newest flow with these endpoints in either direction, or NO_FLOW_FOUND. Sets `direction`.
   * @param hash flowHash of what follows, made under `seed`
   * @param meta flowMeta
   * @param keys hold the endpoints at `endpoints`
   */
  find(hash: number, meta: number, keys: Int32Array, endpoints: EndpointSlots): FlowRecord {
    const { source, destination } = endpoints;
    const sourcePort = keys[endpoints.sourcePort];
    const destinationPort = keys[endpoints.destinationPort];
    this.#hash = hash;
    const wide = ipVersionOf(meta) === 6;
    const slots = this.#slots;
    const mask = this.#mask;
    const ports = (sourcePort << 16) | destinationPort;
    const swapped = (destinationPort << 16) | sourcePort;
    let slot = hash & mask;
    for (;;) {
      const stored = slots[2 * slot + 1];
      if (stored === 0) return NO_FLOW_FOUND;
      if (slots[2 * slot] === hash) {
        const flow = (stored - 1) as FlowRecord;
        const words = this.#blocks[flow >>> BLOCK_BITS].words;
        const at = (flow & BLOCK_MASK) * FLOW_WORDS;
        if (words[at + META] === meta) {
          const flowPorts = words[at + PORTS];
          if (
            flowPorts === ports &&
            sameAddress(words, at + CLIENT_ADDRESS, keys, source, wide) &&
            sameAddress(words, at + SERVER_ADDRESS, keys, destination, wide)
          ) {
            this.direction = 0;
            return flow;
          }
          if (
            flowPorts === swapped &&
            sameAddress(words, at + CLIENT_ADDRESS, keys, destination, wide) &&
            sameAddress(words, at + SERVER_ADDRESS, keys, source, wide)
          ) {
            this.direction = 1;
            return flow;
          }
        }
      }
      slot = (slot + 1) & mask;
    }
  }

  /**
   * `find` for IPv4, whose endpoints are at hand.
   * @param hash flowHash of them @param ports source << 16 | destination
   */
  findIpv4(hash: number, meta: number, source: number, destination: number, ports: number): FlowRecord {
    const slots = this.#slots;
    const mask = this.#mask;
    for (let slot = hash & mask; slots[2 * slot + 1] !== 0; slot = (slot + 1) & mask) {
      if (slots[2 * slot] !== hash) continue;
      const flow = (slots[2 * slot + 1] - 1) as FlowRecord;
      const { words } = this.#blocks[flow >>> BLOCK_BITS];
      const at = (flow & BLOCK_MASK) * FLOW_WORDS;
      if (words[at + META] !== meta) continue;
      const client = words[at + CLIENT_ADDRESS];
      const server = words[at + SERVER_ADDRESS];
      if (client === source && server === destination && words[at + PORTS] === ports) {
        this.direction = 0;
        return flow;
      }
      if (client === destination && server === source && words[at + PORTS] === swapped(ports)) {
        this.direction = 1;
        return flow;
      }
    }
    return NO_FLOW_FOUND;
  }

  /**
   * Makes a flow for the endpoints of the last `find`; it replaces the one found (port reuse).
   * @param meta, keys, endpoints that `find` was asked with
   * @param client 0 where the source is the client, 1 where the destination is
   * @param replaced what that `find` answered
   * @returns the new flow, or NO_FLOW_FOUND when the table is full (counted)
   */
  create(
    meta: number,
    keys: Int32Array,
    endpoints: EndpointSlots,
    client: 0 | 1,
    replaced: FlowRecord,
  ): FlowRecord {
    if (this.live >= LIMITS.maxFlows) {
      this.#limits.hit('maxFlows');
      return NO_FLOW_FOUND;
    }
    const flow = this.#free.pop() ?? (this.records++ as FlowRecord);
    const index = flow >>> BLOCK_BITS;
    if (index === this.#blocks.length) {
      this.#blocks.push({
        words: new Int32Array(BLOCK_FLOWS * FLOW_WORDS),
        doubles: new Float64Array(BLOCK_FLOWS * FLOW_DOUBLES),
        ids: new Uint32Array(BLOCK_FLOWS),
      });
    }
    const { words, doubles } = this.#blocks[index];
    const at = this.wordsAt(flow);
    const fromClient = client === 0;
    const clientAddress = fromClient ? endpoints.source : endpoints.destination;
    const serverAddress = fromClient ? endpoints.destination : endpoints.source;
    const clientPort = keys[fromClient ? endpoints.sourcePort : endpoints.destinationPort];
    const serverPort = keys[fromClient ? endpoints.destinationPort : endpoints.sourcePort];
    for (let i = 0; i < 4; i++) {
      words[at + CLIENT_ADDRESS + i] = keys[clientAddress + i];
      words[at + SERVER_ADDRESS + i] = keys[serverAddress + i];
    }
    words[at + PORTS] = (clientPort << 16) | serverPort;
    words[at + META] = meta;
    words[at + TIMELINE] = this.#timeline;
    words[at + REUSED_FROM] = replaced;
    words[at + LAST_RESET] = -1;
    this.#blocks[index].ids[flow & BLOCK_MASK] = this.count++;
    for (let d = 0; d < 2; d++) {
      words[at + FLOW_DIRECTION + d * DIRECTION_WORDS + LAST_SENT] = NO_PACKET | 0;
      words[at + FLOW_DIRECTION + d * DIRECTION_WORDS + MAC_HIGH] = -1;
    }
    doubles[this.doublesAt(flow) + HANDSHAKE_RTT] = -1;
    this.#insert(flow, replaced);
    return flow;
  }

  /** Flows in the table. */
  get live(): number {
    return this.records - this.#free.length;
  }

  isLive(flow: FlowRecord): boolean {
    return this.#blocks[flow >>> BLOCK_BITS].words[this.wordsAt(flow) + META] !== 0;
  }

  /** Records of the flows in the table, ascending. */
  liveRecords(): Uint32Array {
    const live = new Uint32Array(this.live);
    let at = 0;
    for (let flow = 0 as FlowRecord; flow < this.records; flow++) if (this.isLive(flow)) live[at++] = flow;
    return live;
  }

  /** The number by which everybody outside of the engine knows the flow. */
  id(flow: FlowRecord): FlowId {
    return this.#blocks[flow >>> BLOCK_BITS].ids[flow & BLOCK_MASK] as FlowId;
  }

  /** The flow with that id; NO_FLOW_FOUND where there is none, or none any more. Looks through all when some were removed. */
  flowOf(id: FlowId): FlowRecord {
    if (id < 0 || id >= this.count) return NO_FLOW_FOUND;
    if (this.records === this.count) return id as number as FlowRecord;
    for (let flow = 0 as FlowRecord; flow < this.records; flow++) {
      if (this.isLive(flow) && this.id(flow) === id) return flow;
    }
    return NO_FLOW_FOUND;
  }

  /** The flow that the record of `flow` names as older, by the word that names it; −1 where that one was removed since. */
  older(word: number, flow: FlowRecord): FlowRecord {
    const other = word as FlowRecord;
    return other >= 0 && this.isLive(other) && this.id(other) < this.id(flow) ? other : NO_FLOW_FOUND;
  }

  /** Forgets a flow. Nothing but older-flow links may name it any more. */
  remove(flow: FlowRecord): void {
    const { words, doubles } = this.block(flow);
    const at = this.wordsAt(flow);
    const keys = this.#removed;
    for (let i = 0; i < 4; i++) {
      keys[BARE_ENDPOINTS.source + i] = words[at + CLIENT_ADDRESS + i];
      keys[BARE_ENDPOINTS.destination + i] = words[at + SERVER_ADDRESS + i];
    }
    keys[BARE_ENDPOINTS.sourcePort] = words[at + PORTS] >>> 16;
    keys[BARE_ENDPOINTS.destinationPort] = words[at + PORTS] & 0xffff;
    const meta = words[at + META];
    const hash = flowHash(this.seed, meta, keys, BARE_ENDPOINTS);
    const newest = this.find(hash, meta, keys, BARE_ENDPOINTS);
    if (newest === flow) this.#erase(flow);
    words.fill(0, at, at + FLOW_WORDS);
    doubles.fill(0, this.doublesAt(flow), this.doublesAt(flow) + FLOW_DOUBLES);
    this.#free.push(flow);
  }

  /** Takes the flow that `find` has just found out of the slots, and moves up those that were displaced by it. */
  #erase(flow: FlowRecord): void {
    const slots = this.#slots;
    const mask = this.#mask;
    let hole = this.#hash & mask;
    while (slots[2 * hole + 1] !== flow + 1) hole = (hole + 1) & mask;
    for (let slot = (hole + 1) & mask; slots[2 * slot + 1] !== 0; slot = (slot + 1) & mask) {
      const home = slots[2 * slot] & mask;
      // It may move to the hole unless its home lies behind it.
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
      slots[2 * hole] = slots[2 * slot];
      slots[2 * hole + 1] = slots[2 * slot + 1];
      hole = slot;
    }
    slots[2 * hole] = 0;
    slots[2 * hole + 1] = 0;
    this.#occupied--;
  }

  #insert(flow: FlowRecord, replaced: FlowRecord): void {
    if (replaced === NO_FLOW_FOUND && 2 * (this.#occupied + 1) > this.#mask) this.#grow();
    const slots = this.#slots;
    let slot = this.#hash & this.#mask;
    while (slots[2 * slot + 1] !== 0 && slots[2 * slot + 1] !== replaced + 1) slot = (slot + 1) & this.#mask;
    if (slots[2 * slot + 1] === 0) this.#occupied++;
    slots[2 * slot] = this.#hash;
    slots[2 * slot + 1] = flow + 1;
  }

  #grow(): void {
    const old = this.#slots;
    const size = 2 * (this.#mask + 1);
    this.#slots = new Int32Array(2 * size);
    this.#mask = size - 1;
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] === 0) continue;
      let slot = old[i] & this.#mask;
      while (this.#slots[2 * slot + 1] !== 0) slot = (slot + 1) & this.#mask;
      this.#slots[2 * slot] = old[i];
      this.#slots[2 * slot + 1] = old[i + 1];
    }
  }
}

/** The ports as the other side names them. */
function swapped(ports: number): number {
  return (ports << 16) | (ports >>> 16);
}

function sameAddress(words: Int32Array, at: number, keys: Int32Array, key: number, wide: boolean): boolean {
  if (words[at] !== keys[key]) return false;
  if (!wide) return true;
  return (
    words[at + 1] === keys[key + 1] && words[at + 2] === keys[key + 2] && words[at + 3] === keys[key + 3]
  );
}
