/** ICMP (RFC 792) and ICMPv6 (RFC 4443): errors with the packets that they quote, neighbour discovery, groups; other content is left out. */
import { PROTOCOL_ICMPV6 } from '../decode/ip-protocols.ts';
import type { Rewrite } from './rewrite.ts';
import { noteTransportSum } from './transport-sum.ts';
import type { Layer } from './step.ts';

const HEADER_LENGTH = 8;
const CHECKSUM_AT = 2;
const IPV4_LENGTH = 20;

export function rewriteIcmp(step: Layer): void {
  const { rewrite, from, end, wireEnd } = step;
  rewrite.keep(from, Math.min(end, from + HEADER_LENGTH));
  // Before what is quoted: its sums change what this one counts.
  rewrite.sums.note({ at: from, end: wireEnd, fieldAt: from + CHECKSUM_AT, isPart: rewrite.isFragment });
  const content = from + HEADER_LENGTH;
  switch (rewrite.u8(from)) {
    case 5: // redirect: the better gateway stands in the header
      rewrite.to.fill(0, from + 4, Math.min(end, content));
      rewrite.ipv4(from + 4, end);
      quote(step, 4, content, 0);
      break;
    case 3:
    case 4:
    case 11:
    case 12:
      // RFC 4884 §4.1: the quote's length in words of four bytes, where extensions follow it.
      quote(step, 4, content, rewrite.u8(from + 5) << 2);
      break;
    case 9: // routers, with their preference
      for (let at = content; at + 8 <= end; at += 8) {
        rewrite.ipv4(at, end);
        rewrite.keep(at + 4, at + 8);
      }
      break;
    case 13:
    case 14:
    case 17:
    case 18: // times, masks
      rewrite.keep(content, Math.min(end, content + 12));
      break;
  }
}

export function rewriteIcmpv6(step: Layer): void {
  const { rewrite, from, end, wireEnd } = step;
  rewrite.keep(from, Math.min(end, from + HEADER_LENGTH));
  noteTransportSum(step, PROTOCOL_ICMPV6, from + CHECKSUM_AT, wireEnd);
  const content = from + HEADER_LENGTH;
  switch (rewrite.u8(from)) {
    case 1:
    case 2:
    case 3:
    case 4:
      quote(
        step,
        6,
        content,
        rewrite.u8(from) === 2 || rewrite.u8(from) === 4 ? 0 : rewrite.u8(from + 4) << 3,
      );
      break;
    case 130:
    case 131:
    case 132: // listeners of a group
      rewrite.ipv6(content, end);
      break;
    case 143:
      rewriteGroupRecords(rewrite, content, end);
      break;
    case 133:
      rewriteDiscoveryOptions(rewrite, content, end);
      break;
    case 134:
      rewrite.keep(content, Math.min(end, content + 8));
      rewriteDiscoveryOptions(rewrite, content + 8, end);
      break;
    case 135:
    case 136:
      rewrite.ipv6(content, end);
      rewriteDiscoveryOptions(rewrite, content + 16, end);
      break;
    case 137:
      rewrite.ipv6(content, end);
      rewrite.ipv6(content + 16, end);
      rewriteDiscoveryOptions(rewrite, content + 32, end);
      break;
  }
}

/** @param length of the quote where the error says so, else 0 */
function quote(step: Layer, family: 4 | 6, at: number, length: number): void {
  const { rewrite, walk, end, quotes } = step;
  const quoteEnd = length > 0 ? Math.min(end, at + length) : end;
  if (at >= quoteEnd) return;
  walk.quoted(rewrite, family, at, quoteEnd, quotes + 1);
  keepQuotedPorts(rewrite, family, at, quoteEnd);
}

/** Routers quote headers that no receiver would take; the connection that they name is told all the same, as the decoder does. */
function keepQuotedPorts(rewrite: Rewrite, family: 4 | 6, at: number, end: number): void {
  if (family !== 4 || rewrite.u8(at) >>> 4 !== 4) return;
  const isLater = (rewrite.u16(at + 6) & 0x1fff) !== 0;
  const protocol = rewrite.u8(at + 9);
  if (isLater || (protocol !== 6 && protocol !== 17)) return;
  const headerLength = (rewrite.u8(at) & 0x0f) << 2;
  // In a header that is too short its own addresses would stand there.
  if (headerLength < IPV4_LENGTH) return;
  const portsAt = at + headerLength;
  rewrite.keep(portsAt, Math.min(end, portsAt + (protocol === 6 ? 8 : 4)));
}

const OPTION_SOURCE_ADDRESS = 1;
const OPTION_TARGET_ADDRESS = 2;
const OPTION_PREFIX = 3;
const OPTION_MTU = 5;
const OPTION_RESOLVERS = 25;

/** RFC 4861 §4.6: type, length in words of eight bytes. */
function rewriteDiscoveryOptions(rewrite: Rewrite, from: number, end: number): void {
  for (let at = from; at + 2 <= end;) {
    rewrite.keep(at, at + 2);
    const length = rewrite.u8(at + 1) << 3;
    if (length === 0) return;
    const optionEnd = Math.min(end, at + length);
    switch (rewrite.u8(at)) {
      case OPTION_SOURCE_ADDRESS:
      case OPTION_TARGET_ADDRESS:
        rewrite.mac(at + 2, optionEnd);
        break;
      case OPTION_PREFIX:
        rewrite.keep(at + 2, Math.min(optionEnd, at + 16));
        rewrite.ipv6(at + 16, optionEnd);
        break;
      case OPTION_MTU:
        rewrite.keep(at + 2, optionEnd);
        break;
      case OPTION_RESOLVERS:
        rewrite.keep(at + 2, Math.min(optionEnd, at + 8));
        rewrite.ipv6List(at + 8, optionEnd);
        break;
    }
    at += length;
  }
}

/** RFC 3810 §5.2: records of kind, length of auxiliary data in words, number of sources, group, sources. */
function rewriteGroupRecords(rewrite: Rewrite, from: number, end: number): void {
  for (let at = from; at + 20 <= end;) {
    rewrite.keep(at, at + 4);
    rewrite.ipv6(at + 4, end);
    const sourcesEnd = at + 20 + 16 * rewrite.u16(at + 2);
    rewrite.ipv6List(at + 20, Math.min(end, sourcesEnd));
    at = sourcesEnd + (rewrite.u8(at + 1) << 2);
  }
}
