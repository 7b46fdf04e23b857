/** The user plane of mobile networks: GTP-U (3GPP TS 29.281). */
import { TUNNEL_GTP } from './facts.ts';
import { LAYER_DONE, LAYER_ETHERNET, LAYER_IP, LAYER_PPP, NOT_RECOGNISED } from './layers.ts';
import { LIMITS } from '../limits.ts';
import type { Packet } from './packet.ts';
import { looksLikeFrame, looksLikeIp } from './plausible.ts';

// §5.1: version (3 bits), protocol type (1: GTP), a spare bit, E, S, PN; message type; length of what follows the first 8 bytes.
const LENGTH = 8;
const VERSION_AND_TYPE_MASK = 0xf0;
const VERSION_1_GTP = 0x30;
/** Any of E, S and PN: sequence number (2 bytes), N-PDU number, type of the next extension header are there. */
const OPTIONAL_MASK = 0x07;
const FLAG_EXTENSION = 0x04;
const OPTIONAL_LENGTH = 4;
const MESSAGE_G_PDU = 255;
const NO_EXTENSION = 0;
const PPP_ADDRESS_AND_CONTROL = 0xff03;

export function openGtp(packet: Packet): number {
  const { data, view, at, end, wireEnd } = packet;
  if (end - at < LENGTH) return end < wireEnd ? packet.refuseShort() : NOT_RECOGNISED;
  const flags = data[at];
  if ((flags & VERSION_AND_TYPE_MASK) !== VERSION_1_GTP) return NOT_RECOGNISED;
  if (at + LENGTH + view.getUint16(at + 2) > wireEnd) return NOT_RECOGNISED;
  // Other messages are between the tunnel's ends: echo, error indication, end marker.
  if (data[at + 1] !== MESSAGE_G_PDU) return LAYER_DONE;
  let innerAt = at + LENGTH;
  if ((flags & OPTIONAL_MASK) !== 0) {
    innerAt += OPTIONAL_LENGTH;
    if (innerAt > end) return packet.refuseShort();
    let type = (flags & FLAG_EXTENSION) !== 0 ? data[innerAt - 1] : NO_EXTENSION;
    // §5.2.1: length in words of 4 bytes, content, type of the next one.
    for (let count = 0; type !== NO_EXTENSION; count++) {
      if (innerAt >= end) return packet.refuseShort();
      const length = data[innerAt] << 2;
      if (count === LIMITS.maxExtensionHeaders) packet.limits.hit('maxExtensionHeaders');
      if (length === 0 || count === LIMITS.maxExtensionHeaders) return NOT_RECOGNISED;
      innerAt += length;
      if (innerAt > end) return packet.refuseShort();
      type = data[innerAt - 1];
    }
  }
  return open(packet, innerAt);
}

/** What a G-PDU holds is known to the tunnel's ends only: IP, PPP, or Ethernet since 5G. */
function open(packet: Packet, innerAt: number): number {
  const { view, at, end } = packet;
  if (looksLikeIp(packet, innerAt)) return packet.enterTunnel(innerAt - at, TUNNEL_GTP, LAYER_IP);
  if (end - innerAt >= 2 && view.getUint16(innerAt) === PPP_ADDRESS_AND_CONTROL) {
    return packet.enterTunnel(innerAt - at, TUNNEL_GTP, LAYER_PPP);
  }
  if (!looksLikeFrame(packet, innerAt)) return NOT_RECOGNISED;
  return packet.enterTunnel(innerAt - at, TUNNEL_GTP, LAYER_ETHERNET);
}
