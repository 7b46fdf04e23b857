/** TaZmen Sniffer Protocol: what a router or an access point mirrors to an analyser. There is no standard; this is what senders do. */
import { TUNNEL_TZSP } from './facts.ts';
import { LAYER_80211, LAYER_DONE, LAYER_ETHERNET, LAYER_LINK } from './layers.ts';
import { LIMITS } from '../limits.ts';
import type { Packet } from './packet.ts';

/** Version, type, encapsulated protocol (2 bytes). */
const LENGTH = 4;
const VERSION = 1;
const TYPE_RECEIVED = 0;
const TYPE_TO_BE_SENT = 1;

const TAG_PADDING = 0;
const TAG_END = 1;

const LINKTYPE_PRISM = 119;

/** The port is one that clients are given, too: what is no TZSP is no tunnel's loss. */
export function openTzsp(packet: Packet): number {
  const { data, view, end, wireEnd } = packet;
  let at = packet.at;
  if (end - at < LENGTH) return end < wireEnd ? packet.refuseShort() : LAYER_DONE;
  const layer = layerOf(view.getUint16(at + 2));
  const isPacket = data[at + 1] === TYPE_RECEIVED || data[at + 1] === TYPE_TO_BE_SENT;
  if (data[at] !== VERSION || !isPacket || layer === LAYER_DONE) return LAYER_DONE;
  at += LENGTH;
  for (let count = 0; count < LIMITS.maxTunnelTags; count++) {
    if (at >= end) return end < wireEnd ? packet.refuseShort() : LAYER_DONE;
    const tag = data[at++];
    if (tag === TAG_END) {
      if (layer === LAYER_LINK) packet.linkType = LINKTYPE_PRISM;
      return packet.enterTunnel(at - packet.at, TUNNEL_TZSP, layer);
    }
    if (tag === TAG_PADDING) continue;
    if (at >= end) return end < wireEnd ? packet.refuseShort() : LAYER_DONE;
    at += 1 + data[at];
  }
  packet.limits.hit('maxTunnelTags');
  return LAYER_DONE;
}

function layerOf(protocol: number): number {
  switch (protocol) {
    case 1:
      return LAYER_ETHERNET;
    case 18:
      return LAYER_80211;
    case 119: // Prism
    case 127: // AVS, which is told from it by its magic number
      return LAYER_LINK;
    default:
      return LAYER_DONE;
  }
}
