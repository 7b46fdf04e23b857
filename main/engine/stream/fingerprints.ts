/**
 * What a proxy leaves of a connection: the first bytes of both sides, and the randoms of the TLS hellos. Kept of all flows as
 * hashes, only where several captures are read that may hold the same traffic.
 *
 * The head of a side is its first HEAD_BYTES in order of their numbers, however they were cut into segments. The header of the
 * PROXY protocol, which a proxy sends ahead of the client's bytes, is left out.
 */
import type { FlowRecord } from '../../../shared/base/units.ts';
import { seqAdd, seqDelta } from '../../../shared/base/seq.ts';
import { CR, LF, startsWith, u16 } from './bytes.ts';

/** Bytes of a whole head, and of the short one that captures with cut packets have as well. */
export const HEAD_BYTES = 256;
export const SHORT_HEAD_BYTES = 24;

/** The random of a hello in its handshake message (RFC 8446 §4.1.2). */
const RANDOM_AT = 6;
const RANDOM_END = RANDOM_AT + 32;

/** Longest header of version 1 (HAProxy's proxy-protocol.txt §2.1), and the part of version 2 before its length (§2.2). */
const PROXY_1 = 'PROXY ';
const LONGEST_PROXY_1 = 107;
const PROXY_2 = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];
const PROXY_2_LENGTH_AT = 14;
const PROXY_2_HEADER = 16;

// Words of a side
const START = 0;
/** Number of the byte that comes next. */
const NEXT = 1;
/** Bytes in the hash | STATE_* bits. */
const STATE = 2;
const HASH = 3;
const SHORT_HASH = 4;
const SIDE_WORDS = 5;
// Words of a flow
const RANDOMS = 2 * SIDE_WORDS;
const FLOW_WORDS = RANDOMS + 2;

const STATE_BYTES = 0xfff;
/** There was a byte. */
const STATE_STARTED = 1 << 12;
/** No more bytes can be taken: the capture holds only a part of a packet. */
const STATE_CUT = 1 << 13;
/** A PROXY header stood before them. */
const STATE_PROXY = 1 << 14;

export interface Head {
  readonly hash: number;
  /** Of the first SHORT_HEAD_BYTES; 0 where there are fewer. */
  readonly shortHash: number;
  /** Bytes in `hash`. */
  readonly length: number;
  /** Number of the first byte behind a PROXY header. */
  readonly startSeq: number;
  /** Bytes that were captured in part end it early. */
  readonly isCut: boolean;
  readonly hasProxyHeader: boolean;
}

export class Fingerprints {
  #words = new Int32Array(1024 * FLOW_WORDS);

  /** Whether the head of the side wants more bytes. */
  wants(flow: FlowRecord, direction: 0 | 1): boolean {
    const at = flow * FLOW_WORDS + direction * SIDE_WORDS;
    if (at >= this.#words.length) return true;
    const state = this.#words[at + STATE];
    return (state & STATE_CUT) === 0 && (state & STATE_BYTES) < HEAD_BYTES;
  }

  /** Takes the payload of a segment. Parameters as HintCollector.sniff. */
  take(
    flow: FlowRecord,
    direction: 0 | 1,
    bytes: Uint8Array,
    at: number,
    captured: number,
    length: number,
    seq: number,
  ): void {
    const words = this.#room(flow);
    const side = flow * FLOW_WORDS + direction * SIDE_WORDS;
    const isFirst = (words[side + STATE] & STATE_STARTED) === 0;
    if (isFirst || seqDelta(seq, words[side + START]) < 0) {
      // What came before it was out of order, or a PROXY header that is sent again.
      const header = proxyHeader(bytes, at, at + captured);
      if (!isFirst && header > 0) return;
      words.fill(0, side, side + SIDE_WORDS);
      words[side + STATE] = header > 0 ? STATE_STARTED | STATE_PROXY : STATE_STARTED;
      words[side + START] = seqAdd(seq, header);
      words[side + NEXT] = words[side + START];
    }
    const known = seqDelta(words[side + NEXT], seq);
    if (known < 0 || known >= length) return;
    let state = words[side + STATE];
    if ((state & STATE_CUT) !== 0) return;
    let hash = words[side + HASH];
    let count = state & STATE_BYTES;
    let next = at + known;
    const end = at + captured;
    for (; next < end && count < HEAD_BYTES; next++) {
      hash = Math.imul(hash ^ bytes[next], 0x0100_0193) ^ (hash >>> 15);
      if (++count === SHORT_HEAD_BYTES) words[side + SHORT_HASH] = hash;
    }
    words[side + HASH] = hash;
    words[side + NEXT] = seqAdd(seq, next - at);
    state = (state & ~STATE_BYTES) | count;
    if (captured < length && count < HEAD_BYTES) state |= STATE_CUT;
    words[side + STATE] = state;
  }

  /** Takes the random of a hello. @param message handshake message from its type byte on, possibly cut */
  hello(flow: FlowRecord, isServers: boolean, message: Uint8Array): void {
    if (message.length < RANDOM_END) return;
    const words = this.#room(flow);
    const at = flow * FLOW_WORDS + RANDOMS + (isServers ? 1 : 0);
    if (words[at] !== 0) return;
    let hash = 0;
    for (let i = RANDOM_AT; i < RANDOM_END; i++)
      hash = Math.imul(hash ^ message[i], 0x0100_0193) ^ (hash >>> 15);
    words[at] = hash;
  }

  /** Forgets a flow: its number may be used again. */
  forget(flow: FlowRecord): void {
    if (flow * FLOW_WORDS < this.#words.length) {
      this.#words.fill(0, flow * FLOW_WORDS, (flow + 1) * FLOW_WORDS);
    }
  }

  /** The first bytes of a side; undefined where there was none. */
  head(flow: FlowRecord, direction: 0 | 1): Head | undefined {
    const side = flow * FLOW_WORDS + direction * SIDE_WORDS;
    if (side >= this.#words.length) return undefined;
    const state = this.#words[side + STATE];
    const length = state & STATE_BYTES;
    if (length === 0) return undefined;
    return {
      hash: this.#words[side + HASH],
      shortHash: this.#words[side + SHORT_HASH],
      length,
      startSeq: this.#words[side + START],
      isCut: (state & STATE_CUT) !== 0,
      hasProxyHeader: (state & STATE_PROXY) !== 0,
    };
  }

  /** Hash of the random of a hello; 0 where none was seen. */
  random(flow: FlowRecord, isServers: boolean): number {
    const at = flow * FLOW_WORDS + RANDOMS + (isServers ? 1 : 0);
    return at < this.#words.length ? this.#words[at] : 0;
  }

  #room(flow: FlowRecord): Int32Array {
    const needed = (flow + 1) * FLOW_WORDS;
    if (needed > this.#words.length) {
      const larger = new Int32Array(Math.max(needed, 2 * this.#words.length));
      larger.set(this.#words);
      this.#words = larger;
    }
    return this.#words;
  }
}

/** Bytes of a PROXY header that begins at `at`; 0 where none does. */
function proxyHeader(bytes: Uint8Array, at: number, end: number): number {
  if (startsWith(bytes, at, end, PROXY_1)) {
    const last = Math.min(end, at + LONGEST_PROXY_1) - 1;
    for (let i = at; i < last; i++) if (bytes[i] === CR && bytes[i + 1] === LF) return i + 2 - at;
    return 0;
  }
  if (end - at < PROXY_2_HEADER || PROXY_2.some((byte, i) => bytes[at + i] !== byte)) return 0;
  return PROXY_2_HEADER + u16(bytes, at + PROXY_2_LENGTH_AT);
}
