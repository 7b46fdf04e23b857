/** IPv6 (RFC 8200), its extension headers, and the authentication header of either version (RFC 4302). */
import { LIMITS } from '../limits.ts';
import { extensionLength, isExtension } from '../decode/extensions.ts';
import {
  PROTOCOL_AUTHENTICATION,
  PROTOCOL_DESTINATION_OPTIONS,
  PROTOCOL_FRAGMENT,
  PROTOCOL_HOP_BY_HOP,
  PROTOCOL_ROUTING,
} from '../decode/ip-protocols.ts';
import { ABSENT, type FieldSink } from './field-sink.ts';

const HEADER_LENGTH = 40;

/** @returns where the header ends, and what follows; undefined where there is no header */
export function dissectIpv6(
  sink: FieldSink,
  from: number,
  end: number,
): { readonly to: number; readonly protocol: number } | undefined {
  const first = sink.peek32(from);
  if (first === ABSENT) return undefined;
  const to = Math.min(from + HEADER_LENGTH, end);
  const protocol = sink.peek8(from + 6);
  // Wireshark's `ip.version` is that of either.
  if (sink.wants('ip')) sink.put('ip.version', first >>> 28, from, from + 1, 'hidden');
  if (!sink.wants('ipv6')) return { to, protocol };
  sink.open('ipv6', from, to);
  sink.put('ipv6.version', first >>> 28, from, from + 1);
  const trafficClass = (first >>> 20) & 0xff;
  sink.open('ipv6.tclass', from, from + 2, trafficClass);
  sink.put('ipv6.tclass.dscp', trafficClass >>> 2, from, from + 2);
  sink.put('ipv6.tclass.ecn', trafficClass & 3, from, from + 2);
  sink.close();
  sink.put('ipv6.flow', first & 0xfffff, from + 1, from + 4);
  sink.u16('ipv6.plen', from + 4);
  sink.u8('ipv6.nxt', from + 6);
  sink.u8('ipv6.hlim', from + 7);
  address(sink, 'ipv6.src', from + 8);
  address(sink, 'ipv6.dst', from + 24);
  sink.close();
  return { to, protocol };
}

function address(sink: FieldSink, name: string, at: number): void {
  sink.bytes(name, at, at + 16);
  sink.bytes('ipv6.addr', at, at + 16, 'hidden');
}

/**
 * The chain of extension headers from `from` on.
 * @param first protocol number of the first
 * @returns where they end, and what follows; a fragment other than the first ends them
 */
export function dissectExtensions(
  sink: FieldSink,
  from: number,
  end: number,
  first: number,
  protocols: string[],
): { readonly to: number; readonly protocol: number } {
  let at = from;
  let protocol = first;
  for (let count = 0; isExtension(protocol) && count < LIMITS.maxExtensionHeaders; count++) {
    const next = sink.peek8(at);
    const lengthField = sink.peek8(at + 1);
    if (next === ABSENT || lengthField === ABSENT) break;
    const length = extensionLength(protocol, lengthField);
    extension(sink, protocol, at, Math.min(at + length, end), protocols);
    const isFragment = protocol === PROTOCOL_FRAGMENT && (sink.peek16(at + 2) & 0xfff9) > 0;
    at += length;
    protocol = next;
    if (isFragment) break;
  }
  return { to: Math.min(at, end), protocol };
}

function extension(sink: FieldSink, kind: number, at: number, to: number, protocols: string[]): void {
  switch (kind) {
    case PROTOCOL_FRAGMENT:
      protocols.push('ipv6.fraghdr');
      if (sink.wants('ipv6')) fragmentHeader(sink, at, to);
      return;
    case PROTOCOL_AUTHENTICATION:
      protocols.push('ah');
      if (sink.wants('ah')) authenticationHeader(sink, at, to);
      return;
    case PROTOCOL_HOP_BY_HOP:
      protocols.push('ipv6.hopopts');
      if (sink.wants('ipv6')) optionsHeader(sink, 'ipv6.hopopts', at, to);
      return;
    case PROTOCOL_DESTINATION_OPTIONS:
      protocols.push('ipv6.dstopts');
      if (sink.wants('ipv6')) optionsHeader(sink, 'ipv6.dstopts', at, to);
      return;
    case PROTOCOL_ROUTING:
      protocols.push('ipv6.routing');
      if (sink.wants('ipv6')) routingHeader(sink, at, to);
      return;
    default:
      sink.text('Mobility header', at, to);
  }
}

function lengths(sink: FieldSink, name: string, at: number): void {
  sink.u8(`${name}.nxt`, at);
  const length = sink.u8(`${name}.len`, at + 1);
  if (length !== ABSENT) sink.put(`${name}.len_oct`, (length + 1) << 3, at + 1, at + 2, 'derived');
}

function fragmentHeader(sink: FieldSink, at: number, to: number): void {
  sink.open('ipv6.fraghdr', at, to);
  sink.u8('ipv6.fraghdr.nxt', at);
  sink.u8('ipv6.fraghdr.reserved_octet', at + 1);
  const word = sink.peek16(at + 2);
  if (word !== ABSENT) {
    sink.put('ipv6.fraghdr.offset', word >>> 3, at + 2, at + 4);
    sink.put('ipv6.fraghdr.reserved_bits', (word >>> 1) & 3, at + 2, at + 4);
    sink.flag('ipv6.fraghdr.more', word, 1, at + 2, at + 4);
  }
  sink.u32('ipv6.fraghdr.ident', at + 4);
  sink.close();
}

function authenticationHeader(sink: FieldSink, at: number, to: number): void {
  sink.open('ah', at, to);
  sink.u8('ah.next_header', at);
  sink.u8('ah.length', at + 1);
  sink.bytes('ah.reserved', at + 2, at + 4);
  sink.u32('ah.spi', at + 4);
  sink.u32('ah.sequence', at + 8);
  if (to > at + 12) sink.bytes('ah.icv', at + 12, to);
  sink.close();
}

const OPTION_PAD1 = 0;

function optionsHeader(sink: FieldSink, name: string, from: number, to: number): void {
  sink.open(name, from, to);
  lengths(sink, name, from);
  let at = from + 2;
  while (at < to) {
    const kind = sink.peek8(at);
    const length = kind === OPTION_PAD1 ? 1 : 2 + sink.peek8(at + 1);
    if (length < 1 || at + length > to) {
      sink.note('error', 'Malformed: the length of this option does not fit the header.', at, to);
      break;
    }
    sink.open('ipv6.opt', at, at + length);
    sink.u8('ipv6.opt.type', at);
    if (kind !== OPTION_PAD1) sink.u8('ipv6.opt.length', at + 1);
    sink.close();
    at += length;
  }
  sink.close();
}

function routingHeader(sink: FieldSink, at: number, to: number): void {
  sink.open('ipv6.routing', at, to);
  lengths(sink, 'ipv6.routing', at);
  sink.u8('ipv6.routing.type', at + 2);
  sink.u8('ipv6.routing.segleft', at + 3);
  sink.close();
}
