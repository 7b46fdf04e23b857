/** UDP (RFC 768). */
import { PROTOCOL_UDP } from '../decode/ip-protocols.ts';
import { CHECKSUM_NOT_PRESENT, CHECKSUM_UNVERIFIED, isSumUnfinished, transportSum } from './checksum.ts';
import { ABSENT, type FieldSink } from './field-sink.ts';
import type { Step } from './step.ts';

const HEADER_LENGTH = 8;

export function dissectUdp({ sink, packet, context, protocols, from, end, wireEnd }: Step): void {
  protocols.push('udp');
  if (!sink.wants('udp')) return;
  const length = sink.peek16(from + 4);
  const wholeEnd = length >= HEADER_LENGTH ? from + length : wireEnd;
  const checksum = sink.peek16(from + 6);
  let status = CHECKSUM_UNVERIFIED;
  if (checksum === 0) status = CHECKSUM_NOT_PRESENT;
  else if (wholeEnd <= end && sink.has(from, wholeEnd)) {
    sink.isSumUnfinished = isSumUnfinished(checksum, packet.facts, PROTOCOL_UDP, wholeEnd - from);
    status = transportSum(sink.data, from, wholeEnd, packet.facts, PROTOCOL_UDP);
  }
  const flow = context.flow?.isTcp === false ? context.flow : undefined;
  dissectDatagram(sink, from, Math.min(wholeEnd, end), flow?.stream, status);
}

/** A UDP header that an ICMP error quotes. */
export function dissectQuotedUdp(sink: FieldSink, from: number, end: number): void {
  if (sink.wants('udp')) dissectDatagram(sink, from, end, undefined, undefined);
}

function dissectDatagram(
  sink: FieldSink,
  from: number,
  end: number,
  stream: number | undefined,
  checksumStatus: number | undefined,
): void {
  sink.open('udp', from, Math.min(from + HEADER_LENGTH, end));
  sink.u16('udp.srcport', from);
  sink.u16('udp.dstport', from + 2);
  port(sink, from);
  port(sink, from + 2);
  sink.u16('udp.length', from + 4);
  if (sink.u16('udp.checksum', from + 6) !== ABSENT && checksumStatus !== undefined) {
    sink.put('udp.checksum.status', checksumStatus, from + 6, from + 8, 'derived');
  }
  if (stream !== undefined) sink.put('udp.stream', stream, from, from, 'derived');
  if (end > from + HEADER_LENGTH) sink.bytes('udp.payload', from + HEADER_LENGTH, end);
  sink.close();
}

function port(sink: FieldSink, at: number): void {
  const value = sink.peek16(at);
  if (value !== ABSENT) sink.put('udp.port', value, at, at + 2, 'hidden');
}
