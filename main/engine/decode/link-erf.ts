/** Endace's extensible record format, ERF (197), as capture cards write it. */
import { LAYER_DONE, LAYER_ETHERNET, LAYER_HDLC, LAYER_IPV4, LAYER_IPV6 } from './layers.ts';
import { LIMITS } from '../limits.ts';
import { NOT_OPENED_ERF_TYPE } from './not-opened.ts';
import type { Packet } from './packet.ts';

// Time (8 bytes), type, flags, record length (2), lost (2), wire length (2); extension headers of 8 bytes.
const TYPE = 8;
const HEADER_LENGTH = 16;
const EXTENSION_LENGTH = 8;
/** In the type, and in each extension's first byte: another extension follows. */
const HAS_EXTENSION = 0x80;
/** Offset and padding before an Ethernet frame. */
const ETHERNET_PADDING_LENGTH = 2;
const CHANNEL_HEADER_LENGTH = 4;

export function decodeErf(packet: Packet): number {
  const { data, at, end } = packet;
  if (end - at < HEADER_LENGTH) return packet.refuseShort();
  const type = data[at + TYPE] & ~HAS_EXTENSION;
  let length = HEADER_LENGTH;
  let more = (data[at + TYPE] & HAS_EXTENSION) !== 0;
  for (let count = 0; more; count++) {
    if (at + length >= end) return packet.refuseShort();
    if (count === LIMITS.maxExtensionHeaders) {
      packet.limits.hit('maxExtensionHeaders');
      return packet.notOpened(NOT_OPENED_ERF_TYPE, type);
    }
    more = (data[at + length] & HAS_EXTENSION) !== 0;
    length += EXTENSION_LENGTH;
  }
  switch (type) {
    case 2: // Ethernet, then with a colour, with a colour and a hash
    case 11:
    case 16:
    case 20:
      return packet.enter(length + ETHERNET_PADDING_LENGTH, LAYER_ETHERNET);
    case 1: // HDLC of packet over SONET; the others as above
    case 10:
    case 15:
    case 19:
      return packet.enter(length, LAYER_HDLC);
    case 5: // HDLC of one channel of many
    case 17:
      return packet.enter(length + CHANNEL_HEADER_LENGTH, LAYER_HDLC);
    case 22:
      return packet.enter(length, LAYER_IPV4);
    case 23:
      return packet.enter(length, LAYER_IPV6);
    case 13: // counters, the card's own reports, padding
    case 14:
    case 27:
    case 48:
      return LAYER_DONE;
    default:
      return packet.notOpened(NOT_OPENED_ERF_TYPE, type);
  }
}
