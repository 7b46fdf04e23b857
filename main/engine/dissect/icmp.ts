/** ICMP (RFC 792) and ICMPv6 (RFC 4443), with the packet that an error quotes. */
import { PROTOCOL_ICMP, PROTOCOL_ICMPV6, PROTOCOL_TCP, PROTOCOL_UDP } from '../decode/ip-protocols.ts';
import { CHECKSUM_BAD, CHECKSUM_GOOD, CHECKSUM_UNVERIFIED, isSumRight, transportSum } from './checksum.ts';
import { ABSENT, type FieldSink } from './field-sink.ts';
import { dissectIpv4 } from './ipv4.ts';
import { dissectExtensions, dissectIpv6 } from './ipv6.ts';
import type { Step } from './step.ts';
import { dissectQuotedTcp } from './tcp.ts';
import { dissectQuotedUdp } from './udp.ts';

const HEADER_LENGTH = 8;

export function dissectIcmp({ sink, protocols, from, end, wireEnd }: Step): void {
  protocols.push('icmp');
  const type = sink.peek8(from);
  const code = sink.peek8(from + 1);
  const isError = type === 3 || type === 4 || type === 5 || type === 11 || type === 12;
  if (sink.wants('icmp')) {
    sink.open('icmp', from, end);
    sink.u8('icmp.type', from);
    sink.u8('icmp.code', from + 1);
    if (sink.u16('icmp.checksum', from + 2) !== ABSENT) {
      const isRight = isSumRight(sink.data, from, end);
      const status = wireEnd > end ? CHECKSUM_UNVERIFIED : isRight ? CHECKSUM_GOOD : CHECKSUM_BAD;
      sink.put('icmp.checksum.status', status, from + 2, from + 4, 'derived');
    }
    rest(sink, type, code, from + 4);
    if (!isError && end > from + HEADER_LENGTH) sink.text('Data', from + HEADER_LENGTH, end);
  }
  if (isError) quoted(sink, from + HEADER_LENGTH, end, protocols);
  if (sink.wants('icmp')) sink.close();
}

/** The four bytes whose meaning the type decides. */
function rest(sink: FieldSink, type: number, code: number, at: number): void {
  switch (type) {
    case 0: // echo reply, echo
    case 8:
    case 13: // time stamp, information
    case 14:
    case 15:
    case 16:
      sink.u16('icmp.ident', at);
      littleEndian(sink, 'icmp.ident_le', at);
      sink.u16('icmp.seq', at + 2);
      littleEndian(sink, 'icmp.seq_le', at + 2);
      return;
    case 5:
      sink.bytes('icmp.redir_gw', at, at + 4);
      return;
    case 12:
      sink.u8('icmp.pointer', at);
      return;
    case 3:
      if (code === 4) {
        sink.bytes('icmp.unused', at, at + 2);
        sink.u16('icmp.mtu', at + 2);
      } else sink.bytes('icmp.unused', at, at + 4);
      return;
    case 4:
    case 11:
      sink.bytes('icmp.unused', at, at + 4);
  }
}

function littleEndian(sink: FieldSink, name: string, at: number): void {
  const value = sink.peek16(at);
  if (value !== ABSENT) sink.put(name, ((value & 0xff) << 8) | (value >>> 8), at, at + 2);
}

export function dissectIcmpv6({ sink, packet, protocols, from, end, wireEnd }: Step): void {
  protocols.push('icmpv6');
  const type = sink.peek8(from);
  const isError = type >= 1 && type <= 4;
  if (sink.wants('icmpv6')) {
    sink.open('icmpv6', from, end);
    sink.u8('icmpv6.type', from);
    sink.u8('icmpv6.code', from + 1);
    if (sink.u16('icmpv6.checksum', from + 2) !== ABSENT) {
      const status =
        wireEnd > end
          ? CHECKSUM_UNVERIFIED
          : transportSum(sink.data, from, end, packet.facts, PROTOCOL_ICMPV6);
      sink.put('icmpv6.checksum.status', status, from + 2, from + 4, 'derived');
    }
    restOfV6(sink, type, from + 4);
  }
  if (isError) quoted(sink, from + HEADER_LENGTH, end, protocols);
  if (sink.wants('icmpv6')) sink.close();
}

function restOfV6(sink: FieldSink, type: number, at: number): void {
  switch (type) {
    case 2:
      sink.u32('icmpv6.mtu', at);
      return;
    case 4:
      sink.u32('icmpv6.pointer', at);
      return;
    case 128: // echo, echo reply
    case 129:
      sink.u16('icmpv6.echo.identifier', at);
      sink.u16('icmpv6.echo.sequence_number', at + 2);
      return;
    case 135:
      sink.bytes('icmpv6.reserved', at, at + 4);
      sink.bytes('icmpv6.nd.ns.target_address', at + 4, at + 20);
      return;
    case 136:
      sink.bytes('icmpv6.nd.na.target_address', at + 4, at + 20);
      return;
    case 1:
    case 3:
    case 133:
      sink.bytes('icmpv6.reserved', at, at + 4);
  }
}

/** The packet that an error is about: its IP header, and as much of what follows as the router quoted. */
function quoted(sink: FieldSink, from: number, end: number, protocols: string[]): void {
  const version = sink.peek8(from) >>> 4;
  if (version === 4) {
    protocols.push('ip');
    const header = dissectIpv4(sink, from, end);
    if (header === undefined) return;
    // A later fragment has no ports.
    if ((sink.peek16(from + 6) & 0x1fff) > 0) return;
    transport(sink, header.to, end, from + header.totalLength, header.protocol, protocols);
  } else if (version === 6) {
    protocols.push('ipv6');
    const header = dissectIpv6(sink, from, end);
    if (header === undefined) return;
    const wireEnd = header.to + Math.max(0, sink.peek16(from + 4));
    const last = dissectExtensions(sink, header.to, end, header.protocol, protocols);
    transport(sink, last.to, end, wireEnd, last.protocol, protocols);
  }
}

function transport(
  sink: FieldSink,
  from: number,
  end: number,
  wireEnd: number,
  protocol: number,
  protocols: string[],
): void {
  if (from >= end) return;
  switch (protocol) {
    case PROTOCOL_TCP:
      protocols.push('tcp');
      dissectQuotedTcp(sink, from, end, Math.max(end, wireEnd));
      return;
    case PROTOCOL_UDP:
      protocols.push('udp');
      dissectQuotedUdp(sink, from, end);
      return;
    case PROTOCOL_ICMP:
      sink.text('ICMP message', from, end);
      return;
    default:
      sink.text('Data', from, end);
  }
}
