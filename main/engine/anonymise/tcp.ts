/** TCP (RFC 9293): all of the header stays but what identifies a session in its options. */
import { PROTOCOL_TCP } from '../decode/ip-protocols.ts';
import { rewriteTcpPayload } from './payload.ts';
import type { Rewrite } from './rewrite.ts';
import { noteTransportSum } from './transport-sum.ts';
import type { Layer } from './step.ts';

const HEADER_LENGTH = 20;
const CHECKSUM_AT = 16;

export function rewriteTcp(step: Layer): void {
  const { rewrite, from, end, wireEnd } = step;
  rewrite.keep(from, Math.min(end, from + HEADER_LENGTH));
  const headerLength = (rewrite.u8(from + 12) >>> 4) << 2;
  const headerEnd = from + headerLength;
  if (end - from > HEADER_LENGTH && headerLength >= HEADER_LENGTH) {
    rewriteTcpOptions(rewrite, from + HEADER_LENGTH, Math.min(headerEnd, end));
    if (headerEnd <= wireEnd) rewriteTcpPayload(step, headerEnd);
  }
  noteTransportSum(step, PROTOCOL_TCP, from + CHECKSUM_AT, wireEnd);
}

const KIND_MD5 = 19;
const KIND_AO = 29;
const KIND_MPTCP = 30;
const KIND_FAST_OPEN = 34;
const KIND_EXPERIMENT_1 = 253;
const KIND_EXPERIMENT_2 = 254;
/** Length of MSS, window scale, SACK permitted, SACK (whatever), time stamps, user timeout (RFC 5482), TCP-ENO's kind alone. */
const NUMBERS: ReadonlySet<number> = new Set([2, 3, 4, 5, 8, 28]);

/** Kinds and lengths stay; of options without numbers the content is replaced by what is the same for the same. */
function rewriteTcpOptions(rewrite: Rewrite, from: number, end: number): void {
  for (let at = from; at < end;) {
    const kind = rewrite.u8(at);
    rewrite.keep(at, at + 1);
    if (kind === 0) return;
    if (kind === 1) {
      at++;
      continue;
    }
    rewrite.keep(at + 1, Math.min(end, at + 2));
    const length = at + 1 < end ? rewrite.u8(at + 1) : 0;
    if (length < 2) return;
    const optionEnd = Math.min(end, at + length);
    if (NUMBERS.has(kind)) rewrite.keep(at + 2, optionEnd);
    else if (kind === KIND_MPTCP) rewriteMptcp(rewrite, at, optionEnd);
    else if (kind === KIND_AO) keepThenToken(rewrite, at + 2, 2, optionEnd);
    else if (kind === KIND_EXPERIMENT_1 || kind === KIND_EXPERIMENT_2)
      keepThenToken(rewrite, at + 2, 2, optionEnd);
    else if (kind === KIND_MD5 || kind === KIND_FAST_OPEN) rewrite.token(at + 2, optionEnd);
    else rewrite.token(at + 2, optionEnd);
    at += length;
  }
}

function keepThenToken(rewrite: Rewrite, at: number, kept: number, end: number): void {
  rewrite.keep(at, Math.min(end, at + kept));
  if (at + kept < end) rewrite.token(at + kept, end);
}

// RFC 8684 §3: subtypes.
const MP_DSS = 2;
const MP_ADD_ADDRESS = 3;
const MP_REMOVE_ADDRESS = 4;
const MP_PRIORITY = 5;
const MP_FAIL = 6;
const MP_RESET = 8;

function rewriteMptcp(rewrite: Rewrite, at: number, end: number): void {
  const subtype = rewrite.u8(at + 2) >>> 4;
  switch (subtype) {
    case MP_DSS:
      rewriteDataSequence(rewrite, at, end);
      return;
    case MP_REMOVE_ADDRESS:
    case MP_PRIORITY:
    case MP_FAIL:
    case MP_RESET:
      rewrite.keep(at + 2, end);
      return;
    case MP_ADD_ADDRESS: {
      // Address identifier, address, perhaps a port, perhaps a digest of 8 bytes: the length tells the family.
      const length = rewrite.u8(at + 1);
      const addressLength = [20, 22, 28, 30].includes(length) ? 16 : 4;
      rewrite.keep(at + 2, Math.min(end, at + 4));
      if (addressLength === 16) rewrite.ipv6(at + 4, end);
      else rewrite.ipv4(at + 4, end);
      const afterAddress = at + 4 + addressLength;
      const hasPort = length - 4 - addressLength === 2 || length - 4 - addressLength === 10;
      const digestAt = afterAddress + (hasPort ? 2 : 0);
      rewrite.keep(afterAddress, Math.min(end, digestAt));
      if (digestAt < end) rewrite.token(digestAt, end);
      return;
    }
    default:
      // Keys, tokens, digests behind flags.
      keepThenToken(rewrite, at + 2, 2, end);
  }
}

const DSS_HAS_ACK = 0x01;
const DSS_LONG_ACK = 0x02;
const DSS_HAS_MAPPING = 0x04;
const DSS_LONG_SEQUENCE = 0x08;

/** RFC 8684 §3.3: acknowledgment, mapping, and where the option is longer a checksum, which counts the data as they were. */
function rewriteDataSequence(rewrite: Rewrite, at: number, end: number): void {
  const flags = rewrite.u8(at + 3);
  let sumAt = at + 4;
  if ((flags & DSS_HAS_ACK) !== 0) sumAt += (flags & DSS_LONG_ACK) !== 0 ? 8 : 4;
  // The number in data, the number in the subflow (4 bytes), the length (2).
  if ((flags & DSS_HAS_MAPPING) !== 0) sumAt += ((flags & DSS_LONG_SEQUENCE) !== 0 ? 8 : 4) + 6;
  rewrite.keep(at + 2, Math.min(end, sumAt));
  if (sumAt < end) rewrite.token(sumAt, end);
}
