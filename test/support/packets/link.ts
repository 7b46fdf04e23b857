/** Link layers: each takes a network packet and gives the bytes that a capture of that link type holds. */
import { be16, be32, concat, le16, le32, macBytes, type NetworkPacket } from './bytes.ts';

export interface EthernetFields {
  readonly src?: string;
  readonly dst?: string;
  /** VLAN ids from the outside in; each an 802.1Q tag, or give the tag's ethertype too. */
  readonly vlan?: number | readonly (number | readonly [etherType: number, id: number])[];
  /** Overrides what the payload says. */
  readonly etherType?: number;
  /** Pads with zeros up to this many bytes: 60 on a real wire. */
  readonly padTo?: number;
}

export const CLIENT_MAC = '02:00:00:00:00:01';
export const SERVER_MAC = '02:00:00:00:00:02';

export function ethernet(
  fields: EthernetFields,
  payload: NetworkPacket | Uint8Array,
): Uint8Array<ArrayBuffer> {
  const { vlan = [] } = fields;
  const tags = (typeof vlan === 'number' ? [vlan] : vlan).flatMap((tag) => {
    const [etherType, id] = typeof tag === 'number' ? [0x8100, tag] : tag;
    return [...be16(etherType), ...be16(id)];
  });
  const frame = concat(
    macBytes(fields.dst ?? SERVER_MAC),
    macBytes(fields.src ?? CLIENT_MAC),
    tags,
    be16(fields.etherType ?? typeOf(payload)),
    bytesOf(payload),
  );
  return frame.length >= (fields.padTo ?? 0)
    ? frame
    : concat(frame, new Uint8Array(fields.padTo! - frame.length));
}

/** An 802.3 frame: a length where the ethertype would be, then LLC and SNAP. */
export function ethernetSnap(fields: EthernetFields, payload: NetworkPacket): Uint8Array<ArrayBuffer> {
  const body = snap(payload);
  return ethernet({ ...fields, etherType: body.length }, body);
}

/** LLC (AA AA 03), a zero organisation and the ethertype (RFC 1042). */
export function snap(payload: NetworkPacket): Uint8Array<ArrayBuffer> {
  return concat([0xaa, 0xaa, 3, 0, 0, 0], be16(payload.etherType), payload.bytes);
}

/** Packet types of Linux "cooked" captures. */
export const SLL_TO_US = 0;
export const SLL_BROADCAST = 1;
export const SLL_TO_OTHER = 3;
export const SLL_FROM_US = 4;

export interface SllFields {
  /** SLL_*; to us unless said. */
  readonly packetType?: number;
  readonly src?: string;
  readonly etherType?: number;
  /** ARPHRD_: 1 Ethernet unless said, 772 loopback, 65534 none. */
  readonly hardwareType?: number;
}

/** LINKTYPE_LINUX_SLL, 113. */
export function sll(fields: SllFields, payload: NetworkPacket | Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(
    be16(fields.packetType ?? SLL_TO_US),
    be16(fields.hardwareType ?? 1),
    be16(6),
    macBytes(fields.src ?? CLIENT_MAC),
    [0, 0],
    be16(fields.etherType ?? typeOf(payload)),
    bytesOf(payload),
  );
}

/** LINKTYPE_LINUX_SLL2, 276. */
export function sll2(
  fields: SllFields & { readonly interfaceIndex?: number },
  payload: NetworkPacket | Uint8Array,
): Uint8Array<ArrayBuffer> {
  return concat(
    be16(fields.etherType ?? typeOf(payload)),
    [0, 0],
    be32(fields.interfaceIndex ?? 2),
    be16(fields.hardwareType ?? 1),
    [fields.packetType ?? SLL_TO_US, 6],
    macBytes(fields.src ?? CLIENT_MAC),
    [0, 0],
    bytesOf(payload),
  );
}

/** LINKTYPE_NULL, 0 (host byte order: little unless said) or LINKTYPE_LOOP, 108 (always big). */
export function nullLink(
  payload: NetworkPacket,
  bigEndian = false,
  family?: number,
): Uint8Array<ArrayBuffer> {
  const value = family ?? (payload.etherType === 0x86dd ? 30 : 2);
  return concat(bigEndian ? be32(value) : le32(value), payload.bytes);
}

