/** Headers of tunnels: lengths, kinds and network numbers stay; keys, cookies, identities and contents of options do not. */
import * as layers from '../decode/layers.ts';
import { rewriteUdpPayload } from './payload.ts';
import type { Rewrite } from './rewrite.ts';
import type { Layer } from './step.ts';

const GRE_CHECKSUM = 0x8000;
const GRE_ROUTING = 0x4000;
const GRE_KEY = 0x2000;
const GRE_SEQUENCE = 0x1000;

/** Of the mirror sessions, redirections and tags behind GRE's own header all is numbers. */
export function rewriteGre({ rewrite, from, to, end, wireEnd }: Layer): void {
  const flags = rewrite.u16(from);
  rewrite.keep(from, Math.min(end, from + 4));
  if ((flags & 7) !== 0) {
    // PPTP: length and call, sequence number, acknowledgment.
    rewrite.keep(from + 4, Math.min(end, Math.max(to, from + 8)));
    return;
  }
  let at = from + 4;
  const hasSum = (flags & (GRE_CHECKSUM | GRE_ROUTING)) !== 0;
  if (hasSum) {
    rewrite.keep(at, Math.min(end, at + 4));
    at += 4;
  }
  if ((flags & GRE_KEY) !== 0) {
    rewrite.token(at, Math.min(end, at + 4));
    at += 4;
  }
  if ((flags & GRE_SEQUENCE) !== 0) {
    rewrite.keep(at, Math.min(end, at + 4));
    at += 4;
  }
  if ((flags & GRE_ROUTING) === 0) rewrite.keep(at, to);
  else at = rewriteRoute(rewrite, at, Math.min(end, to));
  if ((flags & GRE_ROUTING) !== 0) rewrite.keep(at, to);
  if ((flags & GRE_CHECKSUM) !== 0) {
    rewrite.sums.note({ at: from, end: wireEnd, fieldAt: from + 4, isPart: rewrite.isFragment });
  }
}

/** RFC 1701: entries of family, offset, length and route, of which those of IPv4 hold addresses. @returns where the list ends */
function rewriteRoute(rewrite: Rewrite, from: number, end: number): number {
  let at = from;
  while (at + 4 <= end) {
    rewrite.keep(at, at + 4);
    const length = rewrite.u8(at + 3);
    const family = rewrite.u16(at);
    if (family === 0x0800) rewrite.ipv4List(at + 4, Math.min(end, at + 4 + length));
    at += 4 + length;
    if (family === 0 && length === 0) break;
  }
  return at;
}

/** RFC 8300: base header and service path; the context behind them is the operator's own. */
export function rewriteNsh({ rewrite, from, end }: Layer): void {
  rewrite.keep(from, Math.min(end, from + 8));
}

/** RFC 4380 §5.1.1: authentication, then the client's address and port as seen from outside, with all bits turned. */
export function rewriteTeredo({ rewrite, from, to }: Layer): void {
  let at = from;
  if (to - at >= 13 && rewrite.u16(at) === 1) {
    rewrite.keep(at, at + 4);
    at += 13 + rewrite.u8(at + 2) + rewrite.u8(at + 3);
  }
  if (to - at < 8) return;
  rewrite.keep(at, at + 4);
  const client = rewrite.original.slice(at + 4, at + 8).map((byte) => byte ^ 0xff);
  rewrite.books.addresses.ipv4(client, 0, client);
  for (let i = 0; i < 4; i++) rewrite.to[at + 4 + i] = client[i] ^ 0xff;
}

const PORT_AYIYA = 5072;
const PORT_CAPWAP = 5247;
const PORT_GENEVE = 6081;
const PORT_GTP = 2152;
const PORT_L2TP = 1701;
const PORT_TEREDO = 3544;
const PORT_TZSP = 37_008;
const PORT_ESP = 4500;
const PORT_WIREGUARD = 51_820;
const PORT_OPENVPN = 1194;
const PORTS_DTLS: readonly number[] = [4755, 6636];

/** Bytes in front of what a tunnel carries. */
const HEADER_LENGTH = 8;

