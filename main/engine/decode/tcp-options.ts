/** TCP options (IANA "TCP Option Kind Numbers"). */
import {
  DEFECTS,
  DEFECT_CUT,
  DEFECT_OPTIONS,
  MPTCP_RESET_REASON,
  MSS,
  OPTIONS,
  OPTION_STYLE,
  OPT_AO,
  OPT_FAST_OPEN,
  OPT_MALFORMED,
  OPT_MD5,
  OPT_MPTCP,
  OPT_MSS,
  OPT_OTHER,
  OPT_SACK,
  OPT_SACK_PERMITTED,
  OPT_TIMESTAMPS,
  OPT_WSCALE,
  RARE_OPTIONS_CLEAR,
  SACK_BLOCKS,
  SACK_LEFT,
  SACK_RIGHT,
  TS_ECHO,
  TS_VALUE,
  WINDOW_SCALE,
} from './facts.ts';
import type { Packet } from './packet.ts';

const END_OF_LIST = 0;
const NO_OPERATION = 1;
const KIND_MSS = 2; // RFC 9293
const KIND_WINDOW_SCALE = 3; // RFC 7323
const KIND_SACK_PERMITTED = 4; // RFC 2018
const KIND_SACK = 5;
const KIND_TIMESTAMPS = 8; // RFC 7323
const KIND_MD5 = 19; // RFC 2385
const KIND_AO = 29; // RFC 5925
const KIND_MPTCP = 30; // RFC 8684
const KIND_FAST_OPEN = 34; // RFC 7413
const KIND_EXPERIMENT = 254; // RFC 4727, told apart by magic numbers (RFC 6994)

const SACK_BLOCK_LENGTH = 8;
const MPTCP_RESET = 8;
const MPTCP_RESET_LENGTH = 4;
const EXPERIMENT_FAST_OPEN = 0xf989;

/** Padding, padding, time stamps: what nearly every segment of an established connection carries (RFC 7323 App. A). */
export const TIMESTAMPS_ONLY = 0x0101_080a;

/** The style of a header with time stamps alone, which decodeTcp does not walk. */
export const TIMESTAMPS_ONLY_STYLE = optionStyle([NO_OPERATION, NO_OPERATION, KIND_TIMESTAMPS]);

/** OPTION_STYLE of a header with options of these kinds in this order, padding included. */
export function optionStyle(kinds: readonly number[]): number {
  return kinds.reduce(addToStyle, 0);
}

/**
 * Walks the options in [at, optionsEnd), as far as they were captured. What is broken or cut ends the walk; what
 * came before stands.
 */
export function decodeTcpOptions(packet: Packet, optionsAt: number, optionsEnd: number): void {
  const { data, facts } = packet;
  const end = optionsEnd < packet.end ? optionsEnd : packet.end;
  facts[RARE_OPTIONS_CLEAR] = 0;
  let at = optionsAt;
  let style = 0;
  let isCut = end < optionsEnd;
  while (at < end) {
    const kind = data[at];
    if (kind === NO_OPERATION || kind === END_OF_LIST) {
      style = addToStyle(style, kind);
      if (kind === END_OF_LIST) {
        isCut = false; // the rest is padding
        break;
      }
      at++;
      continue;
    }
    const length = at + 1 < end ? data[at + 1] : 0;
    if (at + 1 < end ? length < 2 || at + length > optionsEnd : end === optionsEnd) {
      facts[OPTIONS] |= OPT_MALFORMED;
      facts[DEFECTS] |= DEFECT_OPTIONS;
      isCut = false;
      break;
    }
    if (length === 0 || at + length > end) break; // cut by the snap length
    style = addToStyle(style, kind);
    if (!decodeOption(packet, kind, at, length)) {
      facts[OPTIONS] |= OPT_MALFORMED;
      facts[DEFECTS] |= DEFECT_OPTIONS;
    }
    at += length;
  }
  if (isCut) facts[DEFECTS] |= DEFECT_CUT | DEFECT_OPTIONS;
  facts[OPTION_STYLE] = style;
}

/** @returns false where the option's length is not one that its kind can have */
function decodeOption(packet: Packet, kind: number, at: number, length: number): boolean {
  const { data, view, facts } = packet;
  switch (kind) {
    case KIND_MSS:
      if (length !== 4) return false;
      facts[OPTIONS] |= OPT_MSS;
      facts[MSS] = view.getUint16(at + 2);
      return true;
    case KIND_WINDOW_SCALE:
      if (length !== 3) return false;
      facts[OPTIONS] |= OPT_WSCALE;
      facts[WINDOW_SCALE] = data[at + 2];
      return true;
    case KIND_SACK_PERMITTED:
      if (length !== 2) return false;
      facts[OPTIONS] |= OPT_SACK_PERMITTED;
      return true;
    case KIND_SACK:
      if (length === 2 || (length - 2) % SACK_BLOCK_LENGTH !== 0) return false;
      facts[OPTIONS] |= OPT_SACK;
      facts[SACK_BLOCKS] = (length - 2) / SACK_BLOCK_LENGTH;
      facts[SACK_LEFT] = view.getInt32(at + 2);
      facts[SACK_RIGHT] = view.getInt32(at + 6);
      return true;
    case KIND_TIMESTAMPS:
      if (length !== 10) return false;
      facts[OPTIONS] |= OPT_TIMESTAMPS;
      facts[TS_VALUE] = view.getInt32(at + 2);
      facts[TS_ECHO] = view.getInt32(at + 6);
      return true;
    case KIND_MPTCP:
      if (length < 3) return false;
      facts[OPTIONS] |= OPT_MPTCP;
      if (data[at + 2] >>> 4 !== MPTCP_RESET) return true;
      if (length < MPTCP_RESET_LENGTH) return false;
      facts[MPTCP_RESET_REASON] = data[at + 3];
      return true;
    case KIND_MD5:
      facts[OPTIONS] |= OPT_MD5;
      return length === 18;
    case KIND_AO:
      facts[OPTIONS] |= OPT_AO;
      return length >= 4;
    case KIND_FAST_OPEN:
      facts[OPTIONS] |= OPT_FAST_OPEN;
      return true;
    case KIND_EXPERIMENT:
      facts[OPTIONS] |=
        length >= 4 && view.getUint16(at + 2) === EXPERIMENT_FAST_OPEN ? OPT_FAST_OPEN : OPT_OTHER;
      return true;
    default:
      facts[OPTIONS] |= OPT_OTHER;
      return true;
  }
}

/** Polynomial hash of the kinds in their order; never 0 once there is one, because 0 says "no options". */
function addToStyle(style: number, kind: number): number {
  return (style * 31 + kind + 1) & 0xffff || 1;
}
