/** Headers of tunnels. The decoder has found where each ends and what is inside (engine/decode/tunnel-*.ts, gre.ts, nsh.ts). */
import * as facts from '../decode/facts.ts';
import { ABSENT, type FieldSink } from './field-sink.ts';
import type { Step } from './step.ts';

const GRE_CHECKSUM = 0x8000;
const GRE_ROUTING = 0x4000;
const GRE_KEY = 0x2000;
const GRE_SEQUENCE = 0x1000;
const GRE_ACKNOWLEDGMENT = 0x0080;
const GRE_VERSION = 0x0007;
const TYPE_ERSPAN = 0x88be;
const TYPE_ERSPAN_III = 0x22eb;

export function dissectGre({ sink, protocols, from, to, end }: Step): void {
  protocols.push('gre');
  const flags = sink.peek16(from);
  const type = sink.peek16(from + 2);
  const headerEnd = to > from ? to : end;
  const isErspan = type === TYPE_ERSPAN || type === TYPE_ERSPAN_III;
  let at = from;
  if (flags !== ABSENT && sink.wants('gre')) {
    sink.open('gre', from, isErspan ? from + greLength(flags) : headerEnd);
    sink.open('gre.flags_and_version', from, from + 2, flags);
    sink.flag('gre.flags.checksum', flags, GRE_CHECKSUM, from, from + 2);
    sink.flag('gre.flags.routing', flags, GRE_ROUTING, from, from + 2);
    sink.flag('gre.flags.key', flags, GRE_KEY, from, from + 2);
    sink.flag('gre.flags.sequence_number', flags, GRE_SEQUENCE, from, from + 2);
    sink.flag('gre.flags.strict_source_route', flags, 0x0800, from, from + 2);
    sink.put('gre.flags.recursion_control', (flags >>> 8) & 7, from, from + 2);
    if ((flags & GRE_VERSION) === 1) sink.flag('gre.flags.ack', flags, GRE_ACKNOWLEDGMENT, from, from + 2);
    sink.put('gre.flags.version', flags & GRE_VERSION, from, from + 2);
    sink.close();
    sink.u16('gre.proto', from + 2);
    at = from + 4;
    if ((flags & (GRE_CHECKSUM | GRE_ROUTING)) !== 0) {
      sink.u16('gre.checksum', at);
      sink.u16('gre.offset', at + 2);
      at += 4;
    }
    if ((flags & GRE_KEY) !== 0) {
      if ((flags & GRE_VERSION) === 1) {
        sink.u16('gre.key.payload_length', at);
        sink.u16('gre.key.call_id', at + 2);
      } else {
        sink.u32('gre.key', at);
      }
      at += 4;
    }
    if ((flags & GRE_SEQUENCE) !== 0) {
      sink.u32('gre.sequence_number', at);
      at += 4;
    }
    if ((flags & GRE_VERSION) === 1 && (flags & GRE_ACKNOWLEDGMENT) !== 0) sink.u32('gre.ack_number', at);
    sink.close();
  }
  if (isErspan) erspan(sink, from + greLength(flags), headerEnd, protocols);
}

function greLength(flags: number): number {
  let length = 4;
  if ((flags & (GRE_CHECKSUM | GRE_ROUTING)) !== 0) length += 4;
  if ((flags & GRE_KEY) !== 0) length += 4;
  if ((flags & GRE_SEQUENCE) !== 0) length += 4;
  return length;
}

/** Type I has no header of its own. */
function erspan(sink: FieldSink, from: number, to: number, protocols: string[]): void {
  protocols.push('erspan');
  if (!sink.wants('erspan')) return;
  sink.open('erspan', from, Math.max(from, to));
  const first = sink.peek16(from);
  const second = sink.peek16(from + 2);
  if (to > from && first !== ABSENT && second !== ABSENT) {
    sink.put('erspan.version', first >>> 12, from, from + 2);
    sink.put('erspan.vlan', first & 0xfff, from, from + 2);
    sink.put('erspan.cos', second >>> 13, from + 2, from + 4);
    if (first >>> 12 === 1) sink.put('erspan.encap', (second >>> 11) & 3, from + 2, from + 4);
    sink.flag('erspan.truncated', second, 0x0400, from + 2, from + 4);
    sink.put('erspan.spanid', second & 0x3ff, from + 2, from + 4);
    if (first >>> 12 === 1) {
      const word = sink.peek32(from + 4);
      if (word !== ABSENT) sink.put('erspan.index', word & 0xfffff, from + 4, from + 8);
    }
  }
  sink.close();
}

/** A tunnel in UDP, of the kind that the decoder found; nothing where the payload is not the port's tunnel. */
export function dissectUdpTunnel(step: Step): void {
  const { packet, sink, protocols, from, to } = step;
  if (to <= from) return;
  switch (packet.tunnel) {
    case facts.TUNNEL_VXLAN:
      protocols.push('vxlan');
      if (sink.wants('vxlan')) vxlan(sink, from, to, false);
      return;
    case facts.TUNNEL_VXLAN_GPE:
      protocols.push('vxlan');
      if (sink.wants('vxlan')) vxlan(sink, from, to, true);
      return;
    case facts.TUNNEL_GENEVE:
      protocols.push('geneve');
      if (sink.wants('geneve')) geneve(sink, from, to);
      return;
    case facts.TUNNEL_GTP:
      protocols.push('gtp');
      if (sink.wants('gtp')) gtp(sink, from, to);
      return;
    case facts.TUNNEL_L2TP:
      protocols.push('l2tp');
      if (sink.wants('l2tp')) l2tp(sink, from, to);
      return;
    case facts.TUNNEL_TEREDO:
      protocols.push('teredo');
      return;
    case facts.TUNNEL_LISP:
      plain(step, 'lisp-data', 'lisp-data');
      return;
    case facts.TUNNEL_TZSP:
      plain(step, 'tzsp', 'tzsp');
      return;
    case facts.TUNNEL_CAPWAP:
      plain(step, 'capwap.data', 'capwap');
      return;
    case facts.TUNNEL_AYIYA:
      plain(step, 'ayiya', 'ayiya');
      return;
    default:
      sink.text('Tunnel header', from, to);
  }
}

