/** The ends of a flow: address and port of its client (0) and its server (1), compared with those of other flows. */
import type { FlowRecord } from '../../../../shared/base/units.ts';
import { META, PORTS } from '../../flow/record.ts';
import type { CaptureView } from './view.ts';

export function portOf(view: CaptureView, flow: FlowRecord, side: 0 | 1): number {
  const ports = view.flows.word(flow, PORTS);
  return side === 0 ? ports >>> 16 : ports & 0xffff;
}

/** Whether one address stands on these sides of two flows, which then have the same protocols. */
export function sameAddress(
  view: CaptureView,
  flowA: FlowRecord,
  sideA: 0 | 1,
  flowB: FlowRecord,
  sideB: 0 | 1,
): boolean {
  const { flows } = view;
  return (
    flows.word(flowA, META) === flows.word(flowB, META) && flows.isSameAddress(flowA, sideA, flowB, sideB)
  );
}

/** Whether one address with one port stands on these sides of two flows. */
export function sameEnd(
  view: CaptureView,
  flowA: FlowRecord,
  sideA: 0 | 1,
  flowB: FlowRecord,
  sideB: 0 | 1,
): boolean {
  return (
    portOf(view, flowA, sideA) === portOf(view, flowB, sideB) && sameAddress(view, flowA, sideA, flowB, sideB)
  );
}

export function sameTimeline(view: CaptureView, flowA: FlowRecord, flowB: FlowRecord): boolean {
  return view.flows.timelineOf(flowA) === view.flows.timelineOf(flowB);
}

/** The other side of a flow. */
export function otherSide(side: 0 | 1): 0 | 1 {
  return side === 0 ? 1 : 0;
}
