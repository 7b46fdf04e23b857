/** Where on the path the reset was made, and where the capture was: hop counts put on a line. */
import type { OriginKind, PathModel, Side } from '../../../../shared/model/verdict.ts';
import type { ResetFacts } from './facts.ts';
import { hopsOf } from './hops.ts';

/** Hops of the reset by its TTL; null where that says nothing (several TTLs in one burst are made up). */
export function resetHops(f: ResetFacts): number | null {
  if (f.burstTtls > 1 && f.baseTtls <= 1) return null;
  const hops = hopsOf(f.ttl);
  return hops < 0 ? null : hops;
}

/** Hops of the claimed sender by its other packets; null without any. */
function senderHops(f: ResetFacts): number | null {
  const ttl = f.basePackets > 0 ? f.baseTtl : f.addressTtl;
  const hops = ttl === 0 ? -1 : hopsOf(ttl);
  return hops < 0 ? null : hops;
}

export function pathOf(f: ResetFacts, kind: OriginKind): PathModel {
  const ownHops = kind === 'endpoint' ? (senderHops(f) ?? resetHops(f)) : senderHops(f);
  const peer = f.peerTtl === 0 ? -1 : hopsOf(f.peerTtl);
  const peerHops = peer < 0 ? null : peer;
  const clientHops = f.sender === 0 ? ownHops : peerHops;
  const serverHops = f.sender === 1 ? ownHops : peerHops;
  const reset = resetHops(f);
  return {
    clientHops,
    serverHops,
    resetHops: reset,
    capturePoint: capturePoint(f, clientHops, serverHops),
    place: placeOn(f, kind, clientHops, serverHops, reset),
  };
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
 * Where between the client, 0, and the server, 1, the reset was made; null where that is not known. Links are counted rather than routers: a middlebox one router away is one link nearer than
 * the host behind it. A side with 0 hops is where the capture was made.
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
  const clientLinks = client === 0 ? 0 : client + 1;
  const serverLinks = server === 0 ? 0 : server + 1;
  const links = clientLinks + serverLinks;
  const own = f.sender === 0 ? client : server;
  // A reset from farther away than the host it claims is not between the two by its TTL.
  if (links === 0 || reset > own) return null;
  const from = reset + 1;
  const at = f.sender === 1 ? clientLinks + from : clientLinks - from;
  return Math.min(1, Math.max(0, at / links));
}

/** An endpoint's side of the connection; `path` for a middlebox, null where it is not known which of them made the reset. */
export function sideOf(f: ResetFacts, kind: OriginKind): Side | 'path' | null {
  if (kind === 'endpoint') return f.sender === 0 ? 'client' : 'server';
  return kind === 'middlebox' ? 'path' : null;
}
