/**
 * Packets of two flows in groups of those that look the same: an open-addressing table over the first flow's, used again for the
 * next pair of flows.
 *
 * It takes constant time a packet whatever they hold: packets of one group are chained, and the hash is seeded.
 */
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN, TCP_URG } from '../decode/facts.ts';
import type { FlowPackets } from './flow-packets.ts';

/** Direction and the flags that nothing on the way may change, of `FlowPackets.forms`. */
const CORE_FORM = TCP_SYN | TCP_FIN | TCP_RST | TCP_ACK | TCP_URG | (1 << 12);
const WHOLE_FORM = 0xffff;

export class KeyGroups {
  /** By first packet of a group of the first flow: the last of it, and the first and last of the second flow, −1 for none. */
  lastOfFirst = new Int32Array(0);
  firstOfSecond = new Int32Array(0);
  lastOfSecond = new Int32Array(0);
  /** The next packet of the same group, −1 for none. */
  nextOfFirst = new Int32Array(0);
  nextOfSecond = new Int32Array(0);
  #slots = new Int32Array(2048);
  #mask = 2047;
  /** Slots below it are of pairs of flows before this one: empty. */
  #base = 1;
  #next = 1;
  readonly #seed = (Math.random() * 0x1_0000_0000) | 0;
  #formMask = WHOLE_FORM;
  #isLoose = false;

  /** @param isLoose leaves out what may be changed on the way: options, and flags other than SYN, FIN, RST, ACK and URG */
  begin(first: number, second: number, isLoose: boolean): void {
    this.#isLoose = isLoose;
    this.#formMask = isLoose ? CORE_FORM : WHOLE_FORM;
    if (first > this.nextOfFirst.length) {
      const size = Math.max(1024, 2 ** Math.ceil(Math.log2(first)));
      this.lastOfFirst = new Int32Array(size);
      this.firstOfSecond = new Int32Array(size);
      this.lastOfSecond = new Int32Array(size);
      this.nextOfFirst = new Int32Array(size);
    }
    if (second > this.nextOfSecond.length) {
      this.nextOfSecond = new Int32Array(Math.max(1024, 2 ** Math.ceil(Math.log2(second))));
    }
    let size = this.#slots.length;
    while (size < 2 * first) size *= 2;
    this.#base = this.#next;
    this.#next = this.#base + first;
    if (size > this.#slots.length || this.#next > 0x7fff_0000) {
      this.#slots = new Int32Array(size);
      this.#base = 1;
      this.#next = 1 + first;
    }
    // A small flow in a table that was large for another one keeps to the cache.
    this.#mask = Math.min(size, Math.max(64, 2 ** Math.ceil(Math.log2(2 * first + 1)))) - 1;
  }

  /** Takes the first flow's packets in [from, below) that have no counterpart yet. */
  enter(a: FlowPackets, counterparts: Int32Array, from: number, below: number): void {
    const slots = this.#slots;
    const mask = this.#mask;
    const base = this.#base;
    for (let at = from; at < below; at++) {
      if (counterparts[at] !== -1) continue;
      this.nextOfFirst[at] = -1;
      let slot = this.#hash(a, at) & mask;
      for (;;) {
        const head = slots[slot] - base;
        if (head < 0) {
          slots[slot] = base + at;
          this.lastOfFirst[at] = at;
          this.firstOfSecond[at] = -1;
          break;
        }
        if (this.#isAlike(a, head, a, at)) {
          this.nextOfFirst[this.lastOfFirst[head]] = at;
          this.lastOfFirst[head] = at;
          // It is no first one.
          this.lastOfFirst[at] = -1;
          break;
        }
        slot = (slot + 1) & mask;
      }
    }
  }

  /** Finds the groups of the second flow's packets in [from, below) that have no counterpart yet. */
  find(a: FlowPackets, b: FlowPackets, counterparts: Int32Array, from: number, below: number): void {
    const slots = this.#slots;
    const mask = this.#mask;
    const base = this.#base;
    for (let at = from; at < below; at++) {
      if (counterparts[at] !== -1) continue;
      this.nextOfSecond[at] = -1;
      let slot = this.#hash(b, at) & mask;
      for (;;) {
        const head = slots[slot] - base;
        if (head < 0) break;
        if (this.#isAlike(a, head, b, at)) {
          if (this.firstOfSecond[head] === -1) this.firstOfSecond[head] = at;
          else this.nextOfSecond[this.lastOfSecond[head]] = at;
          this.lastOfSecond[head] = at;
          break;
        }
        slot = (slot + 1) & mask;
      }
    }
  }

  #hash(flow: FlowPackets, at: number): number {
    let hash = Math.imul(flow.seqs[at] ^ this.#seed, 0x9e37_79b1);
    hash = Math.imul(hash ^ (hash >>> 15) ^ flow.acks[at], 0x85eb_ca6b);
    hash = Math.imul(
      hash ^ (hash >>> 13) ^ flow.payloads[at] ^ ((flow.forms[at] & this.#formMask) << 16),
      0xc2b2_ae35,
    );
    if (!this.#isLoose) hash = Math.imul(hash ^ flow.digests[at], 0x27d4_eb2f);
    return hash ^ (hash >>> 16);
  }

  #isAlike(a: FlowPackets, i: number, b: FlowPackets, k: number): boolean {
    return (
      a.seqs[i] === b.seqs[k] &&
      a.acks[i] === b.acks[k] &&
      a.payloads[i] === b.payloads[k] &&
      ((a.forms[i] ^ b.forms[k]) & this.#formMask) === 0 &&
      (this.#isLoose || a.digests[i] === b.digests[k])
    );
  }
}
