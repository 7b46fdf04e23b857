/**
 * Where things stand on the path strip. Positions run from 0 (client) to 1 (server).
 *
 * Distances are links, not routers: n routers between two places make n + 1 links, and a host with 0 routers between is
 * where the capture was made (main/engine/reset/observe/place.ts counts the same way).
 *
 * Invariants: 0 ≤ every position ≤ 1; what is nearer to the client on the path is drawn nearer to it; no router is
 * drawn between capture point and device that is not there; a device is never drawn on a host, nor on the capture. What is a guess is
 * drawn as the stretch in which it lies; what was not decided for stands beside it as a ghost.
 */
import type { OriginKind, PathModel, PathVantage, Side } from '../model/verdict.ts';
import type { Segment } from './strip-segment.ts';
import { segmentGap, segmentRouters, slotOf } from './strip-segment.ts';

export interface StripModel {
  /** null where it is not known where the capture was made, and where there are several. */
  readonly capture: number | null;
  /** Capture points of several, as they follow each other from the client; empty where there is one. */
  readonly vantages: readonly (PathVantage & { readonly at: number })[];
  readonly segments: readonly Segment[];
  /** Routers that are drawn, without the one whose place the device takes. */
  readonly routers: readonly number[];
  /** Where routers are left out for want of room, and how many. */
  readonly gaps: readonly { readonly at: number; readonly hidden: number }[];
  /** Ends of the arrows: whose address the reset carries, and who gets it. */
  readonly claimed: 0 | 1;
  readonly receiver: 0 | 1;
  /** Who made it: a host (at 0 or 1), a device; null where that is open. */
  readonly emitter: { readonly at: number; readonly isDevice: boolean; readonly isPlaced: boolean } | null;
  /** The stretch in which a device made it, as far as is known; null for a host. */
  readonly reach: readonly [from: number, to: number] | null;
  /** Who else may have made it; `share` is its probability where there is one. */
  readonly ghosts: readonly Ghost[];
}

export interface Ghost {
  readonly at: number;
  readonly isDevice: boolean;
  readonly share: number | null;
}

/** Less likely than this, nobody needs to see it. */
const LEAST_SHARE = 0.005;
/** A stretch is drawn at least so long. */
const LEAST_REACH = 0.06;
/** In front of the host in whose name it came, where a device would be that nobody placed. */
const IN_FRONT = 0.22;

/** Room that the glyph of the capture needs beside a host, and between two hosts. */
const CAPTURE_AT_HOST = 0.08;
const CAPTURE_BETWEEN = 0.2;
/** Capture points of several are drawn at least so far from each other, as long as there is room. */
const VANTAGES_APART = 0.24;
const BESIDE_VANTAGE = 0.06;
/** A device as far away as the host it speaks for is drawn this near to it. */
const BESIDE_HOST = 0.07;
const SAME_PLACE = 0.01;

interface Layout {
  readonly capture: number | null;
  /** From the client to the capture point, and on to the server. */
  readonly segments: readonly Segment[];
}

/**
 * @param confidence probability that `kind` is right
 * @param hopsAfter routers between a capture point and the next one, by the first file of the former; null where they are not known
 */
export function stripModel(
  path: PathModel,
  claimed: Side,
  kind: OriginKind,
  confidence = 1,
  hopsAfter: (file: number) => number | null = () => null,
): StripModel {
  const vantages = path.vantages.length === 0 ? [] : placedVantages(path.vantages);
  const drawn = drawnAt(path.vantages, vantages);
  const { capture, segments } = vantages.length > 0 ? aroundVantages(vantages, hopsAfter) : layoutOf(path);
  const claimedAt = claimed === 'client' ? 0 : 1;
  // What lies between two capture points stays between them, however these are pushed apart.
  const shown = vantages.length === 0 ? path : asDrawn(path, drawn);
  const emitter = besideVantages(
    emitterAt(shown, segments, capture, claimedAt, kind),
    vantages,
    (shown.reach[0] + shown.reach[1]) / 2,
  );
  return {
    capture,
    vantages,
    segments,
    routers: segments
      .flatMap(segmentRouters)
      .filter((at) => emitter === null || Math.abs(at - emitter.at) > SAME_PLACE),
    gaps: segments.flatMap(segmentGap),
    reach: emitter?.isDevice === true ? reachOf(shown, segments, capture, emitter.at) : null,
    ghosts: ghostsOf(kind, claimedAt, 1 - confidence),
    claimed: claimedAt,
    receiver: claimedAt === 0 ? 1 : 0,
    emitter,
  };
}

