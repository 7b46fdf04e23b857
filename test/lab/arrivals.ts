/** Which reset a frame is: what was made somewhere on the path, on its way through the place of a capture. */
import type { Segment } from './frames.ts';
import {
  type Emission,
  type PathFacts,
  routersBetween,
  samePacket,
  type Sighting,
  travelNs,
} from './facts.ts';

const LONGEST_WAY_NS = 2_000_000_000n;
const CLOCK_SLACK_NS = 3_000_000n;

/** A frame that can be the arrival of an emission at one of the places where the capture listens. */
interface Arrival {
  readonly frame: number;
  readonly emission: Emission;
  readonly position: number;
  /** How far its age is from the time that the way takes. */
  readonly errorNs: bigint;
}

/**
 * For each frame the emission that it is the arrival of: the same packet, made before, its TTL lower by just the routers
 * between. An emission arrives once at each place, the pairs whose travel time fits best first: a host may answer many
 * segments alike, and a device may make what a host makes, too. What is left then is a copy that the path has made.
 * @param frames of one capture
 * @param positions where the capture listens: one place, or both sides of a router
 */
export function matchEmissions(
  path: PathFacts,
  emissions: readonly Emission[],
  frames: readonly Sighting[],
  positions: readonly number[],
): (Emission | null)[] {
  const bySeq = new Map<number, Emission[]>();
  for (const e of emissions) {
    const alike = bySeq.get(e.segment.seq);
    if (alike === undefined) bySeq.set(e.segment.seq, [e]);
    else alike.push(e);
  }
  const arrivals = frames.flatMap((frame, index) =>
    (bySeq.get(frame.seq) ?? []).flatMap((e) => arrivalsOf(path, e, frame, index, positions)),
  );
  arrivals.sort((a, b) => (a.errorNs < b.errorNs ? -1 : a.errorNs > b.errorNs ? 1 : 0));
  const matched = new Array<Emission | null>(frames.length).fill(null);
  const arrived = new Map<number, Set<Emission>>(positions.map((position) => [position, new Set()]));
  const alike = new Map<string, Arrival[]>();
  for (const arrival of arrivals) {
    const { frame, emission, position } = arrival;
    const there = arrived.get(position);
    if (matched[frame] !== null || there === undefined || there.has(emission)) continue;
    there.add(emission);
    matched[frame] = emission;
    const key = `${position} ${emission.position} ${packetKey(emission.segment)}`;
    alike.set(key, [...(alike.get(key) ?? []), arrival]);
  }
  for (const group of alike.values()) keepOrder(group, frames, matched);
  for (const { frame, emission } of arrivals) matched[frame] ??= emission;
  return matched;
}

const packetKey = ({ seq, ack, flags, length, id, sourcePort, targetPort }: Segment): string =>
  [seq, ack, flags, length, id, sourcePort, targetPort].join(' ');

/** What is alike and goes the same way arrives in the order in which it left. */
function keepOrder(
  group: readonly Arrival[],
  frames: readonly Sighting[],
  matched: (Emission | null)[],
): void {
  const emissions = group
    .map(({ emission }) => emission)
    .sort((a, b) => Number(a.segment.timeNs - b.segment.timeNs));
  group
    .map(({ frame }) => frame)
    .sort((a, b) => Number(frames[a].timeNs - frames[b].timeNs))
    .forEach((frame, i) => {
      matched[frame] = emissions[i];
    });
}

function arrivalsOf(
  path: PathFacts,
  emission: Emission,
  frame: Sighting,
  index: number,
  positions: readonly number[],
): Arrival[] {
  const { segment } = emission;
  if (!samePacket(segment, frame)) return [];
  const age = frame.timeNs - segment.timeNs;
  const lost = segment.ttl - frame.ttl;
  return positions.flatMap((position) => {
    const fits = path.asymmetric
      ? lost >= 0 && lost <= path.nodes.length
      : lost === routersBetween(path, emission.position, position);
    const late = age - travelNs(path, emission.position, position);
    const errorNs = late < 0n ? -late : late;
    const inTime = age >= -CLOCK_SLACK_NS && age < LONGEST_WAY_NS && errorNs < LONGEST_WAY_NS;
    return fits && inTime ? [{ frame: index, emission, position, errorNs }] : [];
  });
}
