/**
 * Flows by the port of their client: whoever translates addresses seldom touches it, and a client that tries again uses it
 * again. It is made when a reset first asks, and grows with the flow table: four bytes a flow.
 *
 * Invariants
 * - A chain names flows of one timeline, so that what later files have on a port costs the flows of earlier ones nothing.
 * - It names newer flows before older ones as long as no flow was removed. After that records are used again in any order, and
 *   the index is made anew whenever the judge begins anew.
 */
import type { FlowRecord } from '../../../../shared/base/units.ts';
import { META, PORTS, REUSED_FROM, isTcp } from '../../flow/record.ts';
import { NO_FLOW_FOUND } from '../../flow/flow-table.ts';
import { LIMITS } from '../../limits.ts';
import type { CaptureView } from '../observe/view.ts';

const PORTS_THERE_ARE = 65_536;

export class PortIndex {
  readonly #view: CaptureView;
  /** Newest flow of each client port, +1; 0 for none. */
  readonly #heads = new Int32Array(PORTS_THERE_ARE);
  /** The same of timelines before that of the newest flow, by timeline and port. */
  readonly #earlierHeads = new Map<number, number>();
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
    this.#earlierHeads.clear();
    this.#newer.clear();
    this.#entered = 0;
  }

  /**
   * Calls `visit` for the flows of a timeline whose client has this port, LIMITS.maxFlowsOfPort at most, until it answers false.
   */
  visit(timeline: number, port: number, visit: (flow: FlowRecord) => boolean): void {
    this.#grow();
    const { flows } = this.#view;
    let next = this.#headOf(timeline, port);
    for (let seen = 0; next > 0 && seen < LIMITS.maxFlowsOfPort; seen++) {
      const flow = (next - 1) as FlowRecord;
      next = this.#next[flow];
      if (flows.isLive(flow) && !visit(flow)) return;
    }
  }

  #headOf(timeline: number, port: number): number {
    const head = this.#heads[port];
    if (head === 0 || this.#view.flows.timelineOf((head - 1) as FlowRecord) === timeline) return head;
    return this.#earlierHeads.get(timeline * PORTS_THERE_ARE + port) ?? 0;
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
      this.#next[flow] = this.#before(flow, port);
      this.#heads[port] = flow + 1;
      const older = flows.older(flows.word(flow, REUSED_FROM), flow);
      if (older >= 0) this.#newer.set(older, flow);
    }
    this.#entered = flows.records;
  }

  /** What stands behind a new flow in its chain. */
  #before(flow: FlowRecord, port: number): number {
    const head = this.#heads[port];
    if (head === 0) return 0;
    const { flows } = this.#view;
    const timeline = flows.timelineOf((head - 1) as FlowRecord);
    if (timeline === flows.timelineOf(flow)) return head;
    this.#earlierHeads.set(timeline * PORTS_THERE_ARE + port, head);
    return 0;
  }
}