export function rewriteTunnel(step: Layer): void {
  const { rewrite, packet, from, to, end } = step;
  if (step.layer === layers.LAYER_L2TP_OVER_IP) {
    rewrite.keep(from, Math.min(end, from + 4));
    return;
  }
  if (step.next === layers.LAYER_DONE) {
    rewriteUnopened(step, packet.tunnelPort);
    return;
  }
  switch (packet.tunnelPort) {
    case PORT_GENEVE:
      rewrite.keep(from, Math.min(to, from + HEADER_LENGTH));
      rewriteGeneveOptions(rewrite, from + HEADER_LENGTH, to);
      return;
    case PORT_GTP:
      rewriteGtp(rewrite, from, to);
      return;
    case PORT_L2TP:
      // Version 2: numbers only. Version 3: the session, then a cookie.
      rewrite.keep(from, (rewrite.u8(from + 1) & 0x0f) === 2 ? to : Math.min(to, from + HEADER_LENGTH));
      return;
    case PORT_TEREDO:
      rewriteTeredo(step);
      return;
    case PORT_TZSP:
      rewriteTzsp(rewrite, from, to);
      return;
    case PORT_AYIYA:
    case PORT_CAPWAP:
      rewrite.keep(from, Math.min(to, from + HEADER_LENGTH));
      return;
    default:
      // VXLAN and its variants, LISP: eight bytes of flags and numbers.
      rewrite.keep(from, to);
  }
}

/** What the ends of a tunnel say to each other, what is encrypted, and what is no tunnel's: as much as says which of them it is. */
function rewriteUnopened(step: Layer, port: number): void {
  const { rewrite, from, end } = step;
  switch (port) {
    case PORT_ESP:
      // Zero means a key exchange, a single 0xff a keep-alive, anything else an association.
      if (end - from < 4 || (rewrite.u16(from) === 0 && rewrite.u16(from + 2) === 0))
        rewrite.keep(from, Math.min(end, from + 4));
      else {
        rewrite.token(from, from + 4);
        if (rewrite.to[from] === 0) rewrite.to[from] = 1;
      }
      return;
    case PORT_WIREGUARD:
      rewrite.keep(from, Math.min(end, from + 4));
      return;
    case PORT_OPENVPN:
      rewrite.keep(from, Math.min(end, from + 1));
      return;
    case PORT_GTP:
      if (rewrite.u8(from) >>> 4 !== 3) break;
      rewrite.keep(from, Math.min(end, from + 4));
      rewrite.token(from + 4, Math.min(end, from + 8));
      return;
    case PORT_L2TP:
      if ((rewrite.u8(from) & 0x80) === 0) break;
      rewrite.keep(from, Math.min(end, from + 12));
      return;
    case PORT_CAPWAP:
      rewrite.keep(from, Math.min(end, from + 4));
      return;
    default:
      if (PORTS_DTLS.includes(port)) {
        rewrite.keep(from, Math.min(end, from + 13));
        return;
      }
  }
  rewriteUdpPayload(step, from, end);
}

/** RFC 8926 §3.5: class, type and length in words of four bytes. */
function rewriteGeneveOptions(rewrite: Rewrite, from: number, end: number): void {
  for (let at = from; at + 4 <= end; at += 4 + ((rewrite.u8(at + 3) & 0x1f) << 2)) rewrite.keep(at, at + 4);
}

/** 3GPP TS 29.281 §5: the tunnel's number is its subscriber's for a while; extension headers stay as lengths and kinds. */
function rewriteGtp(rewrite: Rewrite, from: number, to: number): void {
  rewrite.keep(from, Math.min(to, from + 4));
  rewrite.token(from + 4, Math.min(to, from + 8));
  if (to - from < 12) return;
  rewrite.keep(from + 8, from + 12);
  for (let at = from + 12; at < to;) {
    const length = rewrite.u8(at) << 2;
    if (length === 0) return;
    rewrite.keep(at, at + 1);
    rewrite.keep(at + length - 1, Math.min(to, at + length));
    at += length;
  }
}

function rewriteTzsp(rewrite: Rewrite, from: number, to: number): void {
  rewrite.keep(from, Math.min(to, from + 4));
  for (let at = from + 4; at < to;) {
    rewrite.keep(at, at + 1);
    const tag = rewrite.u8(at);
    if (tag === 1) return;
    if (tag === 0) {
      at++;
      continue;
    }
    rewrite.keep(at + 1, Math.min(to, at + 2));
    at += 2 + rewrite.u8(at + 1);
  }
}
