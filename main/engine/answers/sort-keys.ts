/** What each column of a list sorts by. */
import type { FlowRecord } from '../../../shared/base/units.ts';
import { assertUnreachable } from '../../../shared/base/assert.ts';
import type { FailureColumn, FlowColumn, ResetColumn } from '../../../shared/contract/methods.ts';
import { CAUSE_CODES } from '../../../shared/model/cause.ts';
import type { Ending, FailureRow } from '../../../shared/model/failure.ts';
import { ENDINGS } from '../../../shared/model/failure.ts';
import type { VerdictColumns } from '../store/verdict-columns.ts';
import { ORIGIN_KINDS, ORIGIN_SIDES } from '../../../shared/model/verdict.ts';
import type { FlowNames, FlowView } from './flow-view.ts';
import type { ResetView } from './reset-view.ts';

/** Order of interest within those that matter, or do not: a device on the path first, the open cases next. */
const KIND_RANK = { middlebox: 2, unknown: 1, endpoint: 0 } as const;

/** Words sort by the alphabet; of lists as long as these a number for each word saves most of the work. */
const KIND_ORDER = alphabetical(ORIGIN_KINDS);
const CAUSE_ORDER = alphabetical(CAUSE_CODES);
/** More than any number of hops and one. */
const MANY_HOPS = 1 << 16;

function alphabetical(words: readonly string[]): readonly number[] {
  const sorted = [...words].sort();
  return words.map((word) => sorted.indexOf(word));
}

/** What resets are sorted by. */
export interface ResetStores {
  readonly verdicts: VerdictColumns;
  readonly resetView: ResetView;
}

/** What flows are sorted by. */
export interface FlowStores extends Pick<FlowNames, 'application' | 'ending'> {
  readonly flowView: FlowView;
}

/** Longest port and part of an IPv4 address. */
const DIGITS = 5;

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
    case 'origin': {
      const kind = KIND_ORDER[verdicts.kind[at]];
      return (kind * ORIGIN_SIDES.length + verdicts.side[at]) * MANY_HOPS + verdicts.hops[at] + 1;
    }
    case 'confidence':
      return verdicts.confidence[at];
    case 'cause':
      return CAUSE_ORDER[verdicts.cause[at]];
    case 'matters':
      return verdicts.matters[at];
    case 'silence':
      return verdicts.silenceSeconds[at];
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
    case 'ending':
      return endingKey(stores.ending(flow));
    case 'resets':
      return flowView.resetCount(flow);
    default:
      return assertUnreachable(column);
  }
}

/** In the order of the vocabulary; what no sweep has looked at is last. */
function endingKey(ending: Ending | 'none'): number {
  return ending === 'none' ? ENDINGS.length : ENDINGS.indexOf(ending);
}

export function failureKey(column: FailureColumn, row: FailureRow): number | string {
  switch (column) {
    case 'importance':
      return row.matters ? 0 : 1;
    case 'frame':
      return row.file * 2 ** 32 + row.frame;
    case 'time':
      return row.timeNs;
    case 'client':
      return endpointTextKey(row.client);
    case 'server':
      return endpointTextKey(row.server);
    case 'kind':
      return endingKey(row.kind);
    case 'side':
      return row.side ?? '~';
    case 'tries':
      return row.tries;
    case 'seconds':
      return row.seconds;
    case 'confidence':
      return row.confidence;
    default:
      return assertUnreachable(column);
  }
}

/** Sorts endpoints whose flow may be let go: by their text, with the numbers of IPv4 at one width. */
function endpointTextKey(endpoint: string): string {
  return endpoint.replace(/\d+/g, (digits) => digits.padStart(DIGITS, '0'));
}
