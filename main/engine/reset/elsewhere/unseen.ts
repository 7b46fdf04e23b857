/**
 * A connection that one capture point does not have at all, though it lies between the claimed sender and the point where the connection was
 * captured, ran at that time, and has others of the two hosts.
 *
 * Then what made the reset is not the host behind that point. It may be another host, to which a balancer steered the connection: that the
 * others came by shows their way alone.
 */
import { isAcrossProxy } from '../../../../shared/model/join.ts';
import type { FlowRecord } from '../../../../shared/base/units.ts';
import { FIRST_TIME, LAST_TIME } from '../../flow/record.ts';
import { hasPeer } from '../../join/same-hosts.ts';
import { LIMITS } from '../../limits.ts';
import { firstFile } from '../../join/vantage-name.ts';
import type { ResetFacts } from '../observe/facts.ts';
import type { CaptureView } from '../observe/view.ts';

/** A connection there that began this close may be this one, so changed that it was not recognised. */
const MAY_BE_THIS_NS = 10_000_000_000;

export interface Unseen {
  readonly vantage: number;
  /** Other connections of the two hosts that both capture points have. */
  readonly others: number;
}

export function unseenAt(view: CaptureView, f: ResetFacts): Unseen | undefined {
  const { join, flows } = view;
  if (join.twins(f.flow).length > 0) return undefined;
  const own = flows.timelineOf(f.flow);
  const known = new Map<number, Neighbours>();
  visitOthers(view, f.flow, f.sender, (flow) => {
    for (const twin of join.twins(flow)) {
      if (isAcrossProxy(twin.class)) continue;
      const at = known.get(twin.vantage) ?? { others: 0, isBefore: false, isAfter: false, there: twin.flow };
      at.others++;
      at.isBefore ||= flows.double(flow, FIRST_TIME) <= f.time;
      at.isAfter ||= flows.double(flow, LAST_TIME) >= f.time;
      known.set(twin.vantage, at);
    }
  });
  for (const [vantage, { others, isBefore, isAfter, there }] of known) {
    const isBetween = isNearerToSender(view, f, own, vantage);
    if (isBetween && isBefore && isAfter && !hasStranger(view, f, own, there)) return { vantage, others };
  }
  return undefined;
}

/** What the connections of the two hosts that a capture point has, too, say of it. */
interface Neighbours {
  others: number;
  isBefore: boolean;
  isAfter: boolean;
  /** One of them there. */
  readonly there: FlowRecord;
}

/** The other flows of the hosts of one, newest first. @param side whose flows are looked through */
function visitOthers(
  { addresses, flows }: CaptureView,
  flow: FlowRecord,
  side: 0 | 1,
  visit: (flow: FlowRecord) => void,
): void {
  let left: number = LIMITS.maxFlowsOfHost;
  addresses.visitFlows(flow, side, (other, direction) => {
    if (left-- === 0) return false;
    if (other !== flow && hasPeer(flows, other, direction, flow, side)) visit(other);
    return true;
  });
}

function isNearerToSender(view: CaptureView, f: ResetFacts, own: number, vantage: number): boolean {
  const vantages = view.join.report()?.vantages ?? [];
  const orderOf = (one: number): number | null =>
    vantages.find(({ files }) => files[0] === firstFile(view, one))?.order ?? null;
  const here = orderOf(own);
  const there = orderOf(vantage);
  if (here === null || there === null) return false;
  return f.sender === 1 ? there > here : there < here;
}

/** Whether the point has a connection of the two hosts of about that time that the other point does not have. */
function hasStranger(view: CaptureView, f: ResetFacts, own: number, there: FlowRecord): boolean {
  const { join, flows } = view;
  const vantage = flows.timelineOf(there);
  const time = join.corrected(own, f.time);
  let isFound = false;
  visitOthers(view, there, 1, (flow) => {
    if (join.twins(flow).some((twin) => twin.vantage === own)) return;
    const from = join.corrected(vantage, flows.double(flow, FIRST_TIME)) - MAY_BE_THIS_NS;
    const to = join.corrected(vantage, flows.double(flow, LAST_TIME)) + MAY_BE_THIS_NS;
    isFound ||= time >= from && time <= to;
  });
  return isFound;
}