/** In the order of the path, apart from each other and from the hosts, so that each has room for its sign. */
function placedVantages(vantages: readonly PathVantage[]): PathVantage[] {
  const apart = Math.min(VANTAGES_APART, (1 - 2 * CAPTURE_AT_HOST) / Math.max(1, vantages.length - 1));
  const sorted = [...vantages].sort((a, b) => a.at - b.at);
  const places: number[] = [];
  for (const { at } of sorted) {
    places.push(Math.max(clamp(at, CAPTURE_AT_HOST, 1 - CAPTURE_AT_HOST), (places.at(-1) ?? -1) + apart));
  }
  for (let i = places.length - 1, most = 1 - CAPTURE_AT_HOST; i >= 0; i--, most -= apart) {
    places[i] = Math.max(CAPTURE_AT_HOST, Math.min(places[i], most));
  }
  return sorted.map((vantage, index) => ({ ...vantage, at: places[index] }));
}

/** Where a share of the path is drawn once its capture points are pushed apart: in proportion between the nearest two. */
function drawnAt(real: readonly PathVantage[], placed: readonly PathVantage[]): (share: number) => number {
  const knots = [...real]
    .sort((a, b) => a.at - b.at)
    .map(({ at }, index) => ({ from: at, to: placed[index].at }));
  const all = [{ from: 0, to: 0 }, ...knots, { from: 1, to: 1 }];
  return (share) => {
    const next = Math.max(
      1,
      all.findIndex(({ from }, index) => index > 0 && from >= share),
    );
    const [low, high] = [all[next - 1], all[next]];
    const span = high.from - low.from;
    return span <= 0 ? high.to : low.to + ((share - low.from) / span) * (high.to - low.to);
  };
}

/** A device stands beside the capture point that it was placed at, on the side on which it may have been. */
function besideVantages(
  emitter: StripModel['emitter'],
  vantages: readonly PathVantage[],
  middle: number,
): StripModel['emitter'] {
  if (emitter?.isDevice !== true) return emitter;
  const near = vantages.find(({ at }) => Math.abs(at - emitter.at) < BESIDE_VANTAGE);
  if (near === undefined) return emitter;
  return { ...emitter, at: near.at + (middle < near.at ? -BESIDE_VANTAGE : BESIDE_VANTAGE) };
}

function asDrawn(path: PathModel, drawn: (share: number) => number): PathModel {
  return {
    ...path,
    place: path.place === null ? null : drawn(path.place),
    reach: [drawn(path.reach[0]), drawn(path.reach[1])],
  };
}

function aroundVantages(
  vantages: readonly PathVantage[],
  hopsAfter: (file: number) => number | null,
): Layout {
  const segments: Segment[] = [];
  let from = 0;
  let hops: number | null = 0;
  for (const { at, file } of vantages) {
    segments.push({ from, to: at, hops });
    from = at;
    hops = hopsAfter(file);
  }
  return { capture: null, segments: [...segments, { from, to: 1, hops: 0 }] };
}

function layoutOf({ capturePoint, clientHops, serverHops }: PathModel): Layout {
  switch (capturePoint) {
    case 'client':
      return around(CAPTURE_AT_HOST, 0, serverHops);
    case 'server':
      return around(1 - CAPTURE_AT_HOST, clientHops, 0);
    case 'unknown':
      return { capture: null, segments: [{ from: 0, to: 1, hops: null }] };
    case 'between': {
      if (clientHops === null || serverHops === null) return around(0.5, clientHops, serverHops);
      const all = links(clientHops) + links(serverHops);
      const real = all === 0 ? 0.5 : links(clientHops) / all;
      return around(clamp(real, CAPTURE_BETWEEN, 1 - CAPTURE_BETWEEN), clientHops, serverHops);
    }
  }
}

