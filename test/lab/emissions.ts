/** All resets of a run, each where it was made: whether that very packet left a node, and the kernel's words about it. */
import { matchEmissions } from './arrivals.ts';
import {
  type DeviceReset,
  type Emission,
  type FlowPast,
  isReset,
  type PathFacts,
  samePacket,
  type Sighting,
} from './facts.ts';
import { ACK, FIN, RST, type Segment, SYN } from './frames.ts';
import type { KernelReset } from './trace.ts';

const SAME_PACKET_NS = 100_000_000n;
/** From the tracepoint to the interface: one queue, but a virtual processor may be paused in between. */
const EVENT_NS = 50_000_000n;
/** Resets of a connection that follow each other within this are one thing that happened. */
const ONE_BURST_NS = 2_000_000_000n;
/** More than a packet is late by. */
const ALIKE_NS = 60_000_000n;
/** Of the tracepoint's clock, which tells whole microseconds, against that of a witness on the same host. */
const EVENT_CLOCK_NS = 2000n;

/**
 * All resets of the run, each where it was made. A node made a reset that leaves it without having come in.
 * @param sightings what every node of the path saw, in time order
 */
export function findEmissions(
  path: PathFacts,
  sightings: ReadonlyMap<string, readonly Sighting[]>,
  devices: readonly DeviceReset[],
  kernel: readonly KernelReset[],
): Emission[] {
  const emissions: Emission[] = devices.map((reset) =>
    emissionAt(path, reset, 'device', reset.link + 0.5, NOTHING_PASSED),
  );
  for (const [node, seen] of sightings)
    for (const segment of madeBy(seen))
      emissions.push(emissionAt(path, segment, node, path.nodes.indexOf(node), pastOf(segment, seen)));
  emissions.sort((a, b) => Number(a.segment.timeNs - b.segment.timeNs));
  number(emissions);
  attachReasons(emissions, kernel);
  attachEnds(path, emissions, sightings, kernel);
  const ended = new Set(emissions.filter((e) => e.endsConnection).map(({ segment }) => portsOf(segment)));
  const earlier = new Map<string, Emission>();
  for (const e of emissions) {
    const ports = portsOf(e.segment);
    const before = earlier.get(ports);
    if (before !== undefined && e.segment.timeNs - before.segment.timeNs < ONE_BURST_NS) {
      e.follows = true;
      // What says the same again, with no SYN between, is no other try.
      if (!e.before.ownReset) before.isFollowed = true;
    }
    e.endedByOther = e.follows || (!e.endsConnection && ended.has(ports));
    earlier.set(ports, e);
  }
  return emissions;
}

/** Nobody can tell which of two arrived where they are alike and follow each other closer than the way's time is known. */
function number(emissions: readonly Emission[]): void {
  const last = new Map<string, Emission>();
  emissions.forEach((emission, at) => {
    const { segment, emitter } = emission;
    const { seq, ack, flags, id, source, sourcePort, target, targetPort } = segment;
    const key = [emitter, seq, ack, flags, id, source, sourcePort, target, targetPort].join(' ');
    const before = last.get(key);
    const isNear = before !== undefined && segment.timeNs - before.segment.timeNs < ALIKE_NS;
    emission.number = at + 1;
    emission.alike = isNear ? before.alike : emission.number;
    last.set(key, emission);
  });
}

const NOTHING_PASSED: FlowPast = { hasData: false, ownEnd: false, ownReset: false, resetReceived: false };

/** As it was made: what kernels and other resets say of it is attached later. */
const emissionAt = (
  path: PathFacts,
  segment: Sighting,
  emitter: string,
  position: number,
  before: FlowPast,
): Emission => ({
  segment,
  emitter,
  position,
  claimed: path.owners.get(segment.source) ?? 'unknown',
  ...{ number: 0, alike: 0 },
  kernelReason: null,
  before,
  endsConnection: false,
  endedByOther: false,
  follows: false,
  isFollowed: false,
  unfinished: null,
});

/** Both directions of a connection have the same. */
const portsOf = ({ sourcePort, targetPort }: Segment): string =>
  sourcePort < targetPort ? `${sourcePort} ${targetPort}` : `${targetPort} ${sourcePort}`;

/** The resets that left a node without having come in there: each that came in accounts for one that left. */
export function madeBy(seen: readonly Sighting[]): Sighting[] {
  const passing: Sighting[] = [];
  const made: Sighting[] = [];
  for (const s of seen) {
    if (!isReset(s)) continue;
    if (!s.fromThisHost) {
      passing.push(s);
      continue;
    }
    const at = passing.findIndex((p) => samePacket(p, s) && s.timeNs - p.timeNs < SAME_PACKET_NS);
    if (at < 0) made.push(s);
    else passing.splice(at, 1);
  }
  return made;
}

