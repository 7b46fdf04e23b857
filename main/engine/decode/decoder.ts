/**
 * The decoder: one pass over a packet's headers, leaving its facts in one Int32Array (see facts.ts). Nothing is
 * allocated per packet; nothing is read outside the packet's bytes; no bytes can make it throw or run on.
 */
import type { LimitCounter } from '../limits.ts';
import { decodeExtensions } from './extensions.ts';
import type { Facts } from './facts.ts';
import { decodeGre } from './gre.ts';
import { decodeIcmp, decodeIcmpv6 } from './icmp.ts';
import { decodeIpv4 } from './ipv4.ts';
import { decodeIpv6 } from './ipv6.ts';
import { decode80211 } from './link-80211.ts';
import { decodeEthernet, decodeEtherType } from './link-ethernet.ts';
import { decodePpp, decodePppoe } from './link-ppp.ts';
import { decodeIp } from './link-raw.ts';
import { type DecodeLink, linkDecoder } from './link-types.ts';
import { decodeLlc } from './llc.ts';
import { decodeMpls } from './mpls.ts';
import * as layers from './layers.ts';
import { Packet } from './packet.ts';
import { decodeProtocol } from './protocol.ts';
import { decodeTcp } from './tcp.ts';
import { decodeGeneve, decodeTeredo, decodeVxlan } from './tunnels.ts';
import { decodeUdp } from './udp.ts';

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

function decodeLayer(packet: Packet, layer: number): number {
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
    case layers.LAYER_VXLAN:
      return decodeVxlan(packet);
    case layers.LAYER_GENEVE:
      return decodeGeneve(packet);
    case layers.LAYER_TEREDO:
      return decodeTeredo(packet);
    case layers.LAYER_80211:
      return decode80211(packet);
    default:
      return layers.LAYER_DONE;
  }
}
