/** Reads single values out of flows' records, for whoever is not on the hot path. The names are those of record.ts. */
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { FlowTable } from './flow-table.ts';
import { DIRECTION_DOUBLES, DIRECTION_WORDS, FLOW_DIRECTION, TIMES_DIRECTION } from './record.ts';

export class FlowReader {
  readonly #flows: FlowTable;

  constructor(flows: FlowTable) {
    this.#flows = flows;
  }

  word(flow: FlowRecord, word: number): number {
    return this.#flows.block(flow).words[this.#flows.wordsAt(flow) + word];
  }

  /** @param word of a direction */
  directionWord(flow: FlowRecord, direction: 0 | 1, word: number): number {
    return this.word(flow, FLOW_DIRECTION + direction * DIRECTION_WORDS + word);
  }

  double(flow: FlowRecord, double: number): number {
    return this.#flows.block(flow).doubles[this.#flows.doublesAt(flow) + double];
  }

  /** @param double of a direction */
  directionDouble(flow: FlowRecord, direction: 0 | 1, double: number): number {
    return this.double(flow, TIMES_DIRECTION + direction * DIRECTION_DOUBLES + double);
  }
}
