/** Where on the path the reset was made, and where the capture was: hop counts put on a line. */
import type { Maker, OriginKind, PathModel, Side } from '../../../../shared/model/verdict.ts';
import { sideName } from '../phrases.ts';
import type { ResetFacts } from './facts.ts';
import { hopsOf } from './hops.ts';
import { shareOfRoundTrip } from './timing.ts';

/** Below this share of the round trip a maker that seems as far away as the host cannot be there. */
const NOT_THAT_FAR = 0.5;
/** Share of the host's hops from which on that is "as far away". */
const AS_FAR = 0.6;

/**
 * Hops of the reset by its TTL; null where that says nothing: several TTLs in one burst are made up, a copied one is another
 * packet's, and one as far away as the host is chosen where the reset came in a fraction of the host's round trip.
 */
export function resetHops(f: ResetFacts): number | null {
  if (f.burstTtls > 1 && f.baseTtls <= 1) return null;
  // The packet that was turned round passed each router twice.
  if (f.passages >= 0) return Math.floor(f.passages / 2);
  const hops = hopsOf(f.ttl);
  if (hops < 0 || f.maybeCopiedTtl || timeContradicts(f, hops)) return null;
  return hops;
}

/** Whether the reset came too soon for its maker to be as far away as its TTL says. */
export function timeContradicts(f: ResetFacts, hops: number): boolean {
  const share = shareOfRoundTrip(f);
  if (share < 0 || share > NOT_THAT_FAR) return false;
  const host = senderHops(f);
  return host !== null && hops >= AS_FAR * host;
}

/** TTL of the packets that the reset's distance is measured by; 0 without any. */
export function measureTtl(f: ResetFacts): number {
  return f.measuredIn === 'flow' ? f.baseTtl : f.addressTtl;
}

/** Hops of the claimed sender by its other packets; null without any. */
function senderHops(f: ResetFacts): number | null {
  const ttl = measureTtl(f);
  const hops = ttl === 0 ? -1 : hopsOf(ttl);
  return hops < 0 ? null : hops;
}

export function pathOf(f: ResetFacts, kind: OriginKind, maker: Maker): PathModel {
  const ownHops = kind === 'endpoint' ? (senderHops(f) ?? resetHops(f)) : senderHops(f);
  const peer = f.peerTtl === 0 ? -1 : hopsOf(f.peerTtl);
  const peerHops = peer < 0 ? null : peer;
  const clientHops = f.sender === 0 ? ownHops : peerHops;
  const serverHops = f.sender === 1 ? ownHops : peerHops;
  const reset = resetHops(f);
  const byTtl = placeOn(f, kind, clientHops, serverHops, reset);
  const place = byTtl ?? placeByTime(f, kind, clientHops, serverHops);
  const placedBy =
    kind === 'endpoint' ? 'host' : byTtl !== null ? 'ttl' : place !== null ? 'time' : 'nothing';
  return {
    clientHops,
    serverHops,
    resetHops: reset,
    capturePoint: capturePoint(f, clientHops, serverHops),
    place,
    reach: reachOf(f, place, placedBy, linksOf(clientHops) + linksOf(serverHops)),
    placedBy,
    maker,
    vantages: [],
  };
}

/** Links from the capture to a host with so many routers between; a host without any is where the capture was made. */
export function linksOf(hops: number | null): number {
  return hops === null || hops === 0 ? 0 : hops + 1;
}

/** Routes there and back differ, and what makes resets on the way may or may not count down as a router: a link in each direction. */
const UNSURE_LINKS = 1;

/**
 * The stretch that the place may lie in. A TTL counts links from a beginning that is a habit of systems; a delay is the most
 * that the way can take, so that everything nearer is as possible; and where neither tells, it is anywhere between the two.
 */
function reachOf(
  f: ResetFacts,
  place: number | null,
  placedBy: PathModel['placedBy'],
  links: number,
): readonly [number, number] {
  if (place === null || placedBy === 'nothing') return [0, 1];
  if (placedBy === 'host') return [place, place];
  const capture = f.receiver;
  if (placedBy === 'time') return capture === 0 ? [0, place] : [place, 1];
  const spread = links === 0 ? 1 : UNSURE_LINKS / links;
  return [Math.max(0, place - spread), Math.min(1, place + spread)];
}

function capturePoint(
  f: ResetFacts,
  client: number | null,
  server: number | null,
): PathModel['capturePoint'] {
  const senderPasses = f.senderIn + f.senderForwarded > 0;
  const receiverPasses = f.receiverIn + f.receiverForwarded > 0;
  // Both come in, or leave as packets that were handed on: a router next to one of them shows it without a hop.
  if (senderPasses && receiverPasses) return 'between';
  const senderLocal = f.senderOut > 0 && !senderPasses;
  const receiverLocal = f.receiverOut > 0 && !receiverPasses;
  if (senderLocal !== receiverLocal) return (senderLocal ? f.sender : f.receiver) === 0 ? 'client' : 'server';
  if (client === null || server === null) return 'unknown';
  if (client === 0 && server > 0) return 'client';
  if (server === 0 && client > 0) return 'server';
  return client > 0 && server > 0 ? 'between' : 'unknown';
}

/**
 * Where between the client, 0, and the server, 1, the reset was made; null where that is not known. Links are counted rather than
 * routers: a middlebox one router away is one link nearer than the host behind it. A side with 0 hops is where the capture was made.
 */
function placeOn(
  f: ResetFacts,
  kind: OriginKind,
  client: number | null,
  server: number | null,
  reset: number | null,
): number | null {
  if (kind === 'endpoint') return f.sender;
  if (kind === 'unknown' || reset === null || client === null || server === null) return null;
  const clientLinks = linksOf(client);
  const serverLinks = linksOf(server);
  const links = clientLinks + serverLinks;
  const own = f.sender === 0 ? client : server;
  // A reset from farther away than the host it claims is not between the two by its TTL.
  if (links === 0 || reset > own) return null;
  const from = reset + 1;
  const at = f.sender === 1 ? clientLinks + from : clientLinks - from;
  return Math.min(1, Math.max(0, at / links));
}

/** The same from time, seen from one end: within that share of the way to the other one. */
function placeByTime(
  f: ResetFacts,
  kind: OriginKind,
  client: number | null,
  server: number | null,
): number | null {
  const share = shareOfRoundTrip(f);
  if (kind !== 'middlebox' || share < 0) return null;
  if (capturePoint(f, client, server) !== sideName(f.receiver)) return null;
  return f.sender === 1 ? share : 1 - share;
}

/** An endpoint's side of the connection; `path` for a middlebox, null where it is not known which of them made the reset. */
export function sideOf(f: ResetFacts, kind: OriginKind): Side | 'path' | null {
  if (kind === 'endpoint') return f.sender === 0 ? 'client' : 'server';
  return kind === 'middlebox' ? 'path' : null;
}