/** LINKTYPE_PPP, 9; with `hdlc` LINKTYPE_PPP_HDLC, 50. */
export function ppp(payload: NetworkPacket, hdlc = false): Uint8Array<ArrayBuffer> {
  return concat(hdlc ? [0xff, 3] : [], be16(pppProtocol(payload)), payload.bytes);
}

/** A PPPoE session (ethertype 0x8864) for `ethernet`. */
export function pppoe(payload: NetworkPacket, session = 1): NetworkPacket {
  const inner = ppp(payload);
  return { etherType: 0x8864, bytes: concat([0x11, 0], be16(session), be16(inner.length), inner) };
}

/** An MPLS label stack (ethertype 0x8847) for `ethernet`; the last label closes the stack. */
export function mpls(labels: readonly number[], payload: NetworkPacket | Uint8Array): NetworkPacket {
  const stack = labels.flatMap((label, i) =>
    be32(((label << 12) | (i === labels.length - 1 ? 0x100 : 0) | 64) >>> 0),
  );
  return { etherType: 0x8847, bytes: concat(stack, bytesOf(payload)) };
}

export interface WlanFields {
  readonly toDs?: boolean;
  readonly fromDs?: boolean;
  /** A QoS data frame (subtype 8). */
  readonly qos?: boolean;
  readonly protected?: boolean;
  /** Address 2, the transmitter. */
  readonly src?: string;
  /** Frame control word, for other frames than data. */
  readonly frameControl?: number;
  /** An HT control field follows (order bit in a QoS frame). */
  readonly htControl?: boolean;
  /** The payload is the first subframe of an A-MSDU. */
  readonly amsdu?: boolean;
}

/** LINKTYPE_IEEE802_11, 105: a data frame with LLC and SNAP. */
export function wlan(fields: WlanFields, payload: NetworkPacket): Uint8Array<ArrayBuffer> {
  const src = macBytes(fields.src ?? CLIENT_MAC);
  const control =
    fields.frameControl ??
    0x0008 |
      (fields.qos ? 0x0080 : 0) |
      (fields.toDs ? 0x0100 : 0) |
      (fields.fromDs ? 0x0200 : 0) |
      (fields.protected ? 0x4000 : 0) |
      (fields.htControl ? 0x8000 : 0);
  const dst = macBytes(SERVER_MAC);
  const body = snap(payload);
  return concat(
    le16(control),
    [0, 0],
    dst,
    src,
    // Address 3 is the source where the frame leaves the distribution system.
    fields.fromDs && !fields.toDs ? src : dst,
    [0, 0],
    fields.toDs && fields.fromDs ? src : [],
    fields.qos ? [fields.amsdu ? 0x80 : 0, 0] : [],
    fields.htControl ? [0, 0, 0, 0] : [],
    fields.amsdu ? concat(dst, src, be16(body.length), body) : body,
  );
}

/** LINKTYPE_IEEE802_11_RADIOTAP, 127, around a frame of `wlan`; `flags` is the radiotap flags field. */
export function radiotap(frame: Uint8Array, flags = 0): Uint8Array<ArrayBuffer> {
  return concat([0, 0], le16(9), le32(0x0000_0002), [flags], frame);
}

function pppProtocol(payload: NetworkPacket): number {
  if (payload.etherType === 0x0800) return 0x0021;
  if (payload.etherType === 0x86dd) return 0x0057;
  if (payload.etherType === 0x8847) return 0x0281;
  throw new Error(`no PPP protocol for ethertype ${payload.etherType}`);
}

function typeOf(payload: NetworkPacket | Uint8Array): number {
  return payload instanceof Uint8Array ? 0x88b5 : payload.etherType; // 88B5: local experiments
}

function bytesOf(payload: NetworkPacket | Uint8Array): Uint8Array {
  return payload instanceof Uint8Array ? payload : payload.bytes;
}
