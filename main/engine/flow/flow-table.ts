/**
 * The flow table: finds the flow of a packet by its addresses and ports, in either direction, and holds the records of all flows
 * (record.ts has their layout).
 *
 * Open addressing with linear probing; at most three quarters full. A slot has the flow and six bits of its hash, so that of those
 * passed over hardly any is looked at. The hash is seeded at random, so that nobody can prepare a capture whose flows all collide.
 *
 * Inside the engine a flow is the index of its record; for everybody else it is its id: dense from 0 in order of creation,
 * independent of the seed. They are the same number until flows of an endless capture are let go (`remove`): then their
 * records are used again, while ids go on.
 *
 * Invariants
 * - A record that names another flow (REUSED_FROM, NEXT_OF_*) names an older one. When that was removed and its
 *   record used again, the flow there is younger: `older` tells.
 * - Only the newest flow can be a lone SYN that still has sides: it is folded when the next one is made.
 */
import type { FlowId, FlowRecord } from '../../../shared/base/units.ts';
import type { LimitCounter } from '../limits.ts';
import { LIMITS } from '../limits.ts';
import type { ColdBlocks } from './cold-blocks.ts';
import { seqAdd } from '../../../shared/base/seq.ts';
import { flowHash } from './flow-hash.ts';
import { BARE_ENDPOINTS, BARE_WORDS, type EndpointSlots } from './endpoints.ts';
import { LinkAddresses, UNNAMED } from './link-addresses.ts';
import { foldSides, unfoldHead, unfoldSides } from './lone-syn.ts';
import type { PartBlock } from './part-block.ts';
import { Parts } from './parts.ts';
import {
  CLIENT_ADDRESS,
  FIRST_LETTER_SYN,
  FIN_SEQ,
  FIN_SEQ_APART,
  FIRST_TIME,
  FLOW_BITS,
  FLOW_SYN_IS_FIRST,
  FLOW_TIME_APART,
  FLOW_WORDS,
  HANDSHAKE_IS_RARE,
  HANDSHAKE_NS,
  HANDSHAKE_RTT,
  HISTORY,
  LAST_ACK_TIME,
  LAST_PACKET,
  LAST_SENT,
  LAST_SENT_TIME,
  LAST_TIME,
  LAST_TIME_APART,
  LAST_WINDOW,
  LAST_WORDS,
  LINK_ADDRESSES,
  MAC_HIGH,
  MAC_LOW,
  META,
  NEXT_SEQ,
  NO_PACKET,
  NO_RARITIES,
  PAYLOAD_BYTES,
  PAYLOAD_HIGH,
  PAYLOAD_LOW,
  PORTS,
  RARITIES,
  RARITY,
  RARITY_WORDS,
  RESENT,
  RESENT_MORE,
  REUSED_FROM,
  SEEN,
  SEEN_ACK,
  SEEN_ACK_APART,
  SEEN_FIN,
  SEEN_FIN_APART,
  SERVER_ADDRESS,
  SIDES,
  SIDES_WORDS,
  SIDE_TIMES,
  SIDE_WORDS,
  SYN_TIME,
  TOGETHER,
  WINDOWS,
  ipVersionOf,
} from './record.ts';

const BLOCK_BITS = 13;
const BLOCK_FLOWS = 1 << BLOCK_BITS;
const BLOCK_MASK = BLOCK_FLOWS - 1;

/** Words of both addresses of an IPv6 flow: those of the client, then those of the server. */
const WIDE_WORDS = 8;
const WIDE_SERVER = 4;

/** Slots that a table begins with. */
const FEWEST_SLOTS = 4096;
/** How full it may be. */
const FULLEST = 0.75;
/** A slot holds a flow + 1, of which LIMITS.maxFlows leaves these bits, and above it bits of the hash; 0 is empty. */
const SLOT_FLOW = (1 << 26) - 1;
const SLOT_HASH = ~SLOT_FLOW;

export const NO_FLOW_FOUND = -1 as FlowRecord;

export class FlowTable {
  /** Flows made so far: ids are below it. */
  count = 0;
  /** Records made so far: flows are below it. */
  records = 0;
  /** What the last `find` that found something saw: 0 when the key's source is the flow's client, else 1. */
  direction: 0 | 1 = 0;

