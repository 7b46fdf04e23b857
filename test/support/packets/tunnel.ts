/** Tunnels: what goes into an outer IP or UDP header. */
import { be16, be32, concat, ETHERTYPE_TEB, type IpPayload, type NetworkPacket } from './bytes.ts';
import { udp } from './transport.ts';

export interface GreFields {
  readonly key?: number;
  readonly sequence?: number;
  readonly checksum?: boolean;
  readonly protocolType?: number;
  readonly version?: number;
}

/** GRE (RFC 2784, 2890) around a network packet, or around an Ethernet frame given as bytes. */
export function gre(fields: GreFields, payload: NetworkPacket | Uint8Array): IpPayload {
  const isFrame = payload instanceof Uint8Array;
  const flags =
    (fields.checksum ? 0x8000 : 0) |
    (fields.key !== undefined ? 0x2000 : 0) |
    (fields.sequence !== undefined ? 0x1000 : 0) |
    (fields.version ?? 0);
  const bytes = concat(
    be16(flags),
    be16(fields.protocolType ?? (isFrame ? ETHERTYPE_TEB : payload.etherType)),
    fields.checksum ? [0, 0, 0, 0] : [],
    fields.key !== undefined ? be32(fields.key) : [],
    fields.sequence !== undefined ? be32(fields.sequence) : [],
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
export function vxlan(vni: number, frame: Uint8Array, flags = 0x08): IpPayload {
  return udp({
    srcPort: 50_000,
    dstPort: 4789,
    payload: concat([flags, 0, 0, 0], be32((vni << 8) >>> 0), frame),
  });
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
