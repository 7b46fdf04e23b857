/**
 * Which frame of one place is which frame of another: every packet of a run has a number, and each frame those that it holds.
 *
 * Routers change a packet's TTL and checksums, translators its addresses and ports, and a device may move its numbers by constants
 * that are known (renumbering.ts). All else is the packet's own, and the same wherever it is seen: these bytes tell packets apart. What is
 * left are packets that are alike to the last bit, such as a segment that is sent again. They are told apart by when they
 * left; those that leave at nearly the same time share a number, since either may stand for the other.
 */
import { createHash } from 'node:crypto';
import { locateTcp } from './frames.ts';
import { type PathFacts, travelNs } from './facts.ts';
import type { LabelledCapture, LabelledFrame } from './output.ts';
import type { Place } from './places.ts';

/** More than any packet is late by, and less than a host waits before it sends one again. */
const SAME_NS = 60_000_000n;

interface Seen {
  readonly place: Place;
  readonly index: number;
  /** When it left its sender, if it took just the time of the way. */
  readonly leftNs: bigint;
}

/** @returns the same captures, with the packets that each frame holds */
export function numberJourneys(
  captures: ReadonlyMap<Place, LabelledCapture>,
  path: PathFacts,
): Map<Place, LabelledCapture> {
  const alike = new Map<string, Seen[]>();
  for (const [place, capture] of captures)
    capture.frames.forEach((frame, index) => {
      const key = identityOf(frame, capture, path);
      if (key === null) return;
      const seen = { place, index, leftNs: frame.timeNs - wayNs(frame, capture, path) };
      const known = alike.get(key);
      if (known === undefined) alike.set(key, [seen]);
      else known.push(seen);
    });
  const numbers = new Map<Place, number[][]>(
    [...captures].map(([place, { frames }]) => [place, frames.map(() => [])]),
  );
  let journey = 0;
  for (const [key, all] of alike)
    for (const one of packetsOf(key, all, captures)) {
      journey++;
      for (const { place, index } of one) numbers.get(place)?.[index].push(journey);
    }
  return new Map(
    [...captures].map(([place, capture]) => {
      const frames = capture.frames.map((frame, at) => ({
        ...frame,
        journeys: numbers.get(place)?.[at] ?? [],
      }));
      return [place, { ...capture, frames }];
    }),
  );
}

/** Splits sightings that are alike by when they left. Without a second sighting at any place there is nothing to split. */
function packetsOf(
  key: string,
  all: readonly Seen[],
  captures: ReadonlyMap<Place, LabelledCapture>,
): Seen[][] {
  if (key.startsWith('reset')) return [[...all]];
  const isOnce = [...captures].every(
    ([place, { positions }]) => all.filter((seen) => seen.place === place).length <= positions.length,
  );
  if (isOnce) return [[...all]];
  const ordered = [...all].sort((a, b) => (a.leftNs < b.leftNs ? -1 : a.leftNs > b.leftNs ? 1 : 0));
  const packets: Seen[][] = [];
  let lastNs: bigint | undefined;
  for (const seen of ordered) {
    if (lastNs === undefined || seen.leftNs - lastNs > SAME_NS) packets.push([]);
    packets.at(-1)?.push(seen);
    lastNs = seen.leftNs;
  }
  return packets;
}

/** From the host that a frame's source address speaks for to the place of the capture. */
function wayNs({ segment }: LabelledFrame, capture: LabelledCapture, path: PathFacts): bigint {
  const from = path.nodes.indexOf(path.owners.get(segment?.source ?? '') ?? '');
  return from < 0 ? 0n : travelNs(path, from, capture.positions[0]);
}

/** What stays as it is on the whole way; null for anything but whole TCP segments. */
function identityOf(
  frame: LabelledFrame,
  { linkType, positions }: LabelledCapture,
  path: PathFacts,
): string | null {
  const { segment, truth, data } = frame;
  // Who made a reset is known in other ways, and two may be made that are alike.
  if (truth?.emission !== undefined) return `reset ${truth.alike ?? truth.emission}`;
  if (segment === null || segment.flags < 0) return null;
  const tcp = locateTcp(data, linkType);
  if (tcp === null) return null;
  const header = (data[tcp.at + 12] >> 4) * 4;
  const { seq, ack } = path.atClient(segment, positions[0]);
  const payload = createHash('sha1')
    .update(data.subarray(tcp.at + header, tcp.end))
    .digest('hex');
  const window = (data[tcp.at + 14] << 8) | data[tcp.at + 15];
  // As it was captured: numbers that are moved take their blocks along.
  const options = constantOptions(data.subarray(tcp.at + 20, tcp.at + header), segment.ack);
  return [seq, ack, segment.flags, segment.id, window, options, segment.length, payload].join(' ');
}

/** Timestamps (RFC 7323) and, seen from the acknowledgement, SACK blocks (RFC 2018), which nobody on the way changes; others may be. */
function constantOptions(options: Uint8Array, ack: number): string {
  const view = new DataView(options.buffer, options.byteOffset, options.byteLength);
  const kept: string[] = [];
  for (let at = 0; at + 1 < options.length && options[at] !== 0;) {
    const [kind, length] = [options[at], options[at] === 1 ? 1 : Math.max(2, options[at + 1])];
    if (at + length > options.length) break;
    if (kind === 8) kept.push(Buffer.from(options.subarray(at + 2, at + length)).toString('hex'));
    if (kind === 5)
      for (let edge = at + 2; edge + 4 <= at + length; edge += 4)
        kept.push(String((view.getUint32(edge) - ack) >>> 0));
    at += length;
  }
  return kept.join(',');
}

/**
 * Packets that only one place holds and that look like one that only another place holds: what tells packets apart was then
 * changed on the way, which is a mistake of the lab.
 */
export function doubtfulJourneys(captures: ReadonlyMap<Place, LabelledCapture>, path: PathFacts): string[] {
  const places = [...captures.keys()];
  const doubts: string[] = [];
  places.forEach((one, i) =>
    places.slice(i + 1).forEach((other) => {
      const [ours, theirs] = [one, other].map((place) => looksOf(captures, place, path));
      for (const [journey, { look, frame, timeNs }] of ours) {
        if (theirs.has(journey)) continue;
        for (const [counterpart, theirLook] of theirs) {
          if (ours.has(counterpart) || theirLook.look !== look) continue;
          const apart = theirLook.timeNs - timeNs;
          if (apart < SAME_NS && apart > -SAME_NS)
            doubts.push(`${one}:${frame} and ${other}:${theirLook.frame} look alike and are not one packet`);
        }
      }
    }),
  );
  return doubts;
}

interface Look {
  readonly look: string;
  readonly frame: number;
  readonly timeNs: bigint;
}

function looksOf(
  captures: ReadonlyMap<Place, LabelledCapture>,
  place: Place,
  path: PathFacts,
): Map<number, Look> {
  const looks = new Map<number, Look>();
  const capture = captures.get(place);
  capture?.frames.forEach(({ segment, truth, journeys, timeNs }, index) => {
    if (segment === null || truth !== null) return;
    const { seq, ack } = path.atClient(segment, capture.positions[0]);
    const look = [seq, ack, segment.flags, segment.length].join(' ');
    for (const journey of journeys) looks.set(journey, { look, frame: index + 1, timeNs });
  });
  return looks;
}
