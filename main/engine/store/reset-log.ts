/**
 * The reset log: for a TCP segment with RST, what the packet index does not keep, and the state of both sides at
 * the moment it arrived. A verdict is made from this record and from the packets of the flow.
 *
 * The first LIMITS.maxResetsOfFlow resets of a flow have a record each. A further one joins a _burst_ of its flow where there is
 * one of its shape (`burstFor`), so that a flood costs a number and not a verdict for each of its packets. A record
 * is told from its first reset; `members` says how many it stands for.
 *
 * Records of 50 words in blocks of 4,096 that never move; ids are dense from 0 in the order of their first packets. Those of an
 * endless capture are let go with their packets: [first, count) are here.
 *
 * Invariants
 * - Each reset is a member of exactly one record, and `total` of all of them together.
 * - A flow has at most LIMITS.maxBurstsOfFlow + 2 open bursts, so that joining one costs a bounded number of steps.
 * - A record that is closed never changes again.
 */
import type { FlowRecord, Nanoseconds, PacketNumber } from '../../../shared/base/units.ts';
import { LIMITS } from '../limits.ts';

const BLOCK_BITS = 12;
const BLOCK_RECORDS = 1 << BLOCK_BITS;
const BLOCK_MASK = BLOCK_RECORDS - 1;
export const RESET_WORDS = 50;

// Words of a record
/** Packet number (unsigned). */
export const RST_PACKET = 0;
export const RST_FLOW = 1;
/** 0: carries the client's address, 1: the server's. */
export const RST_DIRECTION = 2;
/** OPT_* bits and the option style of the reset itself. */
export const RST_OPTIONS = 3;
export const RST_OPTION_STYLE = 4;
export const RST_TS_VALUE = 5;
export const RST_TS_ECHO = 6;
/** −1 where absent. */
export const RST_MPTCP_REASON = 7;
export const RST_MAC_HIGH = 8;
export const RST_MAC_LOW = 9;
/** −1 untagged. */
export const RST_VLAN = 10;
export const RST_INTERFACE = 11;
/** IP_* bits of the reset (DF, fragmented, options). */
export const RST_IP_FLAGS = 12;
export const RST_DEFECTS = 13;
/** Packet before it in the flow (unsigned; NO_PACKET for none). */
export const RST_PREVIOUS = 14;
/** Previous reset of the same flow, −1 for none. */
export const RST_PREVIOUS_RESET = 15;
/** FLOW_BITS of the flow before the reset. */
export const RST_FLOW_BITS = 16;
/** 1 when the IP version is 6. */
export const RST_IPV6 = 17;

/** State of a side before the reset, at RST_SENDER or RST_RECEIVER: words SIDE_*. */
export const RST_SENDER = 18;
export const RST_RECEIVER = 28;
export const SIDE_SEEN = 0;
export const SIDE_NEXT_SEQ = 1;
export const SIDE_LAST_ACK = 2;
export const SIDE_BASE_SEQ = 3;
export const SIDE_FIN_SEQ = 4;
export const SIDE_WINDOW = 5;
export const SIDE_SYN_OPTIONS = 6;
export const SIDE_TS_VALUE = 7;
/** Newest packet of that side (unsigned; NO_PACKET for none). */
export const SIDE_LAST_SENT = 8;
export const SIDE_TTLS = 9;

/** Resets that the record stands for, and how many of them are second captures of others. */
const RST_MEMBERS = 38;
const RST_COPIES = 39;
/** Which record of its flow it is, from 0. */
const RST_ORDINAL = 40;
/** What the resets of one burst have in common: see `shapeOf`. */
const RST_SHAPE = 41;
/** STATE_* */
const RST_STATE = 48;

// Doubles of a record, by the word that each starts at; nanoseconds, −1 where there is none
/** Since the packet before it in the flow, which may be gone by the time that somebody asks. */
export const RST_IDLE = 42;
/** Since its sender last sent anything. */
export const RST_SENDER_SILENCE = 44;
/** Time of the newest member. */
const RST_LAST_TIME = 46;

/** No other reset joins it any more. */
const STATE_CLOSED = 1;
/** It has no verdict and will get none. */
const STATE_GIVEN_UP = 2;
/** It came with many others of its hosts. */
const STATE_OF_MANY = 4;

