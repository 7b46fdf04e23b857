/** IPv6 (RFC 8200). Extension headers are walked in extensions.ts. */
import {
  DEFECTS,
  DEFECT_LENGTH,
  DST0,
  DST1,
  DST2,
  DST3,
  FAMILY,
  IP_FLAGS,
  IP_ID,
  LONG_ADDRESSES,
  IP_PROTOCOL,
  SRC0,
  SRC1,
  SRC2,
  SRC3,
  TOS,
  TTL,
} from './facts.ts';
import { PROTOCOL_TCP } from './ip-protocols.ts';
import { LAYER_IP_PROTOCOL, LAYER_TCP } from './layers.ts';
import type { Packet } from './packet.ts';

const PAYLOAD_LENGTH_FIELD = 4;
const NEXT_HEADER = 6;
const HOP_LIMIT = 7;
const SOURCE = 8;
const DESTINATION = 24;
const HEADER_LENGTH = 40;

export function decodeIpv6(packet: Packet): number {
  const { data, view, at, facts } = packet;
  if (packet.end - at < HEADER_LENGTH) return packet.refuseShort();
  if (data[at] >>> 4 !== 6) return packet.refuseIp(DEFECT_LENGTH);
  const payloadLength = view.getUint16(at + PAYLOAD_LENGTH_FIELD);
  // Zero: a jumbogram (RFC 2675), or handed to the network card whole (TSO): the frame tells the length.
  if (payloadLength !== 0) {
    const wireEnd = at + HEADER_LENGTH + payloadLength;
    if (wireEnd > packet.wireEnd) facts[DEFECTS] |= DEFECT_LENGTH;
    packet.wireEnd = wireEnd;
    if (wireEnd < packet.end) packet.end = wireEnd;
  }

  packet.acceptIp();
  facts[FAMILY] = 6;
  facts[LONG_ADDRESSES] = 1;
  facts[SRC0] = view.getInt32(at + SOURCE);
  facts[SRC1] = view.getInt32(at + SOURCE + 4);
  facts[SRC2] = view.getInt32(at + SOURCE + 8);
  facts[SRC3] = view.getInt32(at + SOURCE + 12);
  facts[DST0] = view.getInt32(at + DESTINATION);
  facts[DST1] = view.getInt32(at + DESTINATION + 4);
  facts[DST2] = view.getInt32(at + DESTINATION + 8);
  facts[DST3] = view.getInt32(at + DESTINATION + 12);
  facts[TTL] = data[at + HOP_LIMIT];
  facts[TOS] = (view.getUint16(at) >>> 4) & 0xff;
  facts[IP_ID] = -1;
  facts[IP_FLAGS] = 0;
  const protocol = data[at + NEXT_HEADER];
  facts[IP_PROTOCOL] = protocol;
  packet.at = at + HEADER_LENGTH;
  packet.protocol = protocol;
  return protocol === PROTOCOL_TCP ? LAYER_TCP : LAYER_IP_PROTOCOL;
}
