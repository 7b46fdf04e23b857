/** UDP (RFC 768), and the doors to the tunnels that run over it. */
import {
  DEFECTS,
  DEFECT_LENGTH,
  DST_PORT,
  KIND,
  KIND_UDP,
  PAYLOAD_AT,
  PAYLOAD_CAPTURED,
  PAYLOAD_LENGTH,
  SRC_PORT,
} from './facts.ts';
import { LAYER_DONE, LAYER_TEREDO, LAYER_UDP_TUNNEL } from './layers.ts';
import type { Packet } from './packet.ts';
import { looksLikeTeredo } from './tunnel-teredo.ts';
import { isTunnelPort } from './udp-tunnels.ts';

const SOURCE_PORT = 0;
const DESTINATION_PORT = 2;
const LENGTH = 4;
const HEADER_LENGTH = 8;

export function decodeUdp(packet: Packet): number {
  const { view, at, facts } = packet;
  const onWire = packet.wireEnd - at;
  if (packet.end - at < HEADER_LENGTH) return packet.malformedShort();
  const length = view.getUint16(at + LENGTH);
  // Zero: a jumbogram (RFC 2675), or segments handed to the network card whole (USO): IP tells the length.
  if (length !== 0) {
    if (length < HEADER_LENGTH) return packet.malformed(DEFECT_LENGTH);
    if (length > onWire) {
      facts[DEFECTS] |= DEFECT_LENGTH;
    } else {
      packet.wireEnd = at + length;
      if (packet.wireEnd < packet.end) packet.end = packet.wireEnd;
    }
  }
  const sourcePort = view.getUint16(at + SOURCE_PORT);
  const destinationPort = view.getUint16(at + DESTINATION_PORT);
  packet.at = at + HEADER_LENGTH;
  facts[KIND] = KIND_UDP;
  facts[SRC_PORT] = sourcePort;
  facts[DST_PORT] = destinationPort;
  facts[PAYLOAD_LENGTH] = packet.wireEnd - packet.at;
  facts[PAYLOAD_AT] = packet.at;
  facts[PAYLOAD_CAPTURED] = packet.end - packet.at;

  if (isTunnelPort(sourcePort, destinationPort)) return LAYER_UDP_TUNNEL;
  return looksLikeTeredo(packet) ? LAYER_TEREDO : LAYER_DONE;
}