/** Resets of one shape that lie farther apart are no burst. */
const BURST_PAUSE_NS = 60_000_000_000;

export class ResetLog {
  /** Records so far. */
  count = 0;
  /** Resets so far, each of those in bursts too. */
  total = 0;
  /** Those of them that were given up: nobody had the time to judge them. */
  unjudged = 0;
  /** Ids below it are gone from the log. */
  first = 0;
  readonly #blocks: { readonly words: Int32Array; readonly doubles: Float64Array }[] = [];
  /** First bytes of payload that resets carried, by reset. Few resets carry any. */
  readonly #payloads = new Map<number, Uint8Array>();
  /** Packets of the members of each burst, capture order; a record of one reset has no entry. */
  readonly #bursts = new Map<number, PacketList>();
  /** Records below this are closed. */
  #closed = 0;

  /**
   * A fresh record of one reset, zeroed but for what makes it join others; fill it with `words(id)[at(id) + RST_*]`.
   * @param previous the newest record of its flow, −1 for none
   */
  add(previous: number, shape: number, timeNs: Nanoseconds): number {
    const id = this.#next();
    const words = this.words(id);
    const at = this.at(id);
    words[at + RST_PREVIOUS_RESET] = previous;
    words[at + RST_MEMBERS] = 1;
    words[at + RST_ORDINAL] = previous < this.first ? 0 : this.get(previous, RST_ORDINAL) + 1;
    words[at + RST_SHAPE] = shape;
    this.setDuration(id, RST_LAST_TIME, timeNs);
    this.total++;
    return id;
  }

