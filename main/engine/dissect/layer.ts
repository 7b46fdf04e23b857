/** Which dissector says what stands in a layer: the decoder's layers, by their numbers. */
import {
  ETHERTYPE_ARP,
  ETHERTYPE_OLD_QINQ,
  ETHERTYPE_OLD_QINQ_2,
  ETHERTYPE_OLD_QINQ_3,
  ETHERTYPE_PROVIDER_VLAN,
  ETHERTYPE_VLAN,
  isOpenedEtherType,
  MAX_802_3_LENGTH,
} from '../decode/ethertypes.ts';
import { DEFECT_NOT_OPENED, DEFECTS, FAMILY, KIND, KIND_FRAGMENT, NOT_OPENED } from '../decode/facts.ts';
import { PROTOCOL_ESP, PROTOCOL_ETHERIP } from '../decode/ip-protocols.ts';
import * as layers from '../decode/layers.ts';
import { linkTypeName } from '../decode/link-types.ts';
import { isEncrypted } from '../decode/not-opened.ts';
import { dissectArp } from './arp.ts';
import { dissectSll, dissectSll2 } from './cooked.ts';
import { dissectEthernet, dissectLlc, dissectVlan } from './ethernet.ts';
import { dissectIcmp, dissectIcmpv6 } from './icmp.ts';
import { dissectIpv4 } from './ipv4.ts';
import { dissectExtensions, dissectIpv6 } from './ipv6.ts';
import {
  dissectMpls,
  dissectNull,
  dissectPpp,
  dissectPppoe,
  dissectRadiotap,
  dissectRaw,
  dissectWlan,
} from './links.ts';
import type { Step } from './step.ts';
import { dissectTcp } from './tcp.ts';
import { dissectEsp, dissectGre, dissectNsh, dissectTeredo, dissectUdpTunnel } from './tunnels.ts';
import { dissectUdp } from './udp.ts';

export function dissectLayer(step: Step): void {
  const { sink, protocols, from, to, end } = step;
  switch (step.layer) {
    case layers.LAYER_LINK:
      dissectLink(step);
      break;
    case layers.LAYER_ETHERNET:
      dissectEthernet(step);
      break;
    case layers.LAYER_ETHERTYPE:
      dissectEtherType(step);
      break;
    case layers.LAYER_IPV4:
      protocols.push('ip');
      dissectIpv4(sink, from, end, step.wireEnd);
      noteFragment(step);
      break;
    case layers.LAYER_IPV6:
      protocols.push('ipv6');
      dissectIpv6(sink, from, end);
      break;
    case layers.LAYER_EXTENSIONS:
      dissectExtensions(sink, from, end, step.protocol, protocols);
      noteFragment(step);
      break;
    case layers.LAYER_IP_PROTOCOL:
      dissectProtocol(step);
      break;
    case layers.LAYER_TCP:
      dissectTcp(step);
      break;
    case layers.LAYER_UDP:
      dissectUdp(step);
      break;
    case layers.LAYER_ICMP:
      dissectIcmp(step);
      break;
    case layers.LAYER_ICMPV6:
      dissectIcmpv6(step);
      break;
    case layers.LAYER_LLC:
      dissectLlc(step);
      break;
    case layers.LAYER_MPLS:
      dissectMpls(step);
      break;
    case layers.LAYER_PPP:
      dissectPpp(step);
      break;
    case layers.LAYER_PPPOE:
      dissectPppoe(step);
      break;
    case layers.LAYER_GRE:
      dissectGre(step);
      break;
    case layers.LAYER_UDP_TUNNEL:
      dissectUdpTunnel(step);
      break;
    case layers.LAYER_TEREDO:
      dissectTeredo(step);
      break;
    case layers.LAYER_NSH:
      dissectNsh(step);
      break;
    case layers.LAYER_L2TP_OVER_IP:
      dissectUdpTunnel(step);
      break;
    case layers.LAYER_80211:
      dissectWlan(step, from);
      break;
    case layers.LAYER_HDLC:
      if (to > from) sink.text('Cisco HDLC header', from, to);
      break;
    case layers.LAYER_FRAME_RELAY:
      if (to > from) sink.text('Frame relay header', from, to);
      break;
    case layers.LAYER_FRAME_TAG:
    case layers.LAYER_DSA_TAG:
      if (to > from) sink.text('Tag of a switch', from, to);
      break;
  }
  noteUnopened(step);
}

const ETHERNET = 1;

