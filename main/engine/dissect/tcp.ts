/** TCP (RFC 9293): the header, and what the flow table and the tracker know of the segment. */
import { seqAdd, seqUnsigned } from '../../../shared/base/seq.ts';
import type { SeqNumber } from '../../../shared/base/units.ts';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../decode/facts.ts';
import { PROTOCOL_TCP } from '../decode/ip-protocols.ts';
import * as marks from '../flow/marks.ts';
import { CHECKSUM_UNVERIFIED, isSumUnfinished, transportSum } from './checksum.ts';
import { type FlowContext, NO_SHIFT, UNKNOWN_SHIFT } from './context.ts';
import { ABSENT, type FieldSink } from './field-sink.ts';
import { relativeSeq } from './relative-seq.ts';
import type { Step } from './step.ts';
import { dissectTcpOptions } from './tcp-options.ts';

const MIN_LENGTH = 20;

const FLAGS: readonly (readonly [string, number])[] = [
  ['tcp.flags.ae', 0x100],
  ['tcp.flags.cwr', 0x80],
  ['tcp.flags.ece', 0x40],
  ['tcp.flags.urg', 0x20],
  ['tcp.flags.ack', TCP_ACK],
  ['tcp.flags.push', 0x08],
  ['tcp.flags.reset', TCP_RST],
  ['tcp.flags.syn', TCP_SYN],
  ['tcp.flags.fin', TCP_FIN],
];
const RESERVED_FLAGS = 0xe00;
/** As Wireshark writes them, the highest bit first. */
const FLAG_LETTERS = 'RRRACEUAPRSF';

export function dissectTcp({ sink, packet, context, protocols, from, end, wireEnd }: Step): void {
  protocols.push('tcp');
  if (!sink.wants('tcp')) return;
  const flow = context.flow?.isTcp === true ? context.flow : undefined;
  const isWhole = wireEnd === end && sink.has(from, end);
  dissectSegment(sink, from, end, wireEnd, flow, (field) => {
    if (!isWhole) return CHECKSUM_UNVERIFIED;
    sink.isSumUnfinished = isSumUnfinished(field, packet.facts, PROTOCOL_TCP, end - from);
    return transportSum(sink.data, from, end, packet.facts, PROTOCOL_TCP);
  });
}

/**
 * A TCP header that an ICMP error quotes. Nothing is known of its place in a connection, and little of its data is quoted.
 * @param wireEnd where its segment ended, as the quoted IP header says
 */
export function dissectQuotedTcp(sink: FieldSink, from: number, end: number, wireEnd: number): void {
  if (sink.wants('tcp')) dissectSegment(sink, from, end, wireEnd, undefined, undefined);
}

function dissectSegment(
  sink: FieldSink,
  from: number,
  end: number,
  wireEnd: number,
  flow: FlowContext | undefined,
  checksumStatus: ((field: number) => number) | undefined,
): void {
  const word = sink.peek16(from + 12);
  const headerLength = word === ABSENT ? MIN_LENGTH : (word >>> 12) << 2;
  const headerEnd = Math.min(from + Math.max(headerLength, MIN_LENGTH), end);
  const length = Math.max(0, wireEnd - from - Math.max(headerLength, MIN_LENGTH));
  sink.isReset = word !== ABSENT && (word & TCP_RST) !== 0;
  sink.open('tcp', from, headerEnd);
  sink.u16('tcp.srcport', from);
  sink.u16('tcp.dstport', from + 2);
  port(sink, from);
  port(sink, from + 2);
  if (flow !== undefined) sink.put('tcp.stream', flow.stream, from, from, 'derived');
  if (word !== ABSENT) sink.put('tcp.len', length, from + 12, from + 13, 'derived');
  const flags = word === ABSENT ? 0 : word & 0xfff;
  numbers(sink, from, flags, length, flow, word !== ABSENT);
  if (word !== ABSENT) {
    sink.put('tcp.hdr_len', headerLength, from + 12, from + 13);
    flagFields(sink, flags, from + 12);
  }
  window(sink, from + 14, flags, flow);
  const checksum = sink.u16('tcp.checksum', from + 16);
  if (checksum !== ABSENT && checksumStatus !== undefined) {
    sink.put('tcp.checksum.status', checksumStatus(checksum), from + 16, from + 18, 'derived');
  }
  sink.u16('tcp.urgent_pointer', from + 18);
  if (headerEnd > from + MIN_LENGTH)
    dissectTcpOptions(sink, from + MIN_LENGTH, headerEnd, flags, flow?.otherBase);
  if (flow !== undefined) {
    sink.put('tcp.time_relative', flow.sinceFirstNs / 1e9, from, from, 'derived');
    sink.put('tcp.time_delta', flow.sincePreviousNs / 1e9, from, from, 'derived');
    if (flow.marks !== 0) analysis(sink, flow.marks, from);
  }
  if (length > 0 && end > headerEnd) {
    // A reset may say in its data why it was sent.
    if ((flags & TCP_RST) === 0) sink.bytes('tcp.payload', headerEnd, end);
    else resetCause(sink, headerEnd, end);
  }
  sink.close();
}

function port(sink: FieldSink, at: number): void {
  const value = sink.peek16(at);
  if (value !== ABSENT) sink.put('tcp.port', value, at, at + 2, 'hidden');
}