  /** Heads of 8,192 flows each. */
  readonly #blocks: PartBlock[] = [];
  /** By SIDES and RARITIES of the head. */
  readonly sides: Parts;
  readonly #rarities = new Parts(RARITY_WORDS);
  /** By CLIENT_ADDRESS of IPv6 flows. */
  readonly #wide = new Parts(WIDE_WORDS);
  /** By LINK_ADDRESSES of the head. */
  readonly links = new LinkAddresses();
  /** Records of removed flows. */
  readonly #free: FlowRecord[] = [];
  /** By block, as soon as a flow was removed: until then records are ids. */
  #ids: Uint32Array[] | undefined;
  #slots = new Int32Array(FEWEST_SLOTS);
  #mask = FEWEST_SLOTS - 1;
  #occupied = 0;
  /** Ids of the first flows of each timeline. */
  readonly #timelines: number[] = [0];
  /** What every hash that the table is asked with was made with, see flowHash. */
  readonly seed = (Math.random() * 0x1_0000_0000) | 0;
  /** The hash that the last `find` was asked with. */
  #hash = 0;
  /** The newest flow, if it could be folded. */
  #newest: FlowRecord = NO_FLOW_FOUND;
  /** The sides of the lone SYN that was read last, and which flow that is. */
  readonly #unfolded = new Parts(SIDES_WORDS);
  readonly #unfoldedPart = this.#unfolded.take();
  #unfoldedFlow: FlowRecord = NO_FLOW_FOUND;
  /** Where `foldSides` tries whether it loses nothing. */
  readonly #triedPart = this.#unfolded.take();
  /** The endpoints of a flow that is looked for again. */
  readonly #endpoints = new Int32Array(BARE_WORDS);
  readonly #limits: LimitCounter;

  /** @param cold where sides go that there is no memory for; without it all stay */
  constructor(limits: LimitCounter, cold?: ColdBlocks) {
    this.#limits = limits;
    this.sides = new Parts(SIDES_WORDS, cold);
  }

  /** Puts sides of flows aside of which nothing came since that packet, as far as memory is short. */
  putSidesAside(since: number): void {
    this.sides.putAside(({ words }) => {
      for (let at = LAST_SENT; at < words.length; at += SIDES_WORDS) {
        if (isSince(words[at] >>> 0, since) || isSince(words[at + SIDE_WORDS] >>> 0, since)) return false;
      }
      return true;
    });
  }

  // ── what packets touch ──────────────────────────────────────────────────────────────────────────────────

  /** The block of heads that the flow's is in. */
  block(flow: FlowRecord): PartBlock {
    return this.#blocks[flow >>> BLOCK_BITS];
  }

  /** Where the head's words start in its block; its doubles start at half of that. */
  wordsAt(flow: FlowRecord): number {
    return (flow & BLOCK_MASK) * FLOW_WORDS;
  }

  /** The part in `sides` that holds the flow's sides, to be written to: a lone SYN gets them now. */
  openSides(flow: FlowRecord): number {
    const block = this.block(flow);
    const at = this.wordsAt(flow);
    const known = block.words[at + SIDES];
    return known !== 0 ? known : this.#unfold(block, at);
  }