/** A header of which no field is told. */
function plain({ sink, protocols, from, to }: Step, name: string, wanted: string): void {
  protocols.push(name);
  if (!sink.wants(wanted)) return;
  sink.open(name, from, to);
  sink.close();
}

function vxlan(sink: FieldSink, from: number, to: number, isGpe: boolean): void {
  sink.open('vxlan', from, to);
  if (isGpe) {
    sink.u8('vxlan.flags', from);
    sink.u8('vxlan.next_proto', from + 3);
  } else {
    sink.u16('vxlan.flags', from);
    sink.u16('vxlan.gbp', from + 2);
  }
  sink.u24('vxlan.vni', from + 4);
  sink.close();
}

function geneve(sink: FieldSink, from: number, to: number): void {
  sink.open('geneve', from, to);
  const first = sink.peek8(from);
  const flags = sink.peek8(from + 1);
  if (first !== ABSENT) sink.put('geneve.version', first >>> 6, from, from + 1);
  if (flags !== ABSENT) {
    sink.open('geneve.flags', from + 1, from + 2, flags);
    sink.flag('geneve.flags.oam', flags, 0x80, from + 1, from + 2);
    sink.flag('geneve.flags.critical', flags, 0x40, from + 1, from + 2);
    sink.close();
  }
  sink.u16('geneve.proto_type', from + 2);
  sink.u24('geneve.vni', from + 4);
  if (to > from + 8) sink.bytes('geneve.options', from + 8, to);
  sink.close();
}

function gtp(sink: FieldSink, from: number, to: number): void {
  sink.open('gtp', from, to);
  const flags = sink.peek8(from);
  if (flags !== ABSENT) {
    sink.open('gtp.flags', from, from + 1, flags);
    sink.put('gtp.flags.version', flags >>> 5, from, from + 1);
    sink.put('gtp.flags.payload', (flags >>> 4) & 1, from, from + 1);
    sink.put('gtp.flags.reserved', (flags >>> 3) & 1, from, from + 1);
    sink.flag('gtp.flags.e', flags, 4, from, from + 1);
    sink.flag('gtp.flags.s', flags, 2, from, from + 1);
    sink.flag('gtp.flags.pn', flags, 1, from, from + 1);
    sink.close();
  }
  sink.u8('gtp.message', from + 1);
  sink.u16('gtp.length', from + 2);
  sink.u32('gtp.teid', from + 4);
  sink.close();
}

const L2TP_CONTROL = 0x8000;
const L2TP_LENGTH = 0x4000;

function l2tp(sink: FieldSink, from: number, to: number): void {
  sink.open('l2tp', from, to);
  const flags = sink.peek16(from);
  if (flags !== ABSENT) {
    sink.put('l2tp.type', flags >>> 15, from, from + 2);
    sink.put('l2tp.version', flags & 0x0f, from, from + 2);
    if ((flags & 0x0f) === 2 && (flags & L2TP_CONTROL) === 0) {
      let at = from + 2;
      if ((flags & L2TP_LENGTH) !== 0) {
        sink.u16('l2tp.length', at);
        at += 2;
      }
      sink.u16('l2tp.tunnel', at);
      sink.u16('l2tp.session', at + 2);
    }
  }
  sink.close();
}

const TEREDO_AUTHENTICATION = 0x0001;

export function dissectTeredo({ sink, protocols, from, to }: Step): void {
  protocols.push('teredo');
  if (!sink.wants('teredo')) return;
  sink.open('teredo', from, to);
  if (to > from) {
    const isAuthentication = sink.peek16(from) === TEREDO_AUTHENTICATION;
    sink.bytes(isAuthentication ? 'teredo.auth' : 'teredo.orig', from, to);
  }
  sink.close();
}

export function dissectNsh({ sink, protocols, from, to }: Step): void {
  protocols.push('nsh');
  if (!sink.wants('nsh')) return;
  sink.open('nsh', from, to);
  const word = sink.peek16(from);
  if (word !== ABSENT) {
    sink.put('nsh.version', word >>> 14, from, from + 2);
    sink.put('nsh.ttl', (word >>> 6) & 0x3f, from, from + 2);
    sink.put('nsh.length', word & 0x3f, from, from + 2);
  }
  const kind = sink.peek8(from + 2);
  if (kind !== ABSENT) sink.put('nsh.mdtype', kind & 0x0f, from + 2, from + 3);
  sink.u8('nsh.nextproto', from + 3);
  sink.u24('nsh.spi', from + 4);
  sink.u8('nsh.si', from + 7);
  sink.close();
}

export function dissectEsp({ sink, protocols, from, end }: Step): void {
  protocols.push('esp');
  if (!sink.wants('esp')) return;
  sink.open('esp', from, end);
  sink.u32('esp.spi', from);
  sink.u32('esp.sequence', from + 4);
  sink.close();
}
