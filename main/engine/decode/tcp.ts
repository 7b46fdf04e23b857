/** The TCP header (RFC 9293 §3.1). */
import { s32, u16 } from './bytes.ts';
import {
  ACK,
  DEFECT_LENGTH,
  DST_PORT,
  FLAGS,
  KIND,
  KIND_TCP,
  MPTCP_RESET_REASON,
  MSS,
  OPTIONS,
  OPTION_STYLE,
  OPT_TIMESTAMPS,
  PAYLOAD_AT,
  PAYLOAD_CAPTURED,
  PAYLOAD_LENGTH,
  SACK_BLOCKS,
  SACK_LEFT,
  SACK_RIGHT,
  SEQ,
  SRC_PORT,
  TS_ECHO,
  TS_VALUE,
  WINDOW,
  WINDOW_SCALE,
} from './facts.ts';
import { LAYER_DONE, type Packet } from './packet.ts';
import { decodeTcpOptions, TIMESTAMPS_ONLY_STYLE } from './tcp-options.ts';

const SOURCE_PORT = 0;
const DESTINATION_PORT = 2;
const SEQUENCE = 4;
const ACKNOWLEDGMENT = 8;
const OFFSET_AND_FLAGS = 12;
const WINDOW_FIELD = 14;
const MIN_HEADER_LENGTH = 20;

const FLAGS_MASK = 0xfff;

/** Padding, padding, time stamps: what nearly every segment of an established connection carries (RFC 7323 App. A). */
const TIMESTAMPS_ONLY = 0x0101_080a;
const TIMESTAMPS_ONLY_LENGTH = MIN_HEADER_LENGTH + 12;

export function decodeTcp(packet: Packet): number {
  const { data, at, end, facts } = packet;
  const captured = end - at;
  const length = packet.wireEnd - at;
  if (captured < MIN_HEADER_LENGTH) return packet.malformedShort();
  const offsetAndFlags = u16(data, at + OFFSET_AND_FLAGS);
  const headerLength = (offsetAndFlags >>> 12) << 2;
  // Receivers drop such segments, so they are none.
  if (headerLength < MIN_HEADER_LENGTH || headerLength > length) return packet.malformed(DEFECT_LENGTH);

  facts[KIND] = KIND_TCP;
  facts[SRC_PORT] = u16(data, at + SOURCE_PORT);
  facts[DST_PORT] = u16(data, at + DESTINATION_PORT);
  facts[SEQ] = s32(data, at + SEQUENCE);
  facts[ACK] = s32(data, at + ACKNOWLEDGMENT);
  facts[FLAGS] = offsetAndFlags & FLAGS_MASK;
  facts[WINDOW] = u16(data, at + WINDOW_FIELD);
  facts[PAYLOAD_LENGTH] = length - headerLength;
  facts[PAYLOAD_AT] = at + headerLength;
  facts[PAYLOAD_CAPTURED] = captured > headerLength ? captured - headerLength : 0;

  facts[MSS] = 0;
  facts[WINDOW_SCALE] = -1;
  facts[SACK_BLOCKS] = 0;
  facts[SACK_LEFT] = 0;
  facts[SACK_RIGHT] = 0;
  facts[MPTCP_RESET_REASON] = -1;
  const optionsAt = at + MIN_HEADER_LENGTH;
  // Measured: this shortcut saves about half of the time that a TCP header takes.
  if (
    headerLength === TIMESTAMPS_ONLY_LENGTH &&
    captured >= TIMESTAMPS_ONLY_LENGTH &&
    s32(data, optionsAt) === TIMESTAMPS_ONLY
  ) {
    facts[OPTIONS] = OPT_TIMESTAMPS;
    facts[OPTION_STYLE] = TIMESTAMPS_ONLY_STYLE;
    facts[TS_VALUE] = s32(data, optionsAt + 4);
    facts[TS_ECHO] = s32(data, optionsAt + 8);
    return LAYER_DONE;
  }
  facts[OPTIONS] = 0;
  facts[OPTION_STYLE] = 0;
  facts[TS_VALUE] = 0;
  facts[TS_ECHO] = 0;
  if (headerLength > MIN_HEADER_LENGTH) decodeTcpOptions(packet, optionsAt, at + headerLength);
  return LAYER_DONE;
}
