/** The data channel between access point and controller: CAPWAP (RFC 5415, RFC 5416). */
import { TUNNEL_CAPWAP } from './facts.ts';
import { LAYER_80211, LAYER_80211_SWAPPED, LAYER_DONE, LAYER_ETHERNET, NOT_RECOGNISED } from './layers.ts';
import { NOT_OPENED_UDP_PORT } from './not-opened.ts';
import type { Packet } from './packet.ts';
import { looksLikeFrame } from './plausible.ts';

// RFC 5415 §4.3: version (4 bits), type (4); header length in words of 4 bytes (5), radio (5), kind of wireless network (5),
// flags T, F, L, W, M, K.
const LENGTH = 8;
const PREAMBLE_HEADER = 0x00;
const PREAMBLE_DTLS = 0x01;
const NATIVE = 0x01;
const FLAG_FRAGMENT = 0x80;
const FLAG_KEEP_ALIVE = 0x08;
const WIRELESS_IEEE_802_11 = 1;

// IEEE 802.11 frame control: version (2 bits), type (2), subtype (4).
const FRAME_VERSION_AND_TYPE_MASK = 0x0f;
const FRAME_DATA = 0x08;

export function openCapwap(packet: Packet): number {
  const { data, at, end } = packet;
  if (at < end && data[at] === PREAMBLE_DTLS) {
    return packet.notOpened(NOT_OPENED_UDP_PORT, packet.tunnelPort, true);
  }
  if (end - at < LENGTH) return end < packet.wireEnd ? packet.refuseShort() : NOT_RECOGNISED;
  const length = (data[at + 1] >>> 3) << 2;
  if (data[at] !== PREAMBLE_HEADER || length < LENGTH) return NOT_RECOGNISED;
  const flags = data[at + 3];
  if ((flags & FLAG_KEEP_ALIVE) !== 0) return LAYER_DONE;
  if ((flags & FLAG_FRAGMENT) !== 0) return NOT_RECOGNISED;
  const innerAt = at + length;
  if ((data[at + 2] & NATIVE) === 0) {
    if (!looksLikeFrame(packet, innerAt)) return NOT_RECOGNISED;
    return packet.enterTunnel(length, TUNNEL_CAPWAP, LAYER_ETHERNET);
  }
  if (((data[at + 2] >>> 1) & 0x1f) !== WIRELESS_IEEE_802_11) return NOT_RECOGNISED;
  if (end - innerAt < 2) return packet.refuseShort();
  // Cisco's access points send the two bytes of the frame control in the other order.
  const isSwapped =
    (data[innerAt] & FRAME_VERSION_AND_TYPE_MASK) !== FRAME_DATA &&
    (data[innerAt + 1] & FRAME_VERSION_AND_TYPE_MASK) === FRAME_DATA;
  return packet.enterTunnel(length, TUNNEL_CAPWAP, isSwapped ? LAYER_80211_SWAPPED : LAYER_80211);
}