function pastOf(reset: Sighting, seen: readonly Sighting[]): FlowPast {
  let hasData = false;
  let ownEnd = false;
  let ownReset = false;
  let resetReceived = false;
  for (const s of seen) {
    if (s.timeNs >= reset.timeNs) break;
    const own = s.fromThisHost && s.source === reset.source && s.sourcePort === reset.sourcePort;
    const matches = own
      ? s.target === reset.target && s.targetPort === reset.targetPort
      : s.source === reset.target && s.sourcePort === reset.targetPort && s.targetPort === reset.sourcePort;
    if (!matches || s.flags < 0) continue;
    if ((s.flags & (SYN | ACK)) === SYN) {
      hasData = false;
      ownEnd = false; // a new connection on old ports
      ownReset = false;
      resetReceived = false;
    }
    if (s.length > 0) hasData = true;
    if (own && s.flags & (FIN | RST)) ownEnd = true;
    if (own && s.flags & RST) ownReset = true;
    if (!own && s.flags & RST) resetReceived = true;
  }
  return { hasData, ownEnd, ownReset, resetReceived };
}

/**
 * Every "sent" event belongs to one reset its host sent on that flow, the nearest pairs first; a reset that was
 * filtered before the interface leaves its event without one. A listening socket's event does not name the other
 * end: those take what is left.
 */
function attachReasons(emissions: Emission[], kernel: readonly KernelReset[]): void {
  const bySource = new Map<string, Emission[]>();
  for (const e of emissions) {
    if (e.emitter === 'device') continue;
    const key = `${e.segment.source} ${e.segment.sourcePort}`;
    bySource.set(key, [...(bySource.get(key) ?? []), e]);
  }
  const pairs: { event: KernelReset; emission: Emission; apart: bigint }[] = [];
  for (const event of kernel) {
    if (event.kind !== 'sent') continue;
    for (const emission of bySource.get(`${event.local} ${event.localPort}`) ?? []) {
      const s = emission.segment;
      const unnamed = event.remotePort === 0;
      if (!unnamed && (s.targetPort !== event.remotePort || s.target !== event.remote)) continue;
      const apart = s.timeNs > event.timeNs ? s.timeNs - event.timeNs : event.timeNs - s.timeNs;
      if (apart < EVENT_NS) pairs.push({ event, emission, apart: unnamed ? apart + EVENT_NS : apart });
    }
  }
  pairs.sort((a, b) => Number(a.apart - b.apart));
  const used = new Set<KernelReset>();
  for (const { event, emission } of pairs) {
    if (used.has(event) || emission.kernelReason !== null) continue;
    used.add(event);
    emission.kernelReason = event.reason;
  }
}

/** A "received" event: the host gave a connection up because of the last reset that had reached it by then. */
function attachEnds(
  path: PathFacts,
  emissions: readonly Emission[],
  sightings: ReadonlyMap<string, readonly Sighting[]>,
  kernel: readonly KernelReset[],
): void {
  const arrivals = new Map<string, [Sighting, Emission | null][]>();
  const arrivalsAt = (node: string): [Sighting, Emission | null][] => {
    const known = arrivals.get(node);
    if (known !== undefined) return known;
    const frames = (sightings.get(node) ?? []).filter((s) => !s.fromThisHost && isReset(s));
    const matched = matchEmissions(path, emissions, frames, [path.nodes.indexOf(node)]);
    const there = frames.map((frame, i): [Sighting, Emission | null] => [frame, matched[i]]);
    arrivals.set(node, there);
    return there;
  };
  for (const event of kernel) {
    if (event.kind !== 'received') continue;
    const near = arrivalsAt(path.owners.get(event.local) ?? '').filter(
      ([s]) =>
        s.targetPort === event.localPort &&
        s.sourcePort === event.remotePort &&
        s.source === event.remote &&
        s.timeNs <= event.timeNs + 20_000n &&
        event.timeNs - s.timeNs < SAME_PACKET_NS,
    );
    // The stack has one packet at a time, just seen by the witness: what came later in a burst did not end it.
    const last = near.findLast(([s]) => s.timeNs <= event.timeNs + EVENT_CLOCK_NS) ?? near.at(0);
    const emission = last?.[1] ?? null;
    if (emission !== null) emission.endsConnection = true;
  }
}
