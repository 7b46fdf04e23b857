/**
 * Flows by the port of their client: whoever translates addresses seldom touches it, and a client that tries again uses it
 * again. It is made when a reset first asks, and grows with the flow table: four bytes a flow.
 *
 * Invariant: a chain names newer flows before older ones as long as no flow was removed. After that records are used again
 * in any order, and the index is made anew whenever the judge begins anew.
 */
import type { FlowRecord } from '../../../../shared/base/units.ts';
import { META, PORTS, REUSED_FROM, TIMELINE, isTcp } from '../../flow/record.ts';
import { NO_FLOW_FOUND } from '../../flow/flow-table.ts';
import { LIMITS } from '../../limits.ts';
import type { CaptureView } from '../observe/view.ts';

const PORTS_THERE_ARE = 65_536;

export class PortIndex {
  readonly #view: CaptureView;
  /** Newest flow of each client port, +1; 0 for none. */
  readonly #heads = new Int32Array(PORTS_THERE_ARE);
  /** The flow after each in its chain, +1. */
  #next = new Int32Array(0);
  #entered = 0;
  /** The next flow with the same endpoints, of those that have one. */
  readonly #newer = new Map<FlowRecord, FlowRecord>();

  constructor(view: CaptureView) {
    this.#view = view;
  }

  clear(): void {
    const { count, records } = this.#view.flows;
    if (count === records) return;
    this.#heads.fill(0);
    this.#newer.clear();
    this.#entered = 0;
  }

  /**
   * Calls `visit` for the flows of a timeline whose client has this port, LIMITS.maxFlowsOfPort at most, until it answers false.
   */
  visit(timeline: number, port: number, visit: (flow: FlowRecord) => boolean): void {
    this.#grow();
    const { flows } = this.#view;
    let seen = 0;
    for (let next = this.#heads[port]; next > 0 && seen < LIMITS.maxFlowsOfPort;) {
      const flow = (next - 1) as FlowRecord;
      next = this.#next[flow];
      if (!flows.isLive(flow)) seen++;
      else if (flows.word(flow, TIMELINE) < timeline) return;
      else if (flows.word(flow, TIMELINE) === timeline) {
        if (!visit(flow)) return;
        seen++;
      }
    }
  }

  /** The flow that began on the endpoints of this one; −1 for none. */
  newer(flow: FlowRecord): FlowRecord {
    this.#grow();
    const newer = this.#newer.get(flow) ?? NO_FLOW_FOUND;
    if (newer < 0) return newer;
    // The record may have been let go since, or serve another flow by now.
    const { flows } = this.#view;
    const isIt = flows.isLive(newer) && flows.older(flows.word(newer, REUSED_FROM), newer) === flow;
    return isIt ? newer : NO_FLOW_FOUND;
  }

  #grow(): void {
    const { flows } = this.#view;
    if (this.#entered === flows.records) return;
    if (this.#next.length < flows.records) {
      const longer = new Int32Array(Math.max(1024, 2 * flows.records));
      longer.set(this.#next);
      this.#next = longer;
    }
    for (let flow = this.#entered as FlowRecord; flow < flows.records; flow++) {
      if (!isTcp(flows.word(flow, META))) continue;
      const port = flows.word(flow, PORTS) >>> 16;
      this.#next[flow] = this.#heads[port];
      this.#heads[port] = flow + 1;
      const older = flows.older(flows.word(flow, REUSED_FROM), flow);
      if (older >= 0) this.#newer.set(older, flow);
    }
    this.#entered = flows.records;
  }
}
