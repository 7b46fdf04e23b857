/** What applications show in clear, where a segment or datagram begins with it. */
import {
  DST_PORT,
  KIND,
  KIND_TCP,
  KIND_UDP,
  PAYLOAD_AT,
  PAYLOAD_CAPTURED,
  PAYLOAD_LENGTH,
  SRC_PORT,
  TUNNEL,
} from '../decode/facts.ts';
import * as layers from '../decode/layers.ts';
import { dissectDns, looksLikeDns } from './dns.ts';
import { dissectHttp, looksLikeHttp } from './http.ts';
import type { Step } from './step.ts';
import { dissectTls, looksLikeTls } from './tls.ts';

const DNS = 53;
const MULTICAST_DNS = 5353;
const LINK_LOCAL_DNS = 5355;

export function dissectApplication(step: Step): void {
  const { sink, packet, protocols } = step;
  const { facts } = packet;
  const length = facts[PAYLOAD_LENGTH];
  const captured = facts[PAYLOAD_CAPTURED];
  if (length <= 0 || captured <= 0) return;
  const from = facts[PAYLOAD_AT];
  const end = from + captured;
  if (facts[KIND] === KIND_UDP) {
    // A datagram whose tunnel was opened is none of an application; one whose tunnel's content was unusable neither.
    if (step.layer !== layers.LAYER_UDP && step.to > step.from && facts[TUNNEL] !== 0) return;
    const name = dnsOf(facts[SRC_PORT]) ?? dnsOf(facts[DST_PORT]);
    if (name !== undefined && looksLikeDns(sink, from, end)) {
      protocols.push(name);
      if (sink.wants('dns')) dissectDns(sink, from, end, name === 'llmnr');
    } else {
      data(step, from, end);
    }
    return;
  }
  if (facts[KIND] !== KIND_TCP) return;
  if (looksLikeTls(sink, from)) {
    protocols.push('tls');
    if (sink.wants('tls')) dissectTls(sink, from, end);
  } else if (looksLikeHttp(sink, from, end)) {
    protocols.push('http');
    if (sink.wants('http')) dissectHttp(sink, from, end);
  } else if (
    (facts[SRC_PORT] === DNS || facts[DST_PORT] === DNS) &&
    sink.peek16(from) === length - 2 &&
    looksLikeDns(sink, from + 2, end)
  ) {
    protocols.push('dns');
    if (sink.wants('dns')) dissectDns(sink, from + 2, end, false, from);
  } else {
    data(step, from, end);
  }
}

function dnsOf(port: number): string | undefined {
  if (port === DNS) return 'dns';
  if (port === MULTICAST_DNS) return 'mdns';
  return port === LINK_LOCAL_DNS ? 'llmnr' : undefined;
}

function data({ sink }: Step, from: number, end: number): void {
  sink.text('Data', from, end);
}
