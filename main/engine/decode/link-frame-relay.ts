/** Frame relay, FRELAY (107): RFC 2427, and Cisco's own encapsulation. */
import { LAYER_DONE, LAYER_ETHERTYPE, LAYER_IPV4, LAYER_IPV6, LAYER_PPP, LAYER_SNAP } from './layers.ts';
import { isEtherTypeWithoutTcp, isOpenedEtherType } from './ethertypes.ts';
import { DEFECT_LENGTH } from './facts.ts';
import { NOT_OPENED_NLPID } from './not-opened.ts';
import type { Packet } from './packet.ts';

/** In each byte of the address: it is the last. */
const ADDRESS_END = 1;
const MAX_ADDRESS_LENGTH = 4;
const UNNUMBERED_INFORMATION = 0x03;
const PADDING = 0x00;

// Network layer protocol identifiers (ISO/IEC TR 9577).
const NLPID_Q933 = 0x08;
const NLPID_LMI = 0x09;
const NLPID_SNAP = 0x80;
const NLPID_CLNP = 0x81;
const NLPID_ES_IS = 0x82;
const NLPID_IS_IS = 0x83;
const NLPID_IPV6 = 0x8e;
const NLPID_IPV4 = 0xcc;
const NLPID_PPP = 0xcf;

export function decodeFrameRelay(packet: Packet): number {
  const { data, view, end } = packet;
  let at = packet.at;
  while (at < end && (data[at] & ADDRESS_END) === 0) at++;
  at++;
  if (at - packet.at > MAX_ADDRESS_LENGTH) return packet.refuseIp(DEFECT_LENGTH);
  if (end - at < 2) return packet.refuseShort();
  if (data[at] !== UNNUMBERED_INFORMATION) {
    const type = view.getUint16(at);
    if (!isOpenedEtherType(type) && !isEtherTypeWithoutTcp(type)) {
      return packet.notOpened(NOT_OPENED_NLPID, data[at]);
    }
    packet.etherType = type;
    packet.at = at + 2;
    return LAYER_ETHERTYPE;
  }
  at++;
  if (data[at] === PADDING) at++;
  if (at >= end) return packet.refuseShort();
  packet.at = at + 1;
  switch (data[at]) {
    case NLPID_IPV4:
      return LAYER_IPV4;
    case NLPID_IPV6:
      return LAYER_IPV6;
    case NLPID_SNAP:
      return LAYER_SNAP;
    case NLPID_PPP:
      return LAYER_PPP;
    case NLPID_Q933:
    case NLPID_LMI:
    case NLPID_CLNP:
    case NLPID_ES_IS:
    case NLPID_IS_IS:
      return LAYER_DONE;
    default:
      return packet.notOpened(NOT_OPENED_NLPID, data[at]);
  }
}
