/** IPv4 and IPv6 headers with correct lengths and checksums, unless told otherwise. */
import {
  addressBytes,
  be16,
  be32,
  concat,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  internetChecksum,
  setBe16,
  type IpPayload,
  type NetworkPacket,
} from './bytes.ts';

export interface Ipv4Fields {
  readonly src: string;
  readonly dst: string;
  /** 64 unless said. */
  readonly ttl?: number;
  /** Identification, 0 unless said. */
  readonly id?: number;
  readonly df?: boolean;
  readonly mf?: boolean;
  /** In bytes, a multiple of 8. */
  readonly fragmentOffset?: number;
  readonly tos?: number;
  /** Raw options, padded with zeros to a multiple of 4. */
  readonly options?: readonly number[];
  /** Overrides what the payload says it is. */
  readonly protocol?: number;
  /** Overrides, for broken headers. */
  readonly version?: number;
  readonly headerLength?: number;
  readonly totalLength?: number;
}

type Inner = IpPayload | NetworkPacket | Uint8Array;

export function ipv4(fields: Ipv4Fields, payload: Inner): NetworkPacket {
  const src = addressBytes(fields.src);
  const dst = addressBytes(fields.dst);
  const options = [...(fields.options ?? [])];
  while (options.length % 4 !== 0) options.push(0);
  const headerLength = 20 + options.length;
  const protocol = fields.protocol ?? innerProtocol(payload);
  const body = withChecksum(payload, [...src, ...dst], protocol);
  const fragment = (fields.df ? 0x4000 : 0) | (fields.mf ? 0x2000 : 0) | ((fields.fragmentOffset ?? 0) >>> 3);
  const header = concat(
    [((fields.version ?? 4) << 4) | ((fields.headerLength ?? headerLength) >>> 2), fields.tos ?? 0],
    be16(fields.totalLength ?? headerLength + body.length),
    be16(fields.id ?? 0),
    be16(fragment),
    [fields.ttl ?? 64, protocol, 0, 0],
    src,
    dst,
    options,
  );
  setBe16(header, 10, internetChecksum(header));
  return { etherType: ETHERTYPE_IPV4, bytes: concat(header, body) };
}

export interface Ipv6Extension {
  /** 0 hop-by-hop, 43 routing, 44 fragment, 51 AH, 60 destination options … */
  readonly protocol: number;
  /** Everything after the next-header byte. */
  readonly rest: readonly number[];
}

export interface Ipv6Fields {
  readonly src: string;
  readonly dst: string;
  /** 64 unless said. */
  readonly hopLimit?: number;
  readonly trafficClass?: number;
  readonly flowLabel?: number;
  readonly extensions?: readonly Ipv6Extension[];
  readonly protocol?: number;
  readonly version?: number;
  readonly payloadLength?: number;
}

export function ipv6(fields: Ipv6Fields, payload: Inner): NetworkPacket {
  const src = addressBytes(fields.src);
  const dst = addressBytes(fields.dst);
  const protocol = fields.protocol ?? innerProtocol(payload);
  const body = withChecksum(payload, [...src, ...dst], protocol);
  const extensions = fields.extensions ?? [];
  const chain = [...extensions.map((extension) => extension.protocol), protocol];
  const headers = concat(...extensions.map(({ rest }, i) => [chain[i + 1], ...rest]));
  const header = concat(
    be32(((fields.version ?? 6) << 28) | ((fields.trafficClass ?? 0) << 20) | (fields.flowLabel ?? 0)),
    be16(fields.payloadLength ?? headers.length + body.length),
    [chain[0], fields.hopLimit ?? 64],
    src,
    dst,
  );
  return { etherType: ETHERTYPE_IPV6, bytes: concat(header, headers, body) };
}

/** `ipv4` or `ipv6`, whichever the source address asks for. */
export function ip(
  fields: { readonly src: string; readonly dst: string; readonly ttl?: number; readonly id?: number } & Pick<
    Ipv4Fields,
    'df' | 'tos'
  >,
  payload: Inner,
): NetworkPacket {
  if (!fields.src.includes(':')) return ipv4(fields, payload);
  return ipv6({ src: fields.src, dst: fields.dst, hopLimit: fields.ttl, trafficClass: fields.tos }, payload);
}

/** Hop-by-hop or destination options holding only padding: 8 bytes with the next-header byte. */
export const PADDED_OPTIONS: readonly number[] = [0, 1, 4, 0, 0, 0, 0];

/** An IPv6 fragment header. `offset` in bytes, a multiple of 8. */
export function fragmentHeader(offset: number, more: boolean, id: number): Ipv6Extension {
  return { protocol: 44, rest: [0, ...be16(offset | (more ? 1 : 0)), ...be32(id)] };
}

/**
 * Cuts an IPv4 packet without options into fragments, or an IPv6 packet without extensions.
 * @param size payload bytes of each fragment but the last, a multiple of 8
 */
export function fragments(packet: NetworkPacket, size: number, id = 0x1234): NetworkPacket[] {
  const isIpv4 = packet.etherType === ETHERTYPE_IPV4;
  const headerLength = isIpv4 ? 20 : 40;
  const header = packet.bytes.slice(0, headerLength);
  const body = packet.bytes.subarray(headerLength);
  const out: NetworkPacket[] = [];
  for (let at = 0; at < body.length; at += size) {
    const piece = body.subarray(at, at + size);
    const more = at + size < body.length;
    const head = header.slice();
    if (isIpv4) {
      setBe16(head, 2, headerLength + piece.length);
      setBe16(head, 4, id);
      setBe16(head, 6, (more ? 0x2000 : 0) | (at >>> 3));
      setBe16(head, 10, 0);
      setBe16(head, 10, internetChecksum(head));
      out.push({ etherType: packet.etherType, bytes: concat(head, piece) });
    } else {
      const extension = fragmentHeader(at, more, id);
      const next = head[6];
      head[6] = extension.protocol;
      setBe16(head, 4, 8 + piece.length);
      out.push({ etherType: packet.etherType, bytes: concat(head, [next, ...extension.rest], piece) });
    }
  }
  return out;
}

function innerProtocol(payload: Inner): number {
  if (payload instanceof Uint8Array) return 253; // "for experimentation" (RFC 3692): the decoder opens nothing
  if ('protocol' in payload) return payload.protocol;
  return payload.etherType === ETHERTYPE_IPV6 ? 41 : 4;
}

function withChecksum(payload: Inner, addresses: readonly number[], protocol: number): Uint8Array {
  if (payload instanceof Uint8Array) return payload;
  if (!('checksumAt' in payload) || payload.checksumAt === undefined) return payload.bytes;
  const bytes = payload.bytes.slice();
  const pseudo =
    addresses.length === 8
      ? [...addresses, 0, protocol, ...be16(bytes.length)]
      : [...addresses, ...be32(bytes.length), 0, 0, 0, protocol];
  // ICMP over IPv4 has no pseudo header.
  const sum = protocol === 1 ? internetChecksum(bytes) : internetChecksum(pseudo, bytes);
  // UDP writes a sum of zero as all ones: zero means "no checksum" (RFC 768).
  setBe16(bytes, payload.checksumAt, protocol === 17 && sum === 0 ? 0xffff : sum);
  return bytes;
}
