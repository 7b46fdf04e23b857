/** Tunnels: what goes into an outer IP or UDP header. */
import { be16, be32, concat, ETHERTYPE_TEB, type IpPayload, type NetworkPacket } from './bytes.ts';
import { udp } from './transport.ts';

export interface GreFields {
  readonly key?: number;
  readonly sequence?: number;
  readonly checksum?: boolean;
  readonly protocolType?: number;
  readonly version?: number;
  /** Source route entries (RFC 1701) before the empty one that ends them. */
  readonly routing?: readonly number[];
}

/** GRE (RFC 2784, 2890) around a network packet, or around an Ethernet frame given as bytes. */
export function gre(fields: GreFields, payload: NetworkPacket | Uint8Array): IpPayload {
  const isFrame = payload instanceof Uint8Array;
  const flags =
    (fields.checksum ? 0x8000 : 0) |
    (fields.routing ? 0x4000 : 0) |
    (fields.key !== undefined ? 0x2000 : 0) |
    (fields.sequence !== undefined ? 0x1000 : 0) |
    (fields.version ?? 0);
  const bytes = concat(
    be16(flags),
    be16(fields.protocolType ?? (isFrame ? ETHERTYPE_TEB : payload.etherType)),
    fields.checksum || fields.routing ? [0, 0, 0, 0] : [],
    fields.key !== undefined ? be32(fields.key) : [],
    fields.sequence !== undefined ? be32(fields.sequence) : [],
    fields.routing ? [...fields.routing, 0, 0, 0, 0] : [],
    isFrame ? payload : payload.bytes,
  );
  return { protocol: 47, bytes };
}

/** ERSPAN: type I (no header), II (8 bytes) or III (12 bytes) around an Ethernet frame. */
export function erspan(type: 1 | 2 | 3, frame: Uint8Array, platform = false): IpPayload {
  if (type === 1) return gre({ protocolType: 0x88be }, frame);
  if (type === 2)
    return gre({ protocolType: 0x88be, sequence: 1 }, concat(be32(0x1000_0001), be32(0), frame));
  const header = concat(
    be32(0x2000_0001),
    be32(0),
    be32(platform ? 1 : 0),
    platform ? be32(0).concat(be32(0)) : [],
  );
  return gre({ protocolType: 0x22eb, sequence: 1 }, concat(header, frame));
}

/** VXLAN (RFC 7348) around an Ethernet frame. */
export function vxlan(vni: number, frame: Uint8Array, flags = 0x08, dstPort = 4789): IpPayload {
  return udp({
    srcPort: 50_000,
    dstPort,
    payload: concat([flags, 0, 0, 0], be32((vni << 8) >>> 0), frame),
  });
}

/** VXLAN-GPE: next protocol 1 IPv4, 2 IPv6, 3 Ethernet, 4 NSH, 5 MPLS. */
export function vxlanGpe(nextProtocol: number, payload: Uint8Array): IpPayload {
  const header = [0x0c, 0, 0, nextProtocol, 0, 0, 42, 0];
  return udp({ srcPort: 50_000, dstPort: 4790, payload: concat(header, payload) });
}

/** A G-PDU of GTP-U (3GPP TS 29.281); with `optional`, sequence number, N-PDU number and extension headers. */
export function gtp(payload: Uint8Array, optional?: readonly number[], flags = 0x30): IpPayload {
  const rest = concat(optional ?? [], payload);
  const header = concat([flags, 255], be16(rest.length), be32(0x1234), rest);
  return udp({ srcPort: 2152, dstPort: 2152, payload: header });
}

/** L2TP version 2 (RFC 2661) around PPP; `flags` and `fields` up to the offset padding. */
export function l2tp(frame: Uint8Array, flags = 0x0002, fields: readonly number[] = [0, 1, 0, 2]): IpPayload {
  return udp({ srcPort: 1701, dstPort: 1701, payload: concat(be16(flags), fields, frame) });
}

/** TZSP: a received packet of that encapsulation, with tags. */
export function tzsp(encapsulation: number, frame: Uint8Array, tags: readonly number[] = []): IpPayload {
  const payload = concat([1, 0], be16(encapsulation), tags, [1], frame);
  return udp({ srcPort: 50_000, dstPort: 37_008, payload });
}

/** AYIYA (draft-massar-v6ops-ayiya): an IPv6 address as identity, a SHA-1 signature. */
export function ayiya(packet: NetworkPacket): IpPayload {
  const next = packet.etherType === 0x86dd ? 41 : 4;
  const header = concat([0x41, 0x52, 0x11, next], be32(0x6000_0000), new Uint8Array(16), new Uint8Array(20));
  return udp({ srcPort: 5072, dstPort: 5072, payload: concat(header, packet.bytes) });
}

/** CAPWAP data (RFC 5415): a frame of 802.3, or with `isNative` of 802.11. */
export function capwap(frame: Uint8Array, isNative = false): IpPayload {
  const header = [0, 0x10, isNative ? 0x43 : 0x42, 0, 0, 0, 0, 0];
  return udp({ srcPort: 50_000, dstPort: 5247, payload: concat(header, frame) });
}

/** LISP data (RFC 9300). */
export function lisp(packet: NetworkPacket): IpPayload {
  return udp({ srcPort: 50_000, dstPort: 4341, payload: concat([0x80, 1, 2, 3, 0, 0, 0, 1], packet.bytes) });
}

/** NSH (RFC 8300) with that many bytes of metadata, a multiple of 4; next protocol as in VXLAN-GPE. */
export function nsh(nextProtocol: number, payload: Uint8Array, metadata = 0): Uint8Array {
  const words = 2 + metadata / 4;
  return concat(
    be16(0x0fc0 | words),
    [2, nextProtocol],
    be32(0x0000_01ff),
    new Uint8Array(metadata),
    payload,
  );
}

/** Geneve (RFC 8926) around an Ethernet frame, or a network packet. `options` in multiples of 4 bytes. */
export function geneve(
  vni: number,
  payload: NetworkPacket | Uint8Array,
  options: readonly number[] = [],
): IpPayload {
  const isFrame = payload instanceof Uint8Array;
  return udp({
    srcPort: 50_000,
    dstPort: 6081,
    payload: concat(
      [options.length >>> 2, 0],
      be16(isFrame ? ETHERTYPE_TEB : payload.etherType),
      be32((vni << 8) >>> 0),
      options,
      isFrame ? payload : payload.bytes,
    ),
  });
}

/** Teredo (RFC 4380) around an IPv6 packet, after optional authentication and origin indications. */
export function teredo(packet: NetworkPacket, indications: readonly number[] = []): IpPayload {
  return udp({ srcPort: 50_000, dstPort: 3544, payload: concat(indications, packet.bytes) });
}