  #unfold(head: PartBlock, at: number): number {
    const part = this.sides.take();
    unfoldSides(head, at, this.sides.block(part), this.sides.at(part));
    unfoldHead(head.words, at);
    head.words[at + SIDES] = part;
    this.#unfoldedFlow = NO_FLOW_FOUND;
    return part;
  }

  /** Takes the sides of a flow that has no more than its SYN from it. */
  #fold(flow: FlowRecord): void {
    const head = this.block(flow);
    const at = this.wordsAt(flow);
    const part = head.words[at + SIDES];
    if (part === 0) return;
    const scratch = this.#unfolded;
    const tried = this.#triedPart;
    const sides = this.sides.block(part);
    if (!foldSides(head, at, sides, this.sides.at(part), scratch.block(tried), scratch.at(tried))) return;
    head.words[at + SIDES] = 0;
    this.sides.giveBack(part);
  }

  // ── single values, for whoever is not on the hot path ───────────────────────────────────────────────────

  /** @param word that is of no direction, as record.ts names them */
  word(flow: FlowRecord, word: number): number {
    if (word >= RARITY) return this.#rarity(flow, word - RARITY);
    const { words } = this.block(flow);
    const at = this.wordsAt(flow);
    if (word < LAST_WORDS || words[at + SIDES] !== 0) return words[at + word];
    return word === HISTORY ? FIRST_LETTER_SYN : 0;
  }

  /** @param word of a direction */
  directionWord(flow: FlowRecord, direction: 0 | 1, word: number): number {
    if (word >= TOGETHER) return this.#directionWordTogether(flow, direction, word);
    if (word >= RARITY) return this.#rareDirectionWord(flow, direction, word);
    return this.#sidesWord(flow, direction * SIDE_WORDS + word);
  }

  /** @param word counted from the first one of the part */
  #sidesWord(flow: FlowRecord, word: number): number {
    const part = this.block(flow).words[this.wordsAt(flow) + SIDES];
    const sides = part === 0 ? this.#unfolded : this.sides;
    const known = part === 0 ? this.#unfoldedOf(flow) : part;
    return sides.block(known).words[sides.at(known) + word];
  }

  #directionWordTogether(flow: FlowRecord, direction: 0 | 1, word: number): number {
    if (word === LAST_WINDOW) return (this.#sidesWord(flow, WINDOWS) >>> (16 * direction)) & 0xffff;
    if (word === FIN_SEQ) return this.#finSeq(flow, direction);
    const resent = (this.#sidesWord(flow, RESENT) >>> (16 * direction)) & 0xffff;
    return resent + this.#rareDirectionWord(flow, direction, RESENT_MORE);
  }

  #finSeq(flow: FlowRecord, direction: 0 | 1): number {
    const seen = this.directionWord(flow, direction, SEEN);
    if ((seen & SEEN_FIN) === 0) return 0;
    if ((seen & SEEN_FIN_APART) !== 0) return this.#rareDirectionWord(flow, direction, FIN_SEQ_APART);
    return seqAdd(this.directionWord(flow, direction, NEXT_SEQ), -1);
  }

  double(flow: FlowRecord, double: number): number {
    const { words, doubles } = this.block(flow);
    const at = this.wordsAt(flow);
    if (double === FIRST_TIME) return doubles[(at >> 1) + double];
    if (double === LAST_TIME) return this.#lastTime(flow);
    if (double === SYN_TIME) {
      const isFirst = (words[at + FLOW_BITS] & FLOW_SYN_IS_FIRST) !== 0;
      return isFirst ? doubles[(at >> 1) + FIRST_TIME] : this.#rareDouble(flow, double - RARITY);
    }
    const handshake = this.word(flow, HANDSHAKE_NS) >>> 0;
    return handshake === HANDSHAKE_IS_RARE ? this.#rareDouble(flow, double - RARITY) : handshake - 1;
  }

  /** @param double of a direction */
  directionDouble(flow: FlowRecord, direction: 0 | 1, double: number): number {
    if (double === LAST_ACK_TIME) return this.#lastAckTime(flow, direction);
    if (double === PAYLOAD_BYTES) return this.#payloadBytes(flow, direction);
    const part = this.block(flow).words[this.wordsAt(flow) + SIDES];
    const sides = part === 0 ? this.#unfolded : this.sides;
    const known = part === 0 ? this.#unfoldedOf(flow) : part;
    return sides.block(known).doubles[sides.at(known) / 2 + direction * SIDE_TIMES + double];
  }

  #payloadBytes(flow: FlowRecord, direction: 0 | 1): number {
    const high = this.#rareDirectionWord(flow, direction, PAYLOAD_HIGH);
    return high * 0x1_0000_0000 + (this.directionWord(flow, direction, PAYLOAD_LOW) >>> 0);
  }

  #lastTime(flow: FlowRecord): number {
    const { words } = this.block(flow);
    const at = this.wordsAt(flow);
    if ((words[at + FLOW_BITS] & FLOW_TIME_APART) !== 0)
      return this.#rareDouble(flow, LAST_TIME_APART - RARITY);
    const isClients = this.directionWord(flow, 0, LAST_SENT) === words[at + LAST_PACKET];
    return this.directionDouble(flow, isClients ? 0 : 1, LAST_SENT_TIME);
  }

  /**
   * Says when the newest packet came, once LAST_PACKET and what its side sent are known.
   * @param sent whether a side sent it then
   */
  setLastTime(flow: FlowRecord, timeNs: number, sent: boolean): void {
    const { words } = this.block(flow);
    const at = this.wordsAt(flow);
    if (sent) {
      words[at + FLOW_BITS] &= ~FLOW_TIME_APART;
    } else {
      words[at + FLOW_BITS] |= FLOW_TIME_APART;
      this.#setRareDouble(flow, LAST_TIME_APART, timeNs);
    }
  }

  /** Keeps a word among the rarities. */
  setWord(flow: FlowRecord, word: number, value: number): void {
    const part = this.#openRarities(flow);
    this.#rarities.block(part).words[this.#rarities.at(part) + word - RARITY] = value;
  }

  setDirectionWord(flow: FlowRecord, direction: 0 | 1, word: number, value: number): void {
    this.setWord(flow, word + direction, value);
  }

  setDirectionDouble(flow: FlowRecord, direction: 0 | 1, double: number, value: number): void {
    this.#setRareDouble(flow, double + direction, value);
  }

  setSynTime(flow: FlowRecord, timeNs: number): void {
    const { words, doubles } = this.block(flow);
    const at = this.wordsAt(flow);
    if (timeNs === doubles[(at >> 1) + FIRST_TIME]) {
      words[at + FLOW_BITS] |= FLOW_SYN_IS_FIRST;
    } else {
      words[at + FLOW_BITS] &= ~FLOW_SYN_IS_FIRST;
      this.#setRareDouble(flow, SYN_TIME, timeNs);
    }
  }

  /** @param roundTripNs HANDSHAKE_RTT */
  setHandshake(flow: FlowRecord, roundTripNs: number): void {
    const { words } = this.block(flow);
    const at = this.wordsAt(flow);
    const isPlain = Number.isInteger(roundTripNs) && roundTripNs >= 0 && roundTripNs < HANDSHAKE_IS_RARE - 1;
    words[at + HANDSHAKE_NS] = isPlain ? roundTripNs + 1 : HANDSHAKE_IS_RARE;
    if (!isPlain) this.#setRareDouble(flow, HANDSHAKE_RTT, roundTripNs);
  }

  /** Holds the words of the flow's addresses, see `addressAt`. */
  addressWords(flow: FlowRecord): Int32Array {
    const { words } = this.block(flow);
    const at = this.wordsAt(flow);
    return ipVersionOf(words[at + META]) === 6 ? this.#wide.block(words[at + CLIENT_ADDRESS]).words : words;
  }

  /** Where the address of a side starts in `addressWords`: one word of IPv4, or four. */
  addressAt(flow: FlowRecord, side: 0 | 1): number {
    const { words } = this.block(flow);
    const at = this.wordsAt(flow);
    if (ipVersionOf(words[at + META]) === 6) {
      return this.#wide.at(words[at + CLIENT_ADDRESS]) + (side === 0 ? 0 : WIDE_SERVER);
    }
    return at + (side === 0 ? CLIENT_ADDRESS : SERVER_ADDRESS);
  }

  /** The address of a side in four words, of which IPv4 takes the first. */
  wideAddress(flow: FlowRecord, side: 0 | 1): Int32Array {
    const address = new Int32Array(4);
    const at = this.addressAt(flow, side);
    const length = ipVersionOf(this.word(flow, META)) === 6 ? 4 : 1;
    address.set(this.addressWords(flow).subarray(at, at + length));
    return address;
  }

  /** PAYLOAD_BYTES of both directions. */
  payloadOfBoth(flow: FlowRecord): number {
    return this.directionDouble(flow, 0, PAYLOAD_BYTES) + this.directionDouble(flow, 1, PAYLOAD_BYTES);
  }

  /** Whether a side of one flow has the address of a side of another. */
  isSameAddress(one: FlowRecord, side: 0 | 1, other: FlowRecord, otherSide: 0 | 1): boolean {
    const version = ipVersionOf(this.word(one, META));
    if (version !== ipVersionOf(this.word(other, META))) return false;
    const words = this.addressWords(one);
    const at = this.addressAt(one, side);
    return sameAddress(words, at, this.addressWords(other), this.addressAt(other, otherSide), version === 6);
  }

  /** The part of `#unfolded` that has the sides of a lone SYN, until another one is asked for. */
  #unfoldedOf(flow: FlowRecord): number {
    const part = this.#unfoldedPart;
    if (this.#unfoldedFlow !== flow) {
      const head = this.block(flow);
      unfoldSides(head, this.wordsAt(flow), this.#unfolded.block(part), this.#unfolded.at(part));
      this.#unfoldedFlow = flow;
    }
    return part;
  }

  #rarity(flow: FlowRecord, word: number): number {
    const part = this.word(flow, RARITIES);
    return part === 0 ? NO_RARITIES[word] : this.#rarities.block(part).words[this.#rarities.at(part) + word];
  }

  #rareDouble(flow: FlowRecord, double: number): number {
    const part = this.word(flow, RARITIES);
    return part === 0 ? 0 : this.#rarities.block(part).doubles[this.#rarities.at(part) / 2 + double];
  }

  #setRareDouble(flow: FlowRecord, double: number, value: number): void {
    const part = this.#openRarities(flow);
    this.#rarities.block(part).doubles[this.#rarities.at(part) / 2 + double - RARITY] = value;
  }

  #openRarities(flow: FlowRecord): number {
    const { words } = this.block(flow);
    const at = this.wordsAt(flow);
    if (words[at + RARITIES] === 0) {
      const part = this.#rarities.take();
      this.#rarities.block(part).words.set(NO_RARITIES, this.#rarities.at(part));
      words[at + RARITIES] = part;
    }
    return words[at + RARITIES];
  }

  #rareDirectionWord(flow: FlowRecord, direction: 0 | 1, word: number): number {
    if (word !== MAC_HIGH && word !== MAC_LOW) return this.#rarity(flow, word - RARITY + direction);
    const number = (this.word(flow, LINK_ADDRESSES) >>> (16 * direction)) & 0xffff;
    if (number === UNNAMED) return this.#rarity(flow, word - RARITY + direction);
    return word === MAC_HIGH ? this.links.high(number) : this.links.low(number);
  }

  #lastAckTime(flow: FlowRecord, direction: 0 | 1): number {
    const seen = this.directionWord(flow, direction, SEEN);
    if ((seen & SEEN_ACK) === 0) return 0;
    if ((seen & SEEN_ACK_APART) === 0) return this.directionDouble(flow, direction, LAST_SENT_TIME);
    return this.#rareDouble(flow, LAST_ACK_TIME - RARITY + direction);
  }

  // ── timelines ───────────────────────────────────────────────────────────────────────────────────────────

  /** That new flows are of. */
  get timeline(): number {
    return this.#timelines.length - 1;
  }

  /** That a flow is of. */
  timelineOf(flow: FlowRecord): number {
    const starts = this.#timelines;
    const id = this.id(flow);
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= id) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Later packets open new flows: another, unrelated capture begins. */
  startTimeline(): void {
    this.#timelines.push(this.count);
    if (this.count === 0) return;
    this.#slots = new Int32Array(FEWEST_SLOTS);
    this.#mask = FEWEST_SLOTS - 1;
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
      const stored = slots[slot];
      if (stored === 0) return NO_FLOW_FOUND;
      if (((stored ^ hash) & SLOT_HASH) === 0) {
        const flow = ((stored & SLOT_FLOW) - 1) as FlowRecord;
        const words = this.#blocks[flow >>> BLOCK_BITS].words;
        const at = (flow & BLOCK_MASK) * FLOW_WORDS;
        if (words[at + META] === meta) {
          const flowPorts = words[at + PORTS];
          if (flowPorts === ports && this.#isBetween(words, at, keys, source, destination, wide)) {
            this.direction = 0;
            return flow;
          }
          if (flowPorts === swapped && this.#isBetween(words, at, keys, destination, source, wide)) {
            this.direction = 1;
            return flow;
          }
        }
      }
      slot = (slot + 1) & mask;
    }
  }

  /** Whether the flow whose head is at `at` is one of the client and the server whose addresses are in `keys`. */
  #isBetween(
    words: Int32Array,
    at: number,
    keys: Int32Array,
    client: number,
    server: number,
    wide: boolean,
  ): boolean {
    if (!wide)
      return words[at + CLIENT_ADDRESS] === keys[client] && words[at + SERVER_ADDRESS] === keys[server];
    const pair = words[at + CLIENT_ADDRESS];
    const both = this.#wide.block(pair).words;
    const bothAt = this.#wide.at(pair);
    return (
      sameAddress(both, bothAt, keys, client, true) &&
      sameAddress(both, bothAt + WIDE_SERVER, keys, server, true)
    );
  }

  /**
   * `find` for IPv4, whose endpoints are at hand.
   * @param hash flowHash of them @param ports source << 16 | destination
   */
  findIpv4(hash: number, meta: number, source: number, destination: number, ports: number): FlowRecord {
    const slots = this.#slots;
    const mask = this.#mask;
    for (let slot = hash & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      if (((slots[slot] ^ hash) & SLOT_HASH) !== 0) continue;
      const flow = ((slots[slot] & SLOT_FLOW) - 1) as FlowRecord;
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
    if (this.#newest !== NO_FLOW_FOUND) this.#fold(this.#newest);
    const flow = this.#free.pop() ?? (this.records++ as FlowRecord);
    this.#newest = flow;
    const index = flow >>> BLOCK_BITS;
    if (index === this.#blocks.length) this.#addBlock();
    const { words } = this.#blocks[index];
    const at = this.wordsAt(flow);
    const fromClient = client === 0;
    const clientAddress = fromClient ? endpoints.source : endpoints.destination;
    const serverAddress = fromClient ? endpoints.destination : endpoints.source;
    const clientPort = keys[fromClient ? endpoints.sourcePort : endpoints.destinationPort];
    const serverPort = keys[fromClient ? endpoints.destinationPort : endpoints.sourcePort];
    if (ipVersionOf(meta) === 6) {
      const pair = this.#wide.take();
      const both = this.#wide.block(pair).words;
      const bothAt = this.#wide.at(pair);
      for (let i = 0; i < 4; i++) {
        both[bothAt + i] = keys[clientAddress + i];
        both[bothAt + WIDE_SERVER + i] = keys[serverAddress + i];
      }
      words[at + CLIENT_ADDRESS] = pair;
      words[at + SERVER_ADDRESS] = pair;
    } else {
      words[at + CLIENT_ADDRESS] = keys[clientAddress];
      words[at + SERVER_ADDRESS] = keys[serverAddress];
    }
    words[at + PORTS] = (clientPort << 16) | serverPort;
    words[at + META] = meta;
    if (this.#ids !== undefined) this.#ids[index][flow & BLOCK_MASK] = this.count;
    this.count++;
    if (replaced !== NO_FLOW_FOUND) this.setWord(flow, REUSED_FROM, replaced);
    const part = this.sides.take();
    const sides = this.sides.block(part).words;
    const sidesAt = this.sides.at(part);
    words[at + SIDES] = part;
    sides[sidesAt + LAST_SENT] = NO_PACKET | 0;
    sides[sidesAt + SIDE_WORDS + LAST_SENT] = NO_PACKET | 0;
    this.#insert(flow, replaced);
    return flow;
  }

  #addBlock(): void {
    const memory = new ArrayBuffer(BLOCK_FLOWS * FLOW_WORDS * Int32Array.BYTES_PER_ELEMENT);
    this.#blocks.push({ words: new Int32Array(memory), doubles: new Float64Array(memory) });
    this.#ids?.push(new Uint32Array(BLOCK_FLOWS));
  }

  /** Bytes in memory of all but the sides, which may be put aside. */
  get bytes(): number {
    const words = this.#blocks.length * BLOCK_FLOWS * FLOW_WORDS + this.#slots.length;
    return words * Int32Array.BYTES_PER_ELEMENT + this.#rarities.bytes + this.#wide.bytes;
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
    return (this.#ids === undefined ? flow : this.#ids[flow >>> BLOCK_BITS][flow & BLOCK_MASK]) as FlowId;
  }

  /** The flow with that id; NO_FLOW_FOUND where there is none, or none any more. Looks through all when some were removed. */
  flowOf(id: FlowId): FlowRecord {
    if (id < 0 || id >= this.count) return NO_FLOW_FOUND;
    if (this.#ids === undefined) return id as number as FlowRecord;
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
    const { words } = this.block(flow);
    const at = this.wordsAt(flow);
    const meta = words[at + META];
    const hash = this.#hashOf(flow);
    const newest = this.find(hash, meta, this.#endpoints, BARE_ENDPOINTS);
    if (newest === flow) this.#erase(flow);
    this.#ids ??= this.#blocks.map((_, block) =>
      Uint32Array.from({ length: BLOCK_FLOWS }, (_one, i) => block * BLOCK_FLOWS + i),
    );
    if (words[at + SIDES] !== 0) this.sides.giveBack(words[at + SIDES]);
    if (words[at + RARITIES] !== 0) this.#rarities.giveBack(words[at + RARITIES]);
    if (ipVersionOf(meta) === 6) this.#wide.giveBack(words[at + CLIENT_ADDRESS]);
    words.fill(0, at, at + FLOW_WORDS);
    if (this.#newest === flow) this.#newest = NO_FLOW_FOUND;
    if (this.#unfoldedFlow === flow) this.#unfoldedFlow = NO_FLOW_FOUND;
    this.#free.push(flow);
  }

  /**
   * The hash that finds a flow; leaves its endpoints in `#endpoints`. It is asked of each flow whenever the slots grow, so it looks
   * for the flow's block once.
   */
  #hashOf(flow: FlowRecord): number {
    const { words } = this.block(flow);
    const at = this.wordsAt(flow);
    const meta = words[at + META];
    const keys = this.#endpoints;
    const isWide = ipVersionOf(meta) === 6;
    const part = words[at + CLIENT_ADDRESS];
    const addresses = isWide ? this.#wide.block(part).words : words;
    const client = isWide ? this.#wide.at(part) : at + CLIENT_ADDRESS;
    const server = isWide ? client + WIDE_SERVER : at + SERVER_ADDRESS;
    for (let i = 0; i < (isWide ? 4 : 1); i++) {
      keys[BARE_ENDPOINTS.source + i] = addresses[client + i];
      keys[BARE_ENDPOINTS.destination + i] = addresses[server + i];
    }
    keys[BARE_ENDPOINTS.sourcePort] = words[at + PORTS] >>> 16;
    keys[BARE_ENDPOINTS.destinationPort] = words[at + PORTS] & 0xffff;
    return flowHash(this.seed, meta, keys, BARE_ENDPOINTS);
  }

  /** Takes the flow that `find` has just found out of the slots, and moves up those that were displaced by it. */
  #erase(flow: FlowRecord): void {
    const slots = this.#slots;
    const mask = this.#mask;
    let hole = this.#hash & mask;
    while ((slots[hole] & SLOT_FLOW) !== flow + 1) hole = (hole + 1) & mask;
    for (let slot = (hole + 1) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const home = this.#hashOf(((slots[slot] & SLOT_FLOW) - 1) as FlowRecord) & mask;
      // It may move to the hole unless its home lies behind it.
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
      slots[hole] = slots[slot];
      hole = slot;
    }
    slots[hole] = 0;
    this.#occupied--;
  }

  #insert(flow: FlowRecord, replaced: FlowRecord): void {
    const hash = this.#hash;
    if (replaced === NO_FLOW_FOUND && this.#occupied + 1 > FULLEST * (this.#mask + 1)) this.#grow();
    const slots = this.#slots;
    let slot = hash & this.#mask;
    while (slots[slot] !== 0 && (slots[slot] & SLOT_FLOW) !== replaced + 1) slot = (slot + 1) & this.#mask;
    if (slots[slot] === 0) this.#occupied++;
    slots[slot] = (flow + 1) | (hash & SLOT_HASH);
  }

  #grow(): void {
    const old = this.#slots;
    const size = 2 * (this.#mask + 1);
    const slots = new Int32Array(size);
    this.#mask = size - 1;
    for (const stored of old) {
      if (stored === 0) continue;
      let slot = this.#hashOf(((stored & SLOT_FLOW) - 1) as FlowRecord) & this.#mask;
      while (slots[slot] !== 0) slot = (slot + 1) & this.#mask;
      slots[slot] = stored;
    }
    this.#slots = slots;
  }
}

function isSince(packet: number, since: number): boolean {
  return packet >= since && packet !== NO_PACKET;
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
