/** Resets of other flows at the same moment: a service that goes down resets many, a proxy passes one on. */
import type { FlowRecord, PacketNumber } from '../../../../shared/base/units.ts';
import { endpointText } from '../../../../shared/format/endpoint.ts';
import { TCP_ACK } from '../../decode/facts.ts';
import { LAST_PACKET, META, ipVersionOf } from '../../flow/record.ts';
import type { ResetFacts } from './facts.ts';
import { otherSide, portOf, sameAddress, sameTimeline } from './flow-ends.ts';
import type { CaptureView } from './view.ts';

/** One process that ends, or one listener that closes, resets its connections within this. */
const SAME_MOMENT_NS = 20_000_000;
/** A proxy hands a reset from one connection to the other within this. */
const PASSED_ON_NS = 50_000_000;
/** Neighbours looked at on each side. */
const MOST_NEIGHBOURS = 32;

const flowsSeen = new Int32Array(2 * MOST_NEIGHBOURS);

export function observeNeighbours(view: CaptureView, f: ResetFacts): void {
  const seen = { count: 0, before: 0, after: 0 };
  for (let step = -1; step <= 1; step += 2) {
    for (let k = 1; k <= MOST_NEIGHBOURS; k++) {
      const id = f.reset + step * k;
      if (id < view.resets.first || id >= view.resets.count) break;
      const away = Math.abs(view.packets.time(view.resets.packet(id)) - f.time);
      if (away > PASSED_ON_NS) break;
      compare(view, f, id, away, step < 0, seen);
    }
  }
  f.simultaneousSpan = seen.before + seen.after;
}

/** Flows that were counted, and the time from this reset to the farthest of them on each side. */
interface Moment {
  count: number;
  before: number;
  after: number;
}

function compare(
  view: CaptureView,
  f: ResetFacts,
  id: number,
  away: number,
  earlier: boolean,
  seen: Moment,
): void {
  const flow = view.resets.flow(id);
  if (flow === f.flow || !sameTimeline(view, flow, f.flow)) return;
  const side = view.resets.direction(id);
  if (earlier && f.otherLegReset < 0 && isOtherLeg(view, f, flow)) f.otherLegReset = id;
  if (away > SAME_MOMENT_NS || side !== f.sender || !sameAddress(view, f.flow, f.sender, flow, side)) return;
  if ((view.packets.flags(view.resets.packet(id)) & TCP_ACK) === 0) return;
  for (let i = 0; i < seen.count; i++) if (flowsSeen[i] === flow) return;
  flowsSeen[seen.count++] = flow;
  f.simultaneous++;
  if (earlier) seen.before = away;
  else seen.after = away;
  if (portOf(view, flow, side) !== portOf(view, f.flow, f.sender)) f.simultaneousPorts++;
}

/**
 * Whether the host that resets here is client there and server here, or the other way round, as the two legs of a proxy are.
 * Where both connections are of a host with itself that is true of any two, and only their owner tells.
 */
function isOtherLeg(view: CaptureView, f: ResetFacts, flow: FlowRecord): boolean {
  if (!sameAddress(view, f.flow, f.sender, flow, f.receiver)) return false;
  const isOneHost = sameAddress(view, f.flow, 0, f.flow, 1) && sameAddress(view, flow, 0, flow, 1);
  if (!isOneHost) return true;
  const owner = ownerOf(view, f.flow, f.sender);
  return owner > 0 && owner === ownerOf(view, flow, f.receiver);
}

/** Process id of the owner of one end of a flow; 0 where it is not known. */
function ownerOf(view: CaptureView, flow: FlowRecord, side: 0 | 1): number {
  const { owners } = view.witness;
  if (owners.count === 0) return 0;
  const timeline = view.timelineOf(
    view.packets.file((view.flows.word(flow, LAST_PACKET) >>> 0) as PacketNumber),
  );
  const address = view.addressText(flow, side);
  const peer = otherSide(side);
  const remote = endpointText(view.addressText(flow, peer), portOf(view, flow, peer));
  const version = ipVersionOf(view.flows.word(flow, META));
  return owners.owner(timeline, version, address, portOf(view, flow, side), remote, false)?.pid ?? 0;
}
