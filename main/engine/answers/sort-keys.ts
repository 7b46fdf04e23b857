/** What each column of a list sorts by. */
import type { FlowRecord } from '../../../shared/base/units.ts';
import { assertUnreachable } from '../../../shared/base/assert.ts';
import type { FlowColumn, ResetColumn } from '../../../shared/contract/methods.ts';
import { CAUSE_CODES } from '../../../shared/model/cause.ts';
import type { VerdictColumns } from '../store/verdict-columns.ts';
import { ORIGIN_KINDS } from '../../../shared/model/verdict.ts';
import type { FlowNames, FlowView } from './flow-view.ts';
import type { ResetView } from './reset-view.ts';

/** Order of interest within those that matter, or do not: a device on the path first, the open cases next. */
const KIND_RANK = { middlebox: 2, unknown: 1, endpoint: 0 } as const;

/** What resets are sorted by. */
export interface ResetStores {
  readonly verdicts: VerdictColumns;
  readonly resetView: ResetView;
}

/** What flows are sorted by. */
export interface FlowStores extends Pick<FlowNames, 'application'> {
  readonly flowView: FlowView;
}

export function resetKey(stores: ResetStores, column: ResetColumn, id: number): number | string {
  const { verdicts, resetView } = stores;
  const at = verdicts.at(id);
  switch (column) {
    case 'importance': {
      // Ascending puts the most important first: what matters, then devices on the path, then the surest.
      const rank = KIND_RANK[ORIGIN_KINDS[verdicts.kind[at]]];
      return (1 - verdicts.matters[at]) * 100 + (2 - rank) * 10 + (1 - verdicts.confidence[at]);
    }
    case 'frame':
      return id;
    case 'time':
      return resetView.time(id);
    case 'client':
      return resetView.endpointKey(id, 0);
    case 'server':
      return resetView.endpointKey(id, 1);
    case 'origin':
      return `${ORIGIN_KINDS[verdicts.kind[at]]} ${verdicts.side[at]} ${String(verdicts.hops[at] + 1).padStart(3, '0')}`;
    case 'confidence':
      return verdicts.confidence[at];
    case 'cause':
      return CAUSE_CODES[verdicts.cause[at]];
    case 'matters':
      return verdicts.matters[at];
    case 'idle':
      return verdicts.idleSeconds[at];
    case 'unacknowledged':
      return verdicts.unacknowledged[at];
    default:
      return assertUnreachable(column);
  }
}

export function flowKey(stores: FlowStores, column: FlowColumn, flow: FlowRecord): number | string {
  const { flowView } = stores;
  switch (column) {
    case 'start':
      return flowView.firstTime(flow);
    case 'client':
      return flowView.endpointKey(flow, 0);
    case 'server':
      return flowView.endpointKey(flow, 1);
    case 'application':
      return stores.application(flow);
    case 'packets':
      return flowView.packetCount(flow);
    case 'clientBytes':
      return flowView.payloadBytes(flow, 0);
    case 'serverBytes':
      return flowView.payloadBytes(flow, 1);
    case 'duration':
      return flowView.duration(flow);
    case 'rtt':
      return flowView.rtt(flow);
    case 'state':
      return flowView.state(flow);
    case 'retransmissions':
      return flowView.retransmissions(flow);
    case 'resets':
      return flowView.resetCount(flow);
    default:
      return assertUnreachable(column);
  }
}
