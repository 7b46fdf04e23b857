/** Anything in anything (draft-massar-v6ops-ayiya), of IPv6 tunnel brokers. */
import { TUNNEL_AYIYA } from './facts.ts';
import { PROTOCOL_IPV4, PROTOCOL_IPV6 } from './ip-protocols.ts';
import { LAYER_DONE, LAYER_IP, NOT_RECOGNISED } from './layers.ts';
import type { Packet } from './packet.ts';
import { looksLikeIp } from './plausible.ts';

// §4.1: identity's length as a power of two (4 bits) and type (4); signature's length in words of 4 bytes (4) and hash (4);
// authentication (4) and operation (4); next header; time (4 bytes); identity; signature.
const LENGTH = 8;
const OPERATION_FORWARD = 1;
const MAX_OPERATION = 6;
const MAX_IDENTITY_POWER = 5;

export function openAyiya(packet: Packet): number {
  const { data, at, end } = packet;
  if (end - at < LENGTH) return end < packet.wireEnd ? packet.refuseShort() : NOT_RECOGNISED;
  const power = data[at] >>> 4;
  const operation = data[at + 2] & 0x0f;
  if (power > MAX_IDENTITY_POWER || operation > MAX_OPERATION) return NOT_RECOGNISED;
  if (operation !== OPERATION_FORWARD) return LAYER_DONE;
  const next = data[at + 3];
  const length = LENGTH + (1 << power) + ((data[at + 1] >>> 4) << 2);
  if ((next !== PROTOCOL_IPV4 && next !== PROTOCOL_IPV6) || !looksLikeIp(packet, at + length)) {
    return NOT_RECOGNISED;
  }
  return packet.enterTunnel(length, TUNNEL_AYIYA, LAYER_IP);
}
