/**
 * Tags between a frame's addresses and what it carries, beside the VLAN tag: those of switches, fabrics and provider networks.
 * `packet.etherType` says which; the tag follows it. Each ends in the ethertype of what follows, or a whole frame follows.
 */
import {
  ETHERTYPE_CISCO_METADATA,
  ETHERTYPE_E_TAG,
  ETHERTYPE_EDSA,
  ETHERTYPE_FABRICPATH,
  ETHERTYPE_HSR,
  ETHERTYPE_MACSEC,
  ETHERTYPE_NSH,
  ETHERTYPE_PROVIDER_BACKBONE,
  ETHERTYPE_REALTEK,
  ETHERTYPE_REDUNDANCY_TAG,
  ETHERTYPE_TRILL,
  ETHERTYPE_VN_TAG,
} from './ethertypes.ts';
import { LAYER_DONE, LAYER_DSA_TAG, LAYER_ETHERNET, LAYER_ETHERTYPE, LAYER_NSH } from './layers.ts';
import { NOT_OPENED_ETHERTYPE } from './not-opened.ts';
import type { Packet } from './packet.ts';

const ETHERTYPE_LENGTH = 2;

/** IEEE 802.1BR §7.5: priority and ingress channel (2 bytes), channel (2), their extensions (2). */
const E_TAG_LENGTH = 6;
/** Cisco's VN-Tag (once 802.1Qbh): direction, destination and source interface. */
const VN_TAG_LENGTH = 4;
/** IEC 62439-3 §5.3: path and size (2 bytes), sequence number (2). */
const HSR_LENGTH = 4;
/** IEEE 802.1CB §7.8: reserved (2 bytes), sequence number (2). */
const REDUNDANCY_TAG_LENGTH = 4;
/** IEEE 802.1Q §9.7: priority, flags and the service instance; the customer's whole frame follows. */
const BACKBONE_TAG_LENGTH = 4;
/** Cisco FabricPath: forwarding tag (10 bits) and TTL (6); the host's whole frame follows. */
const FABRICPATH_LENGTH = 2;
/** Linux' EDSA: two reserved bytes, then the tag of Marvell's switches. */
const EDSA_RESERVED_LENGTH = 2;

export function decodeFrameTag(packet: Packet): number {
  switch (packet.etherType) {
    case ETHERTYPE_CISCO_METADATA:
      return decodeCiscoMetadata(packet);
    case ETHERTYPE_E_TAG:
      return skipTag(packet, E_TAG_LENGTH);
    case ETHERTYPE_VN_TAG:
      return skipTag(packet, VN_TAG_LENGTH);
    case ETHERTYPE_HSR:
      return skipTag(packet, HSR_LENGTH);
    case ETHERTYPE_REDUNDANCY_TAG:
      return skipTag(packet, REDUNDANCY_TAG_LENGTH);
    case ETHERTYPE_MACSEC:
      return decodeMacsec(packet);
    case ETHERTYPE_REALTEK:
      return decodeRealtek(packet);
    case ETHERTYPE_PROVIDER_BACKBONE:
      return packet.enter(BACKBONE_TAG_LENGTH, LAYER_ETHERNET);
    case ETHERTYPE_FABRICPATH:
      return packet.enter(FABRICPATH_LENGTH, LAYER_ETHERNET);
    case ETHERTYPE_TRILL:
      return decodeTrill(packet);
    case ETHERTYPE_EDSA:
      return packet.enter(EDSA_RESERVED_LENGTH, LAYER_DSA_TAG);
    case ETHERTYPE_NSH:
      return packet.descend() ? LAYER_NSH : LAYER_DONE;
    default:
      return LAYER_DONE;
  }
}

/** Skips a tag of that many bytes, behind which an ethertype stands. */
function skipTag(packet: Packet, length: number): number {
  const { view, at } = packet;
  const layer = packet.enter(length + ETHERTYPE_LENGTH, LAYER_ETHERTYPE);
  if (layer !== LAYER_DONE) packet.etherType = view.getUint16(at + length);
  return layer;
}

const METADATA_VERSION = 1;

/** Cisco MetaData (TrustSec): version, length of the options in words of 4 bytes, the options; among them the group of the sender. */
function decodeCiscoMetadata(packet: Packet): number {
  const { data, at } = packet;
  if (packet.end - at < 2) return packet.refuseShort();
  if (data[at] !== METADATA_VERSION) return packet.notOpened(NOT_OPENED_ETHERTYPE, packet.etherType);
  return skipTag(packet, 2 + (data[at + 1] << 2));
}

// IEEE 802.1AE §9.3: flags, short length, packet number (4 bytes), the channel's identifier (8) where the flag says so.
const MACSEC_LENGTH = 6;
const MACSEC_CHANNEL_LENGTH = 8;
const MACSEC_HAS_CHANNEL = 0x20;
/** Encrypted, or changed in another way: what follows is no plain text. */
const MACSEC_NOT_PLAIN = 0x0c;

function decodeMacsec(packet: Packet): number {
  const { data, at } = packet;
  if (packet.end - at < MACSEC_LENGTH) return packet.refuseShort();
  if ((data[at] & MACSEC_NOT_PLAIN) !== 0) {
    return packet.notOpened(NOT_OPENED_ETHERTYPE, packet.etherType, true);
  }
  return skipTag(packet, MACSEC_LENGTH + ((data[at] & MACSEC_HAS_CHANNEL) !== 0 ? MACSEC_CHANNEL_LENGTH : 0));
}

// RFC 6325 §3: version (2 bits), reserved (2), multi-destination (1), length of options in words (5), hop count (6); two nicknames.
const TRILL_LENGTH = 6;

function decodeTrill(packet: Packet): number {
  const { view, at } = packet;
  if (packet.end - at < TRILL_LENGTH) return packet.refuseShort();
  const optionsLength = ((view.getUint16(at) >>> 6) & 0x1f) << 2;
  return packet.enter(TRILL_LENGTH + optionsLength, LAYER_ETHERNET);
}

// Linux, net/dsa/tag_rtl4_a.c and tag_rtl8_4.c: the tags of Realtek's switches, by the protocol that follows the ethertype. The
// others are messages of switches among themselves (RRCP, loop detection).
const REALTEK_4_PROTOCOL = 0xa;
const REALTEK_4_LENGTH = 2;
const REALTEK_8_PROTOCOL = 0x04;
const REALTEK_8_LENGTH = 6;

function decodeRealtek(packet: Packet): number {
  const { data, at } = packet;
  if (packet.end - at < 1) return packet.refuseShort();
  if (data[at] >>> 4 === REALTEK_4_PROTOCOL) return skipTag(packet, REALTEK_4_LENGTH);
  return data[at] === REALTEK_8_PROTOCOL ? skipTag(packet, REALTEK_8_LENGTH) : LAYER_DONE;
}
