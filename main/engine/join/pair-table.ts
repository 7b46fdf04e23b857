/**
 * The pairs of flows that are one connection at two vantages: rows of numbers, chained by flow. A row takes 68 bytes, a
 * flow of the session 4, whether it was joined or not.
 *
 * Invariant: of one flow the chain holds at most one row for each other vantage, so that walking it takes no longer than there are
 * vantages.
 */
import type { FlowRecord } from '../../../shared/base/units.ts';
import { MATCH_CLASSES, type MatchClass } from '../../../shared/model/join.ts';
import type { UsualDifferences } from './match-packets.ts';
import type { FlowPair } from './pair-flows.ts';

const FIRST = 0;
const SECOND = 1;
/** Index of its class | ROW_*. */
const FORM = 2;
const SHIFT_CLIENT = 3;
const SHIFT_SERVER = 4;
/** Rows of the same first and second flow, + 1; 0 ends. */
const NEXT_OF_FIRST = 5;
const NEXT_OF_SECOND = 6;
/** Index of the pair of vantages. */
const VANTAGES = 7;
export const ROW_MATCHED = 8;
export const ROW_ONLY_FIRST = 9;
export const ROW_ONLY_SECOND = 10;
export const ROW_CHANGED = 11;
/** CHANGED bits that occur. */
export const ROW_CHANGES = 12;
const ROW_WORDS = 13;

const CLASS_MASK = 0x0f;
const ROW_SWAPPED = 1 << 4;
/** TTLs of this connection say which vantage is nearer to its client. */
const ROW_FIRST_NEARER = 1 << 5;
const ROW_SECOND_NEARER = 1 << 6;

export type PairRow = number;
export const NO_ROW = -1;

export class PairTable {
  count = 0;
  #words = new Int32Array(64 * ROW_WORDS);
  #usual = new Float64Array(64 * 2);
  /** By flow: its newest row, + 1. */
  #heads = new Int32Array(0);

  /** @param flows records that there are */
  clear(flows: number): void {
    this.count = 0;
    this.#words = new Int32Array(64 * ROW_WORDS);
    this.#usual = new Float64Array(64 * 2);
    this.#heads = new Int32Array(flows);
  }

  /**
   * @param vantages index of the pair of vantages
   * @param usual what the pair was matched with
   */
  add(pair: FlowPair, vantages: number, usual: UsualDifferences): PairRow {
    const row = this.count++;
    if (this.count * ROW_WORDS > this.#words.length) {
      const larger = new Int32Array(this.#words.length * 2);
      larger.set(this.#words);
      this.#words = larger;
      const more = new Float64Array(this.#usual.length * 2);
      more.set(this.#usual);
      this.#usual = more;
    }
    this.#usual.set(usual, 2 * row);
    const words = this.#words;
    const at = row * ROW_WORDS;
    words[at + FIRST] = pair.first;
    words[at + SECOND] = pair.second;
    words[at + FORM] = MATCH_CLASSES.indexOf(pair.class) | (pair.isSwapped ? ROW_SWAPPED : 0);
    words[at + SHIFT_CLIENT] = pair.seqShift[0];
    words[at + SHIFT_SERVER] = pair.seqShift[1];
    words[at + NEXT_OF_FIRST] = this.#heads[pair.first];
    words[at + NEXT_OF_SECOND] = this.#heads[pair.second];
    words[at + VANTAGES] = vantages;
    this.#heads[pair.first] = row + 1;
    this.#heads[pair.second] = row + 1;
    return row;
  }

  pair(row: PairRow): FlowPair {
    return {
      first: this.first(row),
      second: this.second(row),
      class: this.class(row),
      isSwapped: (this.#words[row * ROW_WORDS + FORM] & ROW_SWAPPED) !== 0,
      seqShift: [this.#words[row * ROW_WORDS + SHIFT_CLIENT], this.#words[row * ROW_WORDS + SHIFT_SERVER]],
    };
  }

  first(row: PairRow): FlowRecord {
    return this.#words[row * ROW_WORDS + FIRST] as FlowRecord;
  }

  second(row: PairRow): FlowRecord {
    return this.#words[row * ROW_WORDS + SECOND] as FlowRecord;
  }

  class(row: PairRow): MatchClass {
    return MATCH_CLASSES[this.#words[row * ROW_WORDS + FORM] & CLASS_MASK];
  }

  vantages(row: PairRow): number {
    return this.#words[row * ROW_WORDS + VANTAGES];
  }

  usual(row: PairRow): UsualDifferences {
    return [this.#usual[2 * row], this.#usual[2 * row + 1]];
  }

  /** @param word ROW_* */
  get(row: PairRow, word: number): number {
    return this.#words[row * ROW_WORDS + word];
  }

  set(row: PairRow, word: number, value: number): void {
    this.#words[row * ROW_WORDS + word] = value;
  }

  /** Positive where the first flow's vantage is nearer to the client, 0 where TTLs of this connection do not tell. */
  nearer(row: PairRow): number {
    const form = this.#words[row * ROW_WORDS + FORM];
    return (form & ROW_FIRST_NEARER) !== 0 ? 1 : (form & ROW_SECOND_NEARER) !== 0 ? -1 : 0;
  }

  setNearer(row: PairRow, nearer: number): void {
    if (nearer === 0) return;
    this.#words[row * ROW_WORDS + FORM] |= nearer > 0 ? ROW_FIRST_NEARER : ROW_SECOND_NEARER;
  }

  /** The newest row of a flow, NO_ROW for one that was not joined. */
  newest(flow: FlowRecord): PairRow {
    return flow < this.#heads.length ? this.#heads[flow] - 1 : NO_ROW;
  }

  /** The row of the same flow before this one. */
  before(row: PairRow, flow: FlowRecord): PairRow {
    const isFirst = this.first(row) === flow;
    return this.#words[row * ROW_WORDS + (isFirst ? NEXT_OF_FIRST : NEXT_OF_SECOND)] - 1;
  }

  /** Connections of which there are rows: each has one flow that is the first in all of its own. */
  connections(): number {
    let count = 0;
    for (let row = 0; row < this.count; row++) {
      const flow = this.first(row);
      // Each is counted at the newest row of that flow.
      let at = this.newest(flow);
      if (at !== row) continue;
      while (at !== NO_ROW && this.first(at) === flow) at = this.before(at, flow);
      if (at === NO_ROW) count++;
    }
    return count;
  }

  /** The row of two flows, in either order. */
  find(one: FlowRecord, other: FlowRecord): PairRow {
    for (let row = this.newest(one); row !== NO_ROW; row = this.before(row, one)) {
      if (this.first(row) === other || this.second(row) === other) return row;
    }
    return NO_ROW;
  }
}
