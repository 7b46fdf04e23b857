/**
 * BSD loopback: NULL (0), whose address family is in the byte order of the machine that captured, and LOOP
 * (108), in network order. Families are small, so the one byte that is not zero tells the order.
 */
import { DEFECT_LENGTH } from './facts.ts';
import { LAYER_IPV4, LAYER_IPV6 } from './layers.ts';
import { NOT_OPENED_FAMILY } from './not-opened.ts';
import type { Packet } from './packet.ts';

const HEADER_LENGTH = 4;
const AF_INET = 2;
/** AF_INET6 of Linux, Windows, NetBSD and OpenBSD, FreeBSD, and macOS. */
const AF_INET6: readonly number[] = [10, 23, 24, 28, 30];

export function decodeNull(packet: Packet): number {
  const { data, at } = packet;
  if (packet.end - at < HEADER_LENGTH) return packet.refuseShort();
  if (data[at + 1] !== 0 || data[at + 2] !== 0 || (data[at] !== 0 && data[at + 3] !== 0)) {
    return packet.refuseIp(DEFECT_LENGTH);
  }
  const family = data[at] | data[at + 3];
  packet.at = at + HEADER_LENGTH;
  if (family === AF_INET) return LAYER_IPV4;
  return AF_INET6.includes(family) ? LAYER_IPV6 : packet.notOpened(NOT_OPENED_FAMILY, family);
}
