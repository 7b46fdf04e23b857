/**
 * One flow's record, seen from the side that sends: where its words and its times are, bound once for a packet and then read
 * by everything that the packet goes through. There is one cursor for all packets; it is never kept beyond the packet.
 */
import type { FlowRecord } from '../../../shared/base/units.ts';
import { type FlowTable, NO_FLOW_FOUND } from './flow-table.ts';
import { PAYLOAD_HIGH, PAYLOAD_LOW, SIDES, SIDE_TIMES, SIDE_WORDS, WINDOWS } from './record.ts';

export class FlowCursor {
  /** For what is rare, which is not bound. */
  readonly table: FlowTable;
  flow: FlowRecord = NO_FLOW_FOUND;
  /** 0: the client sends, 1: the server. */
  direction: 0 | 1 = 0;
  /** The head starts at `at`, and its doubles at `timesAt`. */
  words: Int32Array = new Int32Array(0);
  at = 0;
  times: Float64Array = new Float64Array(0);
  timesAt = 0;
  /** The sending side starts at `forward`, the other one at `reverse`; and so do their doubles. */
  sides: Int32Array = new Int32Array(0);
  forward = 0;
  reverse = 0;
  sideTimes: Float64Array = new Float64Array(0);
  forwardTimes = 0;
  reverseTimes = 0;
  /** Where the words of both sides are counted from. */
  sidesAt = 0;

  constructor(table: FlowTable) {
    this.table = table;
  }

  bind(flow: FlowRecord, direction: 0 | 1): void {
    const { table } = this;
    const { words, doubles } = table.block(flow);
    const at = table.wordsAt(flow);
    const known = words[at + SIDES];
    const part = known !== 0 ? known : table.openSides(flow);
    const sides = table.sides.block(part);
    const sidesAt = table.sides.at(part);
    this.flow = flow;
    this.direction = direction;
    // Writing a reference tells the collector of it; the flows of neighbouring packets often lie in one block.
    if (this.words !== words) {
      this.words = words;
      this.times = doubles;
    }
    if (this.sides !== sides.words) {
      this.sides = sides.words;
      this.sideTimes = sides.doubles;
    }
    this.at = at;
    this.timesAt = at >> 1;
    this.forward = sidesAt + direction * SIDE_WORDS;
    this.reverse = sidesAt + (1 - direction) * SIDE_WORDS;
    this.forwardTimes = (sidesAt >> 1) + direction * SIDE_TIMES;
    this.reverseTimes = (sidesAt >> 1) + (1 - direction) * SIDE_TIMES;
    this.sidesAt = sidesAt;
  }

  get otherDirection(): 0 | 1 {
    return this.direction === 0 ? 1 : 0;
  }

  /** LAST_WINDOW of a side. */
  window(side: 0 | 1): number {
    return (this.sides[this.sidesAt + WINDOWS] >>> (16 * side)) & 0xffff;
  }

  /** Sets LAST_WINDOW of the sender. */
  setWindow(window: number): void {
    const { sides, sidesAt, direction } = this;
    const others = sides[sidesAt + WINDOWS] & (direction === 0 ? 0xffff_0000 : 0xffff);
    sides[sidesAt + WINDOWS] = others | (window << (16 * direction));
  }

  /** Adds to PAYLOAD_BYTES of the sender. */
  addPayload(length: number): void {
    const { sides, forward, table, flow, direction } = this;
    const sum = (sides[forward + PAYLOAD_LOW] >>> 0) + length;
    sides[forward + PAYLOAD_LOW] = sum | 0;
    if (sum <= 0xffff_ffff) return;
    table.setDirectionWord(
      flow,
      direction,
      PAYLOAD_HIGH,
      table.directionWord(flow, direction, PAYLOAD_HIGH) + 1,
    );
  }
}
