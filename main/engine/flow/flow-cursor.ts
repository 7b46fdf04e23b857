/**
 * One flow's record, seen from the side that sends: where its words and its times are, bound once for a packet and then read
 * by everything that the packet goes through. There is one cursor for all packets; it is never kept beyond the packet.
 */
import type { FlowRecord } from '../../../shared/base/units.ts';
import { type FlowTable, NO_FLOW_FOUND } from './flow-table.ts';
import { DIRECTION_DOUBLES, DIRECTION_WORDS, FLOW_DIRECTION, TIMES_DIRECTION } from './record.ts';

export class FlowCursor {
  flow: FlowRecord = NO_FLOW_FOUND;
  /** 0: the client sends, 1: the server. */
  direction: 0 | 1 = 0;
  /** The record's words start at `at`; those of the sending direction at `forward`, of the other one at `reverse`. */
  words: Int32Array = new Int32Array(0);
  at = 0;
  forward = 0;
  reverse = 0;
  /** The same of the record's doubles. */
  times: Float64Array = new Float64Array(0);
  timesAt = 0;
  forwardTimes = 0;
  reverseTimes = 0;

  bind(flows: FlowTable, flow: FlowRecord, direction: 0 | 1): void {
    const { words, doubles } = flows.block(flow);
    const at = flows.wordsAt(flow);
    const timesAt = flows.doublesAt(flow);
    this.flow = flow;
    this.direction = direction;
    // Writing a reference tells the collector of it; the flows of neighbouring packets often lie in one block.
    if (this.words !== words) {
      this.words = words;
      this.times = doubles;
    }
    this.at = at;
    this.forward = at + FLOW_DIRECTION + direction * DIRECTION_WORDS;
    this.reverse = at + FLOW_DIRECTION + (1 - direction) * DIRECTION_WORDS;
    this.timesAt = timesAt;
    this.forwardTimes = timesAt + TIMES_DIRECTION + direction * DIRECTION_DOUBLES;
    this.reverseTimes = timesAt + TIMES_DIRECTION + (1 - direction) * DIRECTION_DOUBLES;
  }
}
