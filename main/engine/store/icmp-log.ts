/**
 * The log of ICMP errors that refuse datagrams or connections. Most captures have few; scans have many, so the log is
 * bounded by LIMITS.maxIcmpErrors. Records of 18 words in blocks of 1,024 that never move.
 *
 * Addresses are kept with each record, since the flow that an error quotes may not be in the capture.
 */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import {
  EMBEDDED_DST0,
  EMBEDDED_DST_PORT,
  EMBEDDED_PROTOCOL,
  EMBEDDED_SRC0,
  EMBEDDED_SRC_PORT,
  FAMILY,
  ICMP_CODE,
  ICMP_TYPE,
  SRC0,
} from '../decode/facts.ts';
import { flowMeta } from '../flow/record.ts';
import type { LimitCounter } from '../limits.ts';
import { LIMITS } from '../limits.ts';

const BLOCK_BITS = 10;
const BLOCK_RECORDS = 1 << BLOCK_BITS;
const BLOCK_MASK = BLOCK_RECORDS - 1;
const RECORD_WORDS = 18;

// Words of a record
/** Packet number (unsigned). */
export const ICMP_PACKET = 0;
/** −1 where the quoted packet's flow was not captured. */
export const ICMP_FLOW = 1;
/** type << 8 | code */
export const ICMP_WHAT = 2;
/** flowMeta of the error's IP version and the quoted protocol. */
export const ICMP_META = 3;
/** ICMP_STATE_* at that moment, and who is told. */
export const ICMP_STATE = 4;
/** Quoted source port << 16 | destination port. */
export const ICMP_PORTS = 5;
export const ICMP_REPORTER = 6; // … 9
export const ICMP_QUOTED_SRC = 10; // … 13
export const ICMP_QUOTED_DST = 14; // … 17

/** The quoted packet was the server's: the server is told. */
export const ICMP_STATE_TELLS_SERVER = 1;
/** The connection was past its handshake. */
export const ICMP_STATE_ESTABLISHED = 2;

/** Destination unreachable, time exceeded, parameter problem (RFC 792). */
const ERRORS_V4 = new Set([3, 11, 12]);
const UNREACHABLE = 3;
const FRAGMENTATION_NEEDED = 4;
/** The same of ICMPv6 (RFC 4443); packet too big is 2. */
const ERRORS_V6 = new Set([1, 3, 4]);

/** Whether a program may see it as an error; path MTU messages are for the stack alone. */
function concernsPrograms(family: number, type: number, code: number): boolean {
  if (family === 6) return ERRORS_V6.has(type);
  return ERRORS_V4.has(type) && !(type === UNREACHABLE && code === FRAGMENTATION_NEEDED);
}

export class IcmpLog {
  /** Errors entered so far. */
  count = 0;
  /** Ids below it are gone. */
  first = 0;
  readonly #blocks: Int32Array[] = [];
  readonly #limits: LimitCounter;

  constructor(limits: LimitCounter) {
    this.#limits = limits;
  }

  /**
   * @param facts of an ICMP error (KIND_ICMP_ERROR)
   * @param flow of the quoted packet, NO_FLOW_FOUND where it was not captured
   * @param state ICMP_STATE_*
   */
  note(facts: Int32Array, packet: PacketNumber, flow: FlowRecord, state: number): void {
    const type = facts[ICMP_TYPE];
    const code = facts[ICMP_CODE];
    if (!concernsPrograms(facts[FAMILY], type, code)) return;
    if (this.count - this.first >= LIMITS.maxIcmpErrors) {
      this.#limits.hit('maxIcmpErrors');
      return;
    }
    const id = this.count++;
    if (id >>> BLOCK_BITS === this.#blocks.length) {
      this.#blocks.push(new Int32Array(BLOCK_RECORDS * RECORD_WORDS));
    }
    const words = this.words(id);
    const at = this.at(id);
    words[at + ICMP_PACKET] = packet | 0;
    words[at + ICMP_FLOW] = flow;
    words[at + ICMP_WHAT] = (type << 8) | code;
    words[at + ICMP_META] = flowMeta(facts[FAMILY], facts[EMBEDDED_PROTOCOL]);
    words[at + ICMP_STATE] = state;
    words[at + ICMP_PORTS] = (facts[EMBEDDED_SRC_PORT] << 16) | facts[EMBEDDED_DST_PORT];
    for (let i = 0; i < 4; i++) {
      words[at + ICMP_REPORTER + i] = facts[SRC0 + i];
      words[at + ICMP_QUOTED_SRC + i] = facts[EMBEDDED_SRC0 + i];
      words[at + ICMP_QUOTED_DST + i] = facts[EMBEDDED_DST0 + i];
    }
  }

  /** Lets go of errors whose packets are gone. */
  dropBelow(packet: PacketNumber): void {
    while (this.first < this.count) {
      if (this.words(this.first)[this.at(this.first) + ICMP_PACKET] >>> 0 >= packet) return;
      this.first++;
      if ((this.first & BLOCK_MASK) === 0) delete this.#blocks[(this.first >>> BLOCK_BITS) - 1];
    }
  }

  words(id: number): Int32Array {
    return this.#blocks[id >>> BLOCK_BITS];
  }

  at(id: number): number {
    return (id & BLOCK_MASK) * RECORD_WORDS;
  }
}
