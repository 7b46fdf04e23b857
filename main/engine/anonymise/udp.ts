/** UDP (RFC 768): the header stays. */
import { PROTOCOL_UDP } from '../decode/ip-protocols.ts';
import * as layers from '../decode/layers.ts';
import { rewriteUdpPayload } from './payload.ts';
import { noteTransportSum } from './transport-sum.ts';
import type { Layer } from './step.ts';

const HEADER_LENGTH = 8;
const LENGTH_AT = 4;
const CHECKSUM_AT = 6;

export function rewriteUdp(step: Layer): void {
  const { rewrite, from, end, wireEnd } = step;
  rewrite.keep(from, Math.min(end, from + HEADER_LENGTH));
  const length = rewrite.u16(from + LENGTH_AT);
  const isWhole = length >= HEADER_LENGTH && length <= wireEnd - from;
  // Over IPv6 tunnels may leave it out, too (RFC 6935).
  noteTransportSum(step, PROTOCOL_UDP, from + CHECKSUM_AT, isWhole ? from + length : wireEnd, true);
  if (step.next === layers.LAYER_DONE && end - from > HEADER_LENGTH) {
    rewriteUdpPayload(step, from + HEADER_LENGTH, Math.min(end, isWhole ? from + length : end));
  }
}
