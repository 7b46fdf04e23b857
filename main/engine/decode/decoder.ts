/**
 * The decoder: one pass over a packet's headers, leaving its facts in one Int32Array (see facts.ts). Nothing is
 * allocated per packet; nothing is read outside the packet's bytes; no bytes can make it throw or run on.
 */
import type { LimitCounter } from '../limits.ts';
import { decodeExtensions } from './extensions.ts';
import type { Facts } from './facts.ts';
import { decodeFrameTag } from './frame-tags.ts';
import { decodeGre } from './gre.ts';
import { decodeIcmp, decodeIcmpv6 } from './icmp.ts';
import { decodeIpv4 } from './ipv4.ts';
import { decodeIpv6 } from './ipv6.ts';
import { decode80211, decode80211Swapped } from './link-80211.ts';
import { decodeEthernet, decodeEtherType } from './link-ethernet.ts';
import { decodeFrameRelay } from './link-frame-relay.ts';
import { decodeHdlc, decodePpp, decodePppoe } from './link-ppp.ts';
import { decodeIp } from './link-raw.ts';
import { decodeDsaTag } from './link-switch.ts';
import { type DecodeLink, decodeWrappedLink, linkDecoder } from './link-types.ts';
import { decodeLlc, decodeSnap } from './llc.ts';
import { decodeMpls } from './mpls.ts';
import * as layers from './layers.ts';
import { decodeNsh } from './nsh.ts';
import { Packet } from './packet.ts';
import { decodeProtocol } from './protocol.ts';
import { decodeTcp } from './tcp.ts';
import { decodeL2tpOverIp } from './tunnel-l2tp.ts';
import { decodeTeredo } from './tunnel-teredo.ts';
import { decodeUdp } from './udp.ts';
import { decodeUdpTunnel } from './udp-tunnels.ts';

export { isSupportedLinkType, linkTypeName } from './link-types.ts';

export class Decoder {
  /** The facts of the packet last decoded; may be set to where the next packet's shall go. */
  facts: Facts;
  /** What PAYLOAD_AT is an index of: the buffer given to `decode`, or a reassembled datagram until the next call. */
  bytes: Uint8Array = new Uint8Array(0);
  readonly #packet: Packet;
  #linkType = -1;
  #decodeLink: DecodeLink = linkDecoder(-1);

  constructor(limits: LimitCounter) {
    this.#packet = new Packet(limits);
    this.facts = this.#packet.facts;
  }

  /** Of the options of the TCP segment last decoded, see optionsDigest; what it says of other packets means nothing. */
  get optionDigest(): number {
    return this.#packet.optionDigest;
  }

  /**
   * Decodes `data[start, start + capturedLength)`.
   * @param wireLength bytes it had on the wire
   * @param linkType LINKTYPE_ value
   * @param timeNs nanoseconds since any epoch; only differences matter, for the reassembly of fragments
   */
  decode(
    data: Uint8Array,
    start: number,
    capturedLength: number,
    wireLength: number,
    linkType: number,
    timeNs: number,
  ): void {
    const packet = this.#packet;
    packet.facts = this.facts;
    packet.linkType = linkType;
    packet.begin(data, start, capturedLength, wireLength, timeNs);
    if (linkType !== this.#linkType) {
      this.#linkType = linkType;
      this.#decodeLink = linkDecoder(linkType);
    }
    const decodeLink = this.#decodeLink;
    // The common path is called by name, so that it can be compiled into this function.
    let layer = decodeLink === decodeEthernet ? decodeEthernet(packet) : decodeLink(packet);
    if (layer === layers.LAYER_IPV4) layer = decodeIpv4(packet);
    if (layer === layers.LAYER_TCP) layer = decodeTcp(packet);
    // Ends: each layer moves `at` forward or hands on to one that does; a reassembled datagram, which starts
    // anew, counts as an encapsulation.
    while (layer !== layers.LAYER_DONE) layer = decodeLayer(packet, layer);
    this.bytes = packet.data;
  }
}

export function decodeLayer(packet: Packet, layer: number): number {
  switch (layer) {
    case layers.LAYER_IPV4:
      return decodeIpv4(packet);
    case layers.LAYER_IPV6:
      return decodeIpv6(packet);
    case layers.LAYER_TCP:
      return decodeTcp(packet);
    case layers.LAYER_UDP:
      return decodeUdp(packet);
    case layers.LAYER_ETHERNET:
      return decodeEthernet(packet);
    case layers.LAYER_ETHERTYPE:
      return decodeEtherType(packet);
    case layers.LAYER_IP_PROTOCOL:
      return decodeProtocol(packet);
    case layers.LAYER_IP:
      return decodeIp(packet);
    case layers.LAYER_LLC:
      return decodeLlc(packet);
    case layers.LAYER_MPLS:
      return decodeMpls(packet);
    case layers.LAYER_PPP:
      return decodePpp(packet);
    case layers.LAYER_PPPOE:
      return decodePppoe(packet);
    case layers.LAYER_GRE:
      return decodeGre(packet);
    case layers.LAYER_ICMP:
      return decodeIcmp(packet);
    case layers.LAYER_ICMPV6:
      return decodeIcmpv6(packet);
    case layers.LAYER_EXTENSIONS:
      return decodeExtensions(packet);
    case layers.LAYER_UDP_TUNNEL:
      return decodeUdpTunnel(packet);
    case layers.LAYER_TEREDO:
      return decodeTeredo(packet);
    case layers.LAYER_80211:
      return decode80211(packet);
    case layers.LAYER_80211_SWAPPED:
      return decode80211Swapped(packet);
    case layers.LAYER_FRAME_TAG:
      return decodeFrameTag(packet);
    case layers.LAYER_NSH:
      return decodeNsh(packet);
    case layers.LAYER_L2TP_OVER_IP:
      return decodeL2tpOverIp(packet);
    case layers.LAYER_DSA_TAG:
      return decodeDsaTag(packet);
    case layers.LAYER_LINK:
      return decodeWrappedLink(packet);
    case layers.LAYER_FRAME_RELAY:
      return decodeFrameRelay(packet);
    case layers.LAYER_HDLC:
      return decodeHdlc(packet);
    case layers.LAYER_SNAP:
      return decodeSnap(packet);
    default:
      return layers.LAYER_DONE;
  }
}
