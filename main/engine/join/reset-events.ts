/** One reset out of its sightings: at which vantages it was seen, at which not, and between which two it was made. */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { LAST_RESET } from '../flow/record.ts';
import { RST_PREVIOUS_RESET } from '../store/reset-log.ts';
import type { Absence, ResetEvent, Sighting } from './join-view.ts';
import type { PacketMatch } from './join-view.ts';
import type { JoinStores } from './stores.ts';

export interface ConnectionFlow {
  readonly flow: FlowRecord;
  readonly vantage: number;
}

/**
 * @param path flows of one connection in their order from the client
 * @param match packets of two of them
 */
export function eventOf(
  stores: JoinStores,
  path: readonly ConnectionFlow[],
  match: (ours: FlowRecord, theirs: FlowRecord) => PacketMatch,
  reset: number,
): ResetEvent {
  const { resets } = stores;
  const flow = resets.flow(reset);
  const packet = resets.packet(reset);
  const fromSender = resets.direction(reset) === 0 ? path : [...path].reverse();
  const sightings: Sighting[] = [];
  const absent: (Absence & { readonly at: number })[] = [];
  const seen: number[] = [];
  fromSender.forEach((other, at) => {
    const found = other.flow === flow ? packet : counterpart(match(flow, other.flow), packet);
    const record = found === undefined ? undefined : recordOf(stores, other.flow, found);
    if (found !== undefined && record !== undefined) {
      sightings.push({ vantage: other.vantage, flow: other.flow, reset: record, packet: found });
      seen.push(at);
    } else {
      absent.push({
        ...{ vantage: other.vantage, flow: other.flow, lies: 'unknown' as const, at },
        ...{ lossBound: 1, passed: 0, missed: 0, isWatching: true, doubt: null },
      });
    }
  });
  const nearest = seen[0];
  return {
    primary: sightings[0].reset,
    sightings,
    absences: absent.map(({ at, ...absence }) => ({ ...absence, lies: at < nearest ? 'before' : 'beyond' })),
    born: nearest === 0 ? null : [fromSender[nearest - 1].vantage, fromSender[nearest].vantage],
    class: 'same',
  };
}

function counterpart(match: PacketMatch, packet: PacketNumber): PacketNumber | undefined {
  const at = match.ours.indexOf(packet);
  const other = at < 0 ? -1 : match.ofOurs[at];
  return other < 0 ? undefined : (match.theirs[other] as PacketNumber);
}

function recordOf({ flows, resets }: JoinStores, flow: FlowRecord, packet: PacketNumber): number | undefined {
  for (let id = flows.word(flow, LAST_RESET); id >= resets.first; id = resets.get(id, RST_PREVIOUS_RESET)) {
    if (resets.packet(id) === packet || resets.packets(id).includes(packet)) return id;
  }
  return undefined;
}
