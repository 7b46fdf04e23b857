/**
 * The reset log: for every TCP segment with RST, what the packet index does not keep, and the state of both sides at
 * the moment it arrived. A verdict is made from this record and from the packets of the flow.
 *
 * Records of 42 words in blocks of 4,096 that never move; ids are dense from 0 in capture order. Those of an endless capture
 * are let go with their packets: [first, count) are here.
 */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';

const BLOCK_BITS = 12;
const BLOCK_RECORDS = 1 << BLOCK_BITS;
const BLOCK_MASK = BLOCK_RECORDS - 1;
export const RESET_WORDS = 42;

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

// Doubles of a record, by the word that each starts at; nanoseconds, −1 where there is none
/** Since the packet before it in the flow, which may be gone by the time that somebody asks. */
export const RST_IDLE = 38;
/** Since its sender last sent anything. */
export const RST_SENDER_SILENCE = 40;

export class ResetLog {
  /** Resets logged so far. */
  count = 0;
  /** Ids below it are gone from the log. */
  first = 0;
  readonly #blocks: { readonly words: Int32Array; readonly doubles: Float64Array }[] = [];
  /** First bytes of payload that resets carried, by reset. Few resets carry any. */
  readonly #payloads = new Map<number, Uint8Array>();

  /** A fresh, zeroed record; fill it with `words(id)[at(id) + RST_*]`. */
  add(): number {
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

  /** @param word RST_IDLE or RST_SENDER_SILENCE */
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
