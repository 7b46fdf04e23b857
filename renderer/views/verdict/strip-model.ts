/**
 * Where things stand on the path strip. Positions run from 0 (client) to 1 (server).
 *
 * Distances are links, not routers: n routers between two places make n + 1 links, and a host with 0 routers between is
 * where the capture was made (main/engine/reset/place.ts counts the same way).
 *
 * Invariants: 0 ≤ every position ≤ 1; order along the path is kept: what is nearer to the client is drawn nearer to it;
 * a device is never drawn on a host, nor on the capture point.
 */
import type { OriginKind, PathModel, Side } from '../../../shared/model/verdict.ts';

export interface StripSegment {
  readonly from: number;
  readonly to: number;
  /** Routers on it; null where unknown: drawn broken. */
  readonly hops: number | null;
}

export interface StripModel {
  /** null where it is not known where the capture was made. */
  readonly capture: number | null;
  readonly segments: readonly StripSegment[];
  readonly routers: readonly number[];
  /** Where routers are left out for want of room, and how many. */
  readonly gaps: readonly { readonly at: number; readonly hidden: number }[];
  /** Ends of the arrows: whose address the reset carries, and who gets it. */
  readonly claimed: 0 | 1;
  readonly receiver: 0 | 1;
  /** Who made it: a host (at 0 or 1), a device; null where that is open. */
  readonly emitter: { readonly at: number; readonly isDevice: boolean; readonly isPlaced: boolean } | null;
}

/** More routers than this on one segment are not drawn one by one. */
const MOST_ROUTERS = 9;
const SHOWN_AT_ENDS = 2;
/** Room that glyphs need beside each other. */
const AT_HOST = 0.08;
const CAPTURE_ROOM = 0.2;
const APART = 0.09;

export function stripModel(path: PathModel, claimed: Side, kind: OriginKind): StripModel {
  const capture = captureAt(path);
  const segments = segmentsOf(path, capture);
  const spread = segments.map(routersOn);
  const claimedAt = claimed === 'client' ? 0 : 1;
  return {
    capture: capture?.drawn ?? null,
    segments,
    routers: spread.flatMap(({ routers }) => routers),
    gaps: spread.flatMap(({ gaps }) => gaps),
    claimed: claimedAt,
    receiver: claimedAt === 0 ? 1 : 0,
    emitter: emitterAt(path, capture, claimedAt, kind),
  };
}

interface CapturePlace {
  /** By links. */
  readonly real: number;
  /** With room for its glyph. */
  readonly drawn: number;
}

/** Links from the capture point to a host; a host without a router between is the capture point itself. */
function links(hops: number): number {
  return hops === 0 ? 0 : hops + 1;
}

function captureAt({ capturePoint, clientHops, serverHops }: PathModel): CapturePlace | null {
  switch (capturePoint) {
    case 'client':
      return { real: 0, drawn: AT_HOST };
    case 'server':
      return { real: 1, drawn: 1 - AT_HOST };
    case 'unknown':
      return null;
    case 'between': {
      if (clientHops === null || serverHops === null) return { real: 0.5, drawn: 0.5 };
      const all = links(clientHops) + links(serverHops);
      const real = all === 0 ? 0.5 : links(clientHops) / all;
      return { real, drawn: clamp(real, CAPTURE_ROOM, 1 - CAPTURE_ROOM) };
    }
  }
}

function segmentsOf(path: PathModel, capture: CapturePlace | null): StripSegment[] {
  if (capture === null) return [{ from: 0, to: 1, hops: null }];
  if (capture.real === 0) return [{ from: 0, to: 1, hops: path.serverHops }];
  if (capture.real === 1) return [{ from: 0, to: 1, hops: path.clientHops }];
  return [
    { from: 0, to: capture.drawn, hops: path.clientHops },
    { from: capture.drawn, to: 1, hops: path.serverHops },
  ];
}

function routersOn({ from, to, hops }: StripSegment): Pick<StripModel, 'routers' | 'gaps'> {
  if (hops === null) return { routers: [], gaps: [] };
  const at = (router: number, of: number): number => from + ((to - from) * router) / (of + 1);
  if (hops <= MOST_ROUTERS) {
    return { routers: Array.from({ length: hops }, (_, router) => at(router + 1, hops)), gaps: [] };
  }
  // The first and last few at their places in a row of MOST_ROUTERS, and a gap for the rest.
  const routers: number[] = [];
  for (let router = 1; router <= SHOWN_AT_ENDS; router++) {
    routers.push(at(router, MOST_ROUTERS), at(MOST_ROUTERS + 1 - router, MOST_ROUTERS));
  }
  return {
    routers: routers.sort((a, b) => a - b),
    gaps: [{ at: (from + to) / 2, hidden: hops - 2 * SHOWN_AT_ENDS }],
  };
}

function emitterAt(
  { place }: PathModel,
  capture: CapturePlace | null,
  claimedAt: 0 | 1,
  kind: OriginKind,
): StripModel['emitter'] {
  if (kind === 'unknown') return null;
  if (kind === 'endpoint') return { at: claimedAt, isDevice: false, isPlaced: true };
  if (place === null) return { at: 0.5, isDevice: true, isPlaced: false };
  return { at: roomFor(stretched(place, capture), capture), isDevice: true, isPlaced: true };
}

/** The place by links, moved along with a capture point that is drawn elsewhere than it is. */
function stretched(place: number, capture: CapturePlace | null): number {
  if (capture === null) return place;
  const { real, drawn } = capture;
  if (place <= real) return real === 0 ? 0 : (place / real) * (real === 1 ? 1 : drawn);
  if (real === 0) return place;
  return drawn + ((place - real) / (1 - real)) * (1 - drawn);
}

/** Moves a device off the hosts and off the capture point, without changing their order. */
function roomFor(at: number, capture: CapturePlace | null): number {
  const apart = clamp(at, AT_HOST, 1 - AT_HOST);
  if (capture === null || Math.abs(apart - capture.drawn) >= APART) return apart;
  const isBefore = capture.real === 1 || (capture.real !== 0 && at < capture.drawn);
  return isBefore ? capture.drawn - APART : capture.drawn + APART;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