function around(capture: number, clientHops: number | null, serverHops: number | null): Layout {
  return {
    capture,
    segments: [
      { from: 0, to: capture, hops: clientHops },
      { from: capture, to: 1, hops: serverHops },
    ],
  };
}

/** Links from the capture point to a host; a host without a router between is the capture point itself. */
function links(hops: number): number {
  return hops === 0 ? 0 : hops + 1;
}

function emitterAt(
  path: PathModel,
  segments: readonly Segment[],
  capture: number | null,
  claimedAt: 0 | 1,
  kind: OriginKind,
): StripModel['emitter'] {
  if (kind === 'unknown') return null;
  if (kind === 'endpoint') return { at: claimedAt, isDevice: false, isPlaced: true };
  if (
    path.maker === 'forwarder' &&
    capture !== null &&
    capture > CAPTURE_AT_HOST &&
    capture < 1 - CAPTURE_AT_HOST
  )
    return { at: capture, isDevice: true, isPlaced: true };
  const { place } = path;
  // Several capture points leave a stretch, in the middle of which it is drawn.
  if (place === null) {
    const at = path.vantages.length === 0 ? 0.5 : (path.reach[0] + path.reach[1]) / 2;
    return { at, isDevice: true, isPlaced: false };
  }
  const end = positionOf(place, path, segments);
  // A delay says how far it is at most: it is drawn in the middle of what that leaves.
  const at = path.placedBy === 'time' && capture !== null ? (capture + end) / 2 : end;
  return { at: clamp(at, BESIDE_HOST, 1 - BESIDE_HOST), isDevice: true, isPlaced: path.placedBy !== 'time' };
}

/** Where on the strip a share of all links is. */
function positionOf(
  share: number,
  { clientHops, serverHops }: PathModel,
  segments: readonly Segment[],
): number {
  return segments.length === 2 && clientHops !== null && serverHops !== null
    ? onSegments(share, segments, links(clientHops), links(serverHops))
    : share;
}

function reachOf(
  path: PathModel,
  segments: readonly Segment[],
  capture: number | null,
  at: number,
): readonly [number, number] {
  const [from, to] = path.reach.map((share) => positionOf(share, path, segments));
  const isBounded = path.placedBy === 'time' && capture !== null;
  // What a delay leaves begins at the capture: nothing before it can have been timed there.
  const low = isBounded && path.reach[0] === 0 ? Math.min(capture, at) : from;
  const high = isBounded && path.reach[1] === 1 ? Math.max(capture, at) : to;
  const least = LEAST_REACH / 2;
  return [clamp(Math.min(low, at - least), 0, 1), clamp(Math.max(high, at + least), 0, 1)];
}

function ghostsOf(kind: OriginKind, claimedAt: 0 | 1, share: number): readonly Ghost[] {
  const device: Ghost = { at: claimedAt === 1 ? 1 - IN_FRONT : IN_FRONT, isDevice: true, share };
  const host: Ghost = { at: claimedAt, isDevice: false, share };
  // Where it is open neither has a number: the two together are the answer.
  if (kind === 'unknown')
    return [
      { ...device, share: null },
      { ...host, share: null },
    ];
  if (share < LEAST_SHARE) return [];
  return kind === 'endpoint' ? [device] : [host];
}

/** The router whose place the device takes; between routers where the place says so. */
function onSegments(
  place: number,
  [before, after]: readonly Segment[],
  clientLinks: number,
  serverLinks: number,
): number {
  const link = place * (clientLinks + serverLinks);
  return link < clientLinks || serverLinks === 0 ? slotOf(before, link) : slotOf(after, link - clientLinks);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
