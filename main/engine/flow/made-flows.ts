/**
 * Where in the flow table connections came to be at all. A service that is down is asked by thousands of resets and SYNs whether
 * another connection was made around the same moment: for most blocks of records one look answers all of them. What it learned stands
 * until `clear`.
 */
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { FlowTable } from './flow-table.ts';
import { FLOW_BITS, FLOW_ESTABLISHED, SEEN, SEEN_ACK, SEEN_SYN_ACK } from './record.ts';

const BLOCK_BITS = 7;
const UNKNOWN = 0;
const NONE = 1;
const SOME = 2;

export class MadeFlows {
  readonly #flows: FlowTable;
  #blocks = new Uint8Array(64);

  constructor(flows: FlowTable) {
    this.#flows = flows;
  }

  clear(): void {
    this.#blocks.fill(UNKNOWN);
  }

  /** False where surely none of the records in [from, to) is of a connection that was made. */
  mayHold(from: number, to: number): boolean {
    for (let block = from >> BLOCK_BITS; block << BLOCK_BITS < to; block++)
      if (this.#holds(block)) return true;
    return false;
  }

  #holds(block: number): boolean {
    const flows = this.#flows;
    const end = (block + 1) << BLOCK_BITS;
    // Records of the newest block are still being made.
    if (end > flows.records) return true;
    if (block >= this.#blocks.length) {
      const longer = new Uint8Array(Math.max(block + 1, 2 * this.#blocks.length));
      longer.set(this.#blocks);
      this.#blocks = longer;
    }
    if (this.#blocks[block] === UNKNOWN) {
      let known = NONE;
      for (let flow = (block << BLOCK_BITS) as FlowRecord; flow < end && known === NONE; flow++)
        if (flows.isLive(flow) && isMade(flows, flow)) known = SOME;
      this.#blocks[block] = known;
    }
    return this.#blocks[block] === SOME;
  }
}

/** Whether there was a handshake, or at least an answer to a SYN that the client acknowledged. */
export function isMade(flows: FlowTable, flow: FlowRecord): boolean {
  if ((flows.word(flow, FLOW_BITS) & FLOW_ESTABLISHED) !== 0) return true;
  if ((flows.directionWord(flow, 1, SEEN) & SEEN_SYN_ACK) === 0) return false;
  return (flows.directionWord(flow, 0, SEEN) & SEEN_ACK) !== 0;
}