function dissectLink(step: Step): void {
  const { sink, from, to, linkType, next } = step;
  switch (linkType) {
    case ETHERNET:
      dissectEthernet(step);
      return;
    case 0:
    case 108:
      dissectNull(step);
      return;
    case 12:
    case 14:
    case 101:
    case 228:
    case 229:
      dissectRaw(step);
      if (linkType === 228) dissectIpv4(sink, from, step.end, step.wireEnd);
      if (linkType === 229) dissectIpv6(sink, from, step.end);
      return;
    case 9:
    case 50:
      // Whatever is no Cisco HDLC is taken apart as PPP, the next step.
      if (next !== layers.LAYER_PPP && to > from) sink.text('Cisco HDLC header', from, to);
      return;
    case 51:
      dissectPppoe(step);
      return;
    case 105:
      dissectWlan(step, from);
      return;
    case 127:
      dissectWlan(step, dissectRadiotap(step));
      return;
    case 113:
      dissectSll(step);
      return;
    case 276:
      dissectSll2(step);
      return;
    case 219:
      dissectMpls(step);
      return;
    default:
      if (to > from) sink.text(`Header of link type ${linkTypeName(linkType)}`, from, to);
  }
}

function dissectEtherType(step: Step): void {
  const { sink, from, end } = step;
  switch (step.etherType) {
    case ETHERTYPE_VLAN:
    case ETHERTYPE_PROVIDER_VLAN:
    case ETHERTYPE_OLD_QINQ:
    case ETHERTYPE_OLD_QINQ_2:
    case ETHERTYPE_OLD_QINQ_3:
      dissectVlan(step);
      return;
    case ETHERTYPE_ARP:
      dissectArp(step);
      return;
  }
  const isOther = step.next === layers.LAYER_DONE && step.etherType > MAX_802_3_LENGTH;
  if (isOther && !isOpenedEtherType(step.etherType) && from < end) sink.text('Data', from, end);
}

function dissectProtocol(step: Step): void {
  const { sink, protocols, from, end, to, protocol, next } = step;
  if (protocol === PROTOCOL_ESP) {
    dissectEsp(step);
  } else if (protocol === PROTOCOL_ETHERIP && to > from) {
    protocols.push('etherip');
    if (!sink.wants('etherip')) return;
    sink.open('etherip', from, to);
    sink.close();
  } else if (next === layers.LAYER_DONE && from < end) {
    const isDispatched = step.packet.facts[FAMILY] !== 0 && (protocol === 1 || protocol === 58);
    if (!isDispatched) sink.text(`Data of IP protocol ${protocol}`, from, end);
  }
}

/** A fragment that waits for others, or the one that completes its datagram. */
function noteFragment({ sink, packet, from, end }: Step): void {
  if (packet.data !== sink.data) {
    sink.note(
      'note',
      'This fragment completes its datagram: what follows was put together out of all of them.',
      from,
      end,
    );
  } else if (packet.facts[KIND] === KIND_FRAGMENT) {
    sink.text('Fragment of a datagram', packet.at, packet.end);
  }
}

function noteUnopened({ sink, packet, to, end, next }: Step): void {
  const { facts } = packet;
  if (next !== layers.LAYER_DONE || (facts[DEFECTS] & DEFECT_NOT_OPENED) === 0) return;
  const text = isEncrypted(facts[NOT_OPENED])
    ? 'Encrypted: what is inside cannot be read here.'
    : 'Not opened: Resetscope does not know this protocol; other packets may be inside.';
  sink.note('note', text, Math.min(to, end), end);
}

/** Ethernet's shortest frame without its check sequence, and the sequence's length. */
const SHORTEST_FRAME = 60;
const CHECK_SEQUENCE = 4;

/** What lies behind the packet in its frame: zeros up to the shortest frame, a check sequence, or what a switch put there. */
export function dissectTrailer({ sink, packet, frame }: Step): void {
  const end = frame.start + frame.capturedLength;
  const isEthernet = frame.linkType === ETHERNET;
  if (!isEthernet || packet.facts[FAMILY] === 0 || packet.end >= end || !sink.wants('eth')) return;
  let at = packet.end;
  // Zeros to the very end are padding, too: switches fill frames up that have lost a tag.
  const isZero = sink.data.subarray(at, end).every((byte) => byte === 0);
  const paddingEnd = isZero ? end : Math.min(end, frame.start + SHORTEST_FRAME);
  if (paddingEnd > at && sink.data.subarray(at, paddingEnd).every((byte) => byte === 0)) {
    sink.bytes('eth.padding', at, paddingEnd);
    at = paddingEnd;
  }
  if (at >= end) return;
  // A frame of the shortest length that has more behind it was captured with its check sequence.
  const hasCheckSequence = end - at >= CHECK_SEQUENCE && end - frame.start >= SHORTEST_FRAME + CHECK_SEQUENCE;
  const trailerEnd = hasCheckSequence ? end - CHECK_SEQUENCE : end;
  if (trailerEnd > at) sink.bytes('eth.trailer', at, trailerEnd);
  if (hasCheckSequence) sink.text('Frame check sequence', trailerEnd, end);
}
