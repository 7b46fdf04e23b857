/** The facts of a packet as an object with names, holding only the slots that mean something for its kind. */
import { Decoder } from '../../main/engine/decode/decoder.ts';
import * as f from '../../main/engine/decode/facts.ts';
import { notOpenedText } from '../../main/engine/files/not-opened.ts';
import { LimitCounter } from '../../main/engine/limits.ts';
import { DIRECTION_UNKNOWN } from '../../main/engine/read/sink.ts';
import { addressText, macText } from '../../shared/format/address.ts';

const KINDS = ['other', 'tcp', 'udp', 'icmp-error', 'ip', 'fragment', 'malformed'] as const;
const TUNNELS = [
  ...(['none', 'ipip', 'gre', 'vxlan', 'geneve', 'teredo', 'erspan', 'vxlan-gpe', 'gtp', 'l2tp'] as const),
  ...(['mpls', 'tzsp', 'ayiya', 'capwap', 'wccp', 'lisp', 'ethernet', 'nsh'] as const),
] as const;

export interface DecodedPacket {
  readonly kind: (typeof KINDS)[number];
  readonly defects: number;
  /** What could not be opened, as the warning words it. */
  readonly notOpened?: string;
  readonly mac: string;
  readonly vlan: number;
  readonly linkDirection: number;
  readonly ip?: {
    readonly src: string;
    readonly dst: string;
    readonly ttl: number;
    readonly id: number;
    readonly tos: number;
    readonly flags: number;
    readonly protocol: number;
  };
  readonly tunnel?: { readonly kind: (typeof TUNNELS)[number]; readonly src: string; readonly dst: string };
  readonly ports?: readonly [source: number, destination: number];
  readonly payload?: Uint8Array;
  readonly payloadLength?: number;
  readonly tcp?: {
    readonly seq: number;
    readonly ack: number;
    readonly flags: number;
    readonly window: number;
    readonly options: number;
    readonly style: number;
    readonly timestamps: readonly [number, number];
    readonly mss: number;
    readonly windowScale: number;
    readonly sack: readonly [blocks: number, left: number, right: number];
    readonly mptcpReset: number;
  };
  readonly icmp?: {
    readonly type: number;
    readonly code: number;
    readonly protocol: number;
    readonly src: string;
    readonly dst: string;
    readonly ports: readonly [source: number, destination: number];
    readonly seq: number;
    readonly ttl: number;
  };
}

/** What a decoder says of the packet it decoded last. */
export function decoded(decoder: Pick<Decoder, 'facts' | 'bytes'>): DecodedPacket {
  const { facts, bytes } = decoder;
  const family = facts[f.FAMILY];
  const kind = KINDS[facts[f.KIND]];
  const hasPorts = kind === 'tcp' || kind === 'udp';
  const address = (at: number) => addressText(facts, at, family);
  const payloadAt = facts[f.PAYLOAD_AT];
  return {
    kind,
    // That it came in fragments is no fault of the packet.
    defects: facts[f.DEFECTS] & ~f.DEFECT_FRAGMENTS,
    ...((facts[f.DEFECTS] & f.DEFECT_NOT_OPENED) !== 0 && { notOpened: notOpenedText(facts[f.NOT_OPENED]) }),
    mac: macText(facts[f.SRC_MAC_HIGH], facts[f.SRC_MAC_LOW]),
    vlan: facts[f.VLAN],
    linkDirection: facts[f.LINK_DIRECTION],
    ...(family !== 0 && {
      ip: {
        src: address(f.SRC0),
        dst: address(f.DST0),
        ttl: facts[f.TTL],
        id: facts[f.IP_ID],
        tos: facts[f.TOS],
        flags: facts[f.IP_FLAGS],
        protocol: facts[f.IP_PROTOCOL],
      },
    }),
    ...(facts[f.TUNNEL] !== f.TUNNEL_NONE && {
      tunnel: {
        kind: TUNNELS[facts[f.TUNNEL]],
        src: addressText(facts, f.OUTER_SRC0, facts[f.OUTER_FAMILY]),
        dst: addressText(facts, f.OUTER_DST0, facts[f.OUTER_FAMILY]),
      },
    }),
    ...(hasPorts && {
      ports: [facts[f.SRC_PORT], facts[f.DST_PORT]],
      payload: bytes.slice(payloadAt, payloadAt + facts[f.PAYLOAD_CAPTURED]),
      payloadLength: facts[f.PAYLOAD_LENGTH],
    }),
    ...(kind === 'tcp' && {
      tcp: {
        seq: facts[f.SEQ] >>> 0,
        ack: facts[f.ACK] >>> 0,
        flags: facts[f.FLAGS],
        window: facts[f.WINDOW],
        options: facts[f.OPTIONS],
        style: facts[f.OPTION_STYLE],
        timestamps: [facts[f.TS_VALUE] >>> 0, facts[f.TS_ECHO] >>> 0],
        mss: facts[f.MSS],
        windowScale: facts[f.WINDOW_SCALE],
        sack: [facts[f.SACK_BLOCKS], facts[f.SACK_LEFT] >>> 0, facts[f.SACK_RIGHT] >>> 0],
        mptcpReset: facts[f.MPTCP_RESET_REASON],
      },
    }),
    ...(kind === 'icmp-error' && {
      icmp: {
        type: facts[f.ICMP_TYPE],
        code: facts[f.ICMP_CODE],
        protocol: facts[f.EMBEDDED_PROTOCOL],
        src: address(f.EMBEDDED_SRC0),
        dst: address(f.EMBEDDED_DST0),
        ports: [facts[f.EMBEDDED_SRC_PORT], facts[f.EMBEDDED_DST_PORT]],
        seq: facts[f.EMBEDDED_SEQ] >>> 0,
        ttl: facts[f.EMBEDDED_TTL],
      },
    }),
  };
}

export interface DecodeOptions {
  /** LINKTYPE_, Ethernet unless said. */
  readonly linkType?: number;
  /** Bytes captured, all unless said; the wire length is that of the data. */
  readonly snap?: number;
  readonly wireLength?: number;
  readonly timeNs?: number;
}

/** Decodes with `decoder`, from the middle of a larger buffer. */
export function decodeWith(decoder: Decoder, data: Uint8Array, options: DecodeOptions = {}): DecodedPacket {
  const captured = Math.min(options.snap ?? data.length, data.length);
  const buffer = new Uint8Array(captured + 32).fill(0xff);
  buffer.set(data.subarray(0, captured), 16);
  const { linkType = 1, wireLength = data.length, timeNs = 0 } = options;
  decoder.decode(buffer, 16, captured, wireLength, linkType, timeNs);
  return decoded(decoder);
}

export function decode(data: Uint8Array, options: DecodeOptions = {}): DecodedPacket {
  return decodeWith(new Decoder(new LimitCounter()), data, options);
}

/** What is left of `expected` where no link layer tells a MAC address, a VLAN or a direction. */
export const NO_LINK = { mac: '', vlan: -1, linkDirection: DIRECTION_UNKNOWN } as const;