  /**
   * The burst that the next reset of a flow joins, −1 where it gets a record of its own. One of another shape gets one, too, as long
   * as there are few bursts; then it joins what comes from its side.
   * @param newest the newest record of the flow, −1 for none
   */
  burstFor(newest: number, direction: 0 | 1, shape: number, timeNs: Nanoseconds): number {
    const floor = Math.max(this.first, this.#closed);
    let bursts = 0;
    let ofSide = -1;
    for (let id = newest; id >= floor; id = this.get(id, RST_PREVIOUS_RESET)) {
      if (this.get(id, RST_ORDINAL) < LIMITS.maxResetsOfFlow || this.#is(id, STATE_CLOSED)) break;
      bursts++;
      const isNear = timeNs - this.duration(id, RST_LAST_TIME) <= BURST_PAUSE_NS;
      if (isNear && this.get(id, RST_SHAPE) === shape) return id;
      if (ofSide < 0 && this.direction(id) === direction) ofSide = id;
    }
    return bursts >= LIMITS.maxBurstsOfFlow ? ofSide : -1;
  }

  /** Makes a reset a member of a burst. */
  join(id: number, packet: PacketNumber, timeNs: Nanoseconds): void {
    let members = this.#bursts.get(id);
    if (members === undefined) {
      members = new PacketList();
      members.push(this.packet(id));
      this.#bursts.set(id, members);
    }
    members.push(packet);
    this.words(id)[this.at(id) + RST_MEMBERS]++;
    this.setDuration(id, RST_LAST_TIME, timeNs);
    this.total++;
    if (this.#is(id, STATE_GIVEN_UP)) this.unjudged++;
  }

  /** The newest member of a record is a second capture of another reset. */
  noteCopy(id: number): void {
    this.words(id)[this.at(id) + RST_COPIES]++;
  }

  /** Nothing joins records below `id` any more: what is told of them stands. */
  closeBelow(id: number): void {
    this.#closed = Math.max(this.#closed, id);
  }

  /** Nothing joins the record any more. */
  close(id: number): void {
    this.words(id)[this.at(id) + RST_STATE] |= STATE_CLOSED;
  }

  /** The record will have no verdict. */
  giveUp(id: number): void {
    if (this.#is(id, STATE_GIVEN_UP)) return;
    this.words(id)[this.at(id) + RST_STATE] |= STATE_GIVEN_UP;
    this.unjudged += this.members(id);
  }

  /** Many others of the record's hosts waited with it: whoever tells of resets tells of others first. */
  noteMany(id: number): void {
    this.words(id)[this.at(id) + RST_STATE] |= STATE_OF_MANY;
  }

  isOfMany(id: number): boolean {
    return this.#is(id, STATE_OF_MANY);
  }

  isGivenUp(id: number): boolean {
    return this.#is(id, STATE_GIVEN_UP);
  }

  #is(id: number, state: number): boolean {
    return (this.get(id, RST_STATE) & state) !== 0;
  }

  /** Resets that a record stands for. */
  members(id: number): number {
    return this.get(id, RST_MEMBERS);
  }

  /** The same without second captures: 0 where all are. */
  times(id: number): number {
    return this.members(id) - this.get(id, RST_COPIES);
  }

  /** Packets of all members, capture order. */
  packets(id: number): Uint32Array {
    return this.#bursts.get(id)?.all() ?? Uint32Array.of(this.packet(id));
  }

  /** Packet of the newest member. */
  lastPacket(id: number): PacketNumber {
    return this.#bursts.get(id)?.last() ?? this.packet(id);
  }

  /** Time of the newest member. */
  lastTime(id: number): Nanoseconds {
    return this.duration(id, RST_LAST_TIME) as Nanoseconds;
  }

  #next(): number {
    const id = this.count++;
    if (id >>> BLOCK_BITS === this.#blocks.length) {
      const buffer = new ArrayBuffer(BLOCK_RECORDS * RESET_WORDS * 4);
      this.#blocks.push({ words: new Int32Array(buffer), doubles: new Float64Array(buffer) });
    }
    return id;
  }

  words(id: number): Int32Array {
    return this.#blocks[id >>> BLOCK_BITS].words;
  }

  at(id: number): number {
    return (id & BLOCK_MASK) * RESET_WORDS;
  }

  get(id: number, word: number): number {
    return this.#blocks[id >>> BLOCK_BITS].words[(id & BLOCK_MASK) * RESET_WORDS + word];
  }

  /** The reset's own packet. */
  packet(id: number): PacketNumber {
    return (this.get(id, RST_PACKET) >>> 0) as PacketNumber;
  }

  flow(id: number): FlowRecord {
    return this.get(id, RST_FLOW) as FlowRecord;
  }

  /** Whose address it carries: 0 the client's, 1 the server's. */
  direction(id: number): 0 | 1 {
    return this.get(id, RST_DIRECTION) === 0 ? 0 : 1;
  }

  /** @param word of a double: RST_IDLE, RST_SENDER_SILENCE */
  duration(id: number, word: number): number {
    return this.#blocks[id >>> BLOCK_BITS].doubles[(this.at(id) + word) >> 1];
  }

  setDuration(id: number, word: number, ns: number): void {
    this.#blocks[id >>> BLOCK_BITS].doubles[(this.at(id) + word) >> 1] = ns;
  }

  /** Lets go of the resets below `first`. */
  dropBelow(first: number): void {
    for (; this.first < first; this.first++) {
      this.#payloads.delete(this.first);
      this.#bursts.delete(this.first);
      if ((this.first & BLOCK_MASK) === BLOCK_MASK) delete this.#blocks[this.first >>> BLOCK_BITS];
    }
  }

  /** Blocks kept. */
  get blocksHeld(): number {
    return this.#blocks.length - (this.first >>> BLOCK_BITS);
  }

  setPayload(id: number, bytes: Uint8Array): void {
    this.#payloads.set(id, bytes);
  }

  /** The first bytes of the reset's payload, where it had any. */
  payload(id: number): Uint8Array | undefined {
    return this.#payloads.get(id);
  }
}

/** Packet numbers in memory that grows by doubling. */
class PacketList {
  #numbers = new Uint32Array(16);
  #count = 0;

  push(packet: PacketNumber): void {
    if (this.#count === this.#numbers.length) {
      const longer = new Uint32Array(2 * this.#count);
      longer.set(this.#numbers);
      this.#numbers = longer;
    }
    this.#numbers[this.#count++] = packet;
  }

  all(): Uint32Array {
    return this.#numbers.subarray(0, this.#count);
  }

  last(): PacketNumber {
    return this.#numbers[this.#count - 1] as PacketNumber;
  }
}
