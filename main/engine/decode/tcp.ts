/** The TCP header (RFC 9293 §3.1). */
import {
  ACK,
  DEFECT_LENGTH,
  DST_PORT,
  type Facts,
  FLAGS,
  KIND,
  KIND_TCP,
  MPTCP_RESET_REASON,
  MSS,
  OPTIONS,
  OPTION_STYLE,
  OPT_TIMESTAMPS,
  RARE_OPTIONS_CLEAR,
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
import { LAYER_DONE } from './layers.ts';
import type { Packet } from './packet.ts';
import { optionsDigest, timestampsOnlyDigest } from './option-digest.ts';
import { TIMESTAMPS_ONLY, TIMESTAMPS_ONLY_STYLE, decodeTcpOptions } from './tcp-options.ts';

// The header's 32-bit words.
/** Source port (16), destination port (16). */
const WORD_PORTS = 0;
const SEQUENCE = 4;
const ACKNOWLEDGMENT = 8;
/** Data offset in words (4), flags (12), window (16). */
const WORD_FLAGS = 12;
const MIN_HEADER_LENGTH = 20;

const FLAGS_MASK = 0xfff;

const TIMESTAMPS_ONLY_LENGTH = MIN_HEADER_LENGTH + 12;

export function decodeTcp(packet: Packet): number {
  const { view, at, end, facts } = packet;
  const captured = end - at;
  const length = packet.wireEnd - at;
  if (captured < MIN_HEADER_LENGTH) return packet.malformedShort();
  const flagsWord = view.getInt32(at + WORD_FLAGS);
  const headerLength = (flagsWord >>> 28) << 2;
  // Receivers drop such segments, so they are none.
  if (headerLength < MIN_HEADER_LENGTH || headerLength > length) return packet.malformed(DEFECT_LENGTH);

  facts[KIND] = KIND_TCP;
  const ports = view.getInt32(at + WORD_PORTS);
  facts[SRC_PORT] = ports >>> 16;
  facts[DST_PORT] = ports & 0xffff;
  facts[SEQ] = view.getInt32(at + SEQUENCE);
  facts[ACK] = view.getInt32(at + ACKNOWLEDGMENT);
  facts[FLAGS] = (flagsWord >>> 16) & FLAGS_MASK;
  facts[WINDOW] = flagsWord & 0xffff;
  facts[PAYLOAD_LENGTH] = length - headerLength;
  facts[PAYLOAD_AT] = at + headerLength;
  facts[PAYLOAD_CAPTURED] = captured > headerLength ? captured - headerLength : 0;

  if (facts[RARE_OPTIONS_CLEAR] === 0) clearRareOptions(facts);
  const optionsAt = at + MIN_HEADER_LENGTH;
  // Measured: this shortcut saves about half of the time that a TCP header takes.
  if (
    headerLength === TIMESTAMPS_ONLY_LENGTH &&
    captured >= TIMESTAMPS_ONLY_LENGTH &&
    view.getInt32(optionsAt) === TIMESTAMPS_ONLY
  ) {
    facts[OPTIONS] = OPT_TIMESTAMPS;
    facts[OPTION_STYLE] = TIMESTAMPS_ONLY_STYLE;
    facts[TS_VALUE] = view.getInt32(optionsAt + 4);
    facts[TS_ECHO] = view.getInt32(optionsAt + 8);
    packet.optionDigest = timestampsOnlyDigest(facts[TS_VALUE], facts[TS_ECHO]);
    return LAYER_DONE;
  }
  facts[OPTIONS] = 0;
  facts[OPTION_STYLE] = 0;
  facts[TS_VALUE] = 0;
  facts[TS_ECHO] = 0;
  packet.optionDigest = 0;
  if (headerLength > MIN_HEADER_LENGTH) {
    decodeTcpOptions(packet, optionsAt, at + headerLength);
    if (captured >= headerLength) packet.optionDigest = optionsDigest(view, optionsAt, at + headerLength);
  }
  return LAYER_DONE;
}

function clearRareOptions(facts: Facts): void {
  facts[RARE_OPTIONS_CLEAR] = 1;
  facts[MSS] = 0;
  facts[WINDOW_SCALE] = -1;
  facts[SACK_BLOCKS] = 0;
  facts[SACK_LEFT] = 0;
  facts[SACK_RIGHT] = 0;
  facts[MPTCP_RESET_REASON] = -1;
}