/** Relative numbers where it is known what they are counted from, as the list of packets shows them; else as sent. */
function numbers(
  sink: FieldSink,
  from: number,
  flags: number,
  length: number,
  flow: FlowContext | undefined,
  hasFlags: boolean,
): void {
  const rawSeq = sink.peek32(from + 4);
  if (rawSeq === ABSENT) return;
  const seq = relativeSeq(rawSeq, flow?.base);
  sink.put('tcp.seq', seq, from + 4, from + 8);
  sink.put('tcp.seq_raw', rawSeq, from + 4, from + 8);
  if (hasFlags) {
    const next = seqUnsigned(
      seqAdd(seq as SeqNumber, length + ((flags & (TCP_SYN | TCP_FIN)) !== 0 ? 1 : 0)),
    );
    sink.put('tcp.nxtseq', next, from, from, 'derived');
  }
  const rawAck = sink.peek32(from + 8);
  if (rawAck === ABSENT) return;
  const hasAck = (flags & TCP_ACK) !== 0;
  sink.put('tcp.ack', hasAck ? relativeSeq(rawAck, flow?.otherBase) : rawAck, from + 8, from + 12);
  sink.put('tcp.ack_raw', rawAck, from + 8, from + 12);
}

function flagFields(sink: FieldSink, flags: number, at: number): void {
  sink.open('tcp.flags', at, at + 2, flags);
  sink.flag('tcp.flags.res', flags, RESERVED_FLAGS, at, at + 1);
  for (const [name, bit] of FLAGS) {
    if (bit > 0xff) sink.flag(name, flags, bit, at, at + 1);
    else sink.flag(name, flags, bit, at + 1, at + 2);
  }
  sink.put('tcp.flags.str', flagLetters(flags), at, at + 2, 'derived');
  sink.close();
}

function flagLetters(flags: number): string {
  let text = '';
  for (let i = 0; i < FLAG_LETTERS.length; i++) {
    text += (flags & (0x800 >> i)) === 0 ? '·' : FLAG_LETTERS[i];
  }
  return text;
}

/** A SYN's window is never scaled (RFC 7323 §2.2). */
function window(sink: FieldSink, at: number, flags: number, flow: FlowContext | undefined): void {
  const sent = sink.u16('tcp.window_size_value', at);
  if (sent === ABSENT) return;
  const shift = flow?.windowShift ?? UNKNOWN_SHIFT;
  const isScaled = shift > 0 && (flags & TCP_SYN) === 0;
  sink.put('tcp.window_size', isScaled ? sent * 2 ** shift : sent, at, at + 2, 'derived');
  if ((flags & TCP_SYN) !== 0 || flow === undefined) return;
  const factor = shift === UNKNOWN_SHIFT || shift === NO_SHIFT ? shift : 2 ** shift;
  sink.put('tcp.window_size_scalefactor', factor, at, at + 2, 'derived');
}

const MARK_FIELDS: readonly (readonly [number, string])[] = [
  [marks.MARK_ANY_RETRANSMISSION, 'tcp.analysis.retransmission'],
  [marks.MARK_FAST_RETRANSMISSION, 'tcp.analysis.fast_retransmission'],
  [marks.MARK_SPURIOUS_RETRANSMISSION, 'tcp.analysis.spurious_retransmission'],
  [marks.MARK_OUT_OF_ORDER, 'tcp.analysis.out_of_order'],
  [marks.MARK_LOST_SEGMENT, 'tcp.analysis.lost_segment'],
  [marks.MARK_ACKED_UNSEEN, 'tcp.analysis.ack_lost_segment'],
  [marks.MARK_DUPLICATE_ACK, 'tcp.analysis.duplicate_ack'],
  [marks.MARK_ZERO_WINDOW, 'tcp.analysis.zero_window'],
  [marks.MARK_ZERO_WINDOW_PROBE, 'tcp.analysis.zero_window_probe'],
  [marks.MARK_WINDOW_FULL, 'tcp.analysis.window_full'],
  [marks.MARK_KEEP_ALIVE, 'tcp.analysis.keep_alive'],
  [marks.MARK_KEEP_ALIVE_ACK, 'tcp.analysis.keep_alive_ack'],
  [marks.MARK_WINDOW_UPDATE, 'tcp.analysis.window_update'],
];
const ANY_FIELD = MARK_FIELDS.reduce((bits, [bit]) => bits | bit, 0);
const NOTHING = new Uint8Array(0);

function analysis(sink: FieldSink, found: number, at: number): void {
  if ((found & ANY_FIELD) === 0) return;
  sink.open('', at, at, 'Analysis of the connection');
  sink.put('tcp.analysis.flags', NOTHING, at, at, 'hidden');
  for (const [bit, name] of MARK_FIELDS) {
    if ((found & bit) !== 0) sink.put(name, NOTHING, at, at, 'derived');
  }
  sink.close();
}

function resetCause(sink: FieldSink, from: number, to: number): void {
  // What is no text is an empty one.
  sink.put('tcp.reset_cause', textOf(sink, from, to), from, to);
}

/** Text up to the first zero; what is shown is made safe by whoever shows it. */
function textOf(sink: FieldSink, from: number, to: number): string {
  return new TextDecoder('utf-8').decode(sink.data.subarray(from, to)).split('\0', 1)[0];
}
