/** IPv4 and IPv6 headers: addresses are replaced, also in options and extension headers; numbers stay. */
import {
  PROTOCOL_AUTHENTICATION,
  PROTOCOL_DESTINATION_OPTIONS,
  PROTOCOL_FRAGMENT,
  PROTOCOL_HOP_BY_HOP,
  PROTOCOL_ROUTING,
} from '../decode/ip-protocols.ts';
import { extensionLength, isExtension } from '../decode/extensions.ts';
import { LIMITS } from '../limits.ts';
import type { Rewrite } from './rewrite.ts';

const IPV4_LENGTH = 20;
const IPV6_LENGTH = 40;

export function rewriteIpv4(rewrite: Rewrite, at: number, end: number): void {
  // Everything before the addresses are numbers; a header that is none says so with them.
  if (rewrite.u8(at) >>> 4 !== 4) {
    rewrite.keep(at, Math.min(end, at + 4));
    return;
  }
  rewrite.keep(at, Math.min(end, at + 12));
  rewrite.ipv4(at + 12, end);
  rewrite.ipv4(at + 16, end);
  const headerEnd = at + ((rewrite.u8(at) & 0x0f) << 2);
  rewriteIpv4Options(rewrite, at + IPV4_LENGTH, Math.min(headerEnd, end));
  rewrite.family = 4;
  rewrite.sourceAt = at + 12;
  rewrite.destinationAt = at + 16;
  if (headerEnd <= end && headerEnd >= at + IPV4_LENGTH)
    rewrite.sums.note({ at, end: headerEnd, fieldAt: at + 10 });
  else rewrite.sums.leaveOut(at + 10);
}

const OPTION_END = 0;
const OPTION_NOTHING = 1;
const OPTION_RECORD_ROUTE = 7;
const OPTION_TIMESTAMP = 68;
const OPTION_LOOSE_ROUTE = 131;
const OPTION_STRICT_ROUTE = 137;
const OPTION_ROUTER_ALERT = 148;

/** RFC 791 §3.1. */
function rewriteIpv4Options(rewrite: Rewrite, from: number, end: number): void {
  let at = from;
  while (at < end) {
    const kind = rewrite.u8(at);
    rewrite.keep(at, Math.min(end, at + 2));
    if (kind === OPTION_NOTHING) {
      at++;
      continue;
    }
    const length = rewrite.u8(at + 1);
    if (kind === OPTION_END || length < 2 || at + length > end) {
      // What follows the end is nothing, and may be anything.
      rewrite.to.fill(0, at + 1, end);
      if (kind !== OPTION_END) rewrite.keep(at + 1, Math.min(end, at + 2));
      return;
    }
    const optionEnd = at + length;
    if ([OPTION_RECORD_ROUTE, OPTION_LOOSE_ROUTE, OPTION_STRICT_ROUTE].includes(kind)) {
      rewrite.keep(at + 2, at + 3);
      rewrite.ipv4List(at + 3, optionEnd);
    } else if (kind === OPTION_TIMESTAMP) {
      rewrite.keep(at + 2, Math.min(optionEnd, at + 4));
      const hasAddresses = (rewrite.u8(at + 3) & 0x0f) !== 0;
      if (!hasAddresses) rewrite.keep(at + 4, optionEnd);
      for (let pair = at + 4; hasAddresses && pair + 8 <= optionEnd; pair += 8) {
        rewrite.ipv4(pair, optionEnd);
        rewrite.keep(pair + 4, pair + 8);
      }
    } else if (kind === OPTION_ROUTER_ALERT) rewrite.keep(at + 2, optionEnd);
    at = optionEnd;
  }
}

export function rewriteIpv6(rewrite: Rewrite, at: number, end: number): void {
  rewrite.keep(at, Math.min(end, at + 8));
  if (rewrite.u8(at) >>> 4 !== 6) {
    rewrite.to.fill(0, at + 4, Math.min(end, at + 8));
    return;
  }
  rewrite.ipv6(at + 8, end);
  rewrite.ipv6(at + 24, end);
  if (end - at < IPV6_LENGTH) return;
  rewrite.family = 6;
  rewrite.sourceAt = at + 8;
  rewrite.destinationAt = at + 24;
}

/** The chain of extension headers from `at` on (RFC 8200 §4), and the authentication header. @param first its protocol number */
export function rewriteExtensions(rewrite: Rewrite, from: number, end: number, first: number): void {
  let at = from;
  let protocol = first;
  for (let count = 0; count < LIMITS.maxExtensionHeaders && isExtension(protocol) && at + 2 <= end; count++) {
    const headerEnd = at + extensionLength(protocol, rewrite.u8(at + 1));
    const until = Math.min(headerEnd, end);
    rewrite.keep(at, at + 2);
    switch (protocol) {
      case PROTOCOL_FRAGMENT:
        rewrite.keep(at + 2, until);
        // Of a later fragment nothing follows that would be a header.
        if ((rewrite.u16(at + 2) & 0xfff8) !== 0) return;
        break;
      case PROTOCOL_ROUTING:
        rewriteRouting(rewrite, at, until);
        break;
      case PROTOCOL_AUTHENTICATION:
        // Reserved, and the sequence number behind the association's.
        rewrite.keep(at + 2, Math.min(until, at + 4));
        rewrite.keep(at + 8, Math.min(until, at + 12));
        rewrite.token(at + 4, Math.min(until, at + 8));
        break;
      case PROTOCOL_HOP_BY_HOP:
      case PROTOCOL_DESTINATION_OPTIONS:
        rewriteIpv6Options(rewrite, at + 2, until);
        break;
    }
    protocol = rewrite.u8(at);
    at = headerEnd;
  }
}

/** Type, segments left, then addresses: types 0, 2 and 4 (RFC 8200 §4.4, RFC 6275 §6.4, RFC 8754). */
function rewriteRouting(rewrite: Rewrite, at: number, end: number): void {
  rewrite.keep(at + 2, Math.min(end, at + 8));
  const type = rewrite.u8(at + 2);
  const left = rewrite.u8(at + 3);
  if (type !== 0 && type !== 2 && type !== 4) return;
  const count = Math.min(Math.floor((end - at - 8) / 16), type === 4 ? rewrite.u8(at + 4) + 1 : 255);
  for (let i = 0; i < count; i++) rewrite.ipv6(at + 8 + 16 * i, end);
  // Checksums count the last stop, not the next (RFC 8200 §8.1).
  if (left > 0 && count > 0) rewrite.destinationAt = at + 8 + (type === 4 ? 0 : 16 * (count - 1));
}

const PAD_1 = 0;
const ROUTER_ALERT = 5;
const JUMBO = 0xc2;
const HOME_ADDRESS = 0xc9;

function rewriteIpv6Options(rewrite: Rewrite, from: number, end: number): void {
  for (let at = from; at < end;) {
    rewrite.keep(at, at + 1);
    const type = rewrite.u8(at);
    if (type === PAD_1) {
      at++;
      continue;
    }
    rewrite.keep(at + 1, Math.min(end, at + 2));
    const optionEnd = at + 2 + rewrite.u8(at + 1);
    if (type === ROUTER_ALERT || type === JUMBO) rewrite.keep(at + 2, Math.min(end, optionEnd));
    else if (type === HOME_ADDRESS) rewrite.ipv6(at + 2, Math.min(end, optionEnd));
    at = optionEnd;
  }
}
