/** DNS (RFC 1035). Compressed names lead to earlier bytes; every walk of one is bounded. */
import { LIMITS } from '../limits.ts';
import { ABSENT, type FieldSink } from './field-sink.ts';

const HEADER_LENGTH = 12;
const MAX_COUNT = 512;

export function looksLikeDns(sink: FieldSink, from: number, end: number): boolean {
  if (end - from < HEADER_LENGTH) return false;
  const counts = [4, 6, 8, 10].map((at) => sink.peek16(from + at));
  return counts.every((count) => count >= 0 && count <= MAX_COUNT);
}

/**
 * @param isLinkLocal LLMNR, which has other flags in places (RFC 4795 §2.1.1)
 * @param lengthAt where the message's length stands, over TCP
 */
export function dissectDns(
  sink: FieldSink,
  from: number,
  end: number,
  isLinkLocal: boolean,
  lengthAt?: number,
): void {
  sink.open('dns', lengthAt ?? from, end);
  if (lengthAt !== undefined) sink.u16('dns.length', lengthAt);
  sink.u16('dns.id', from);
  flags(sink, from + 2, isLinkLocal);
  const counts: number[] = [];
  for (const [i, name] of ['queries', 'answers', 'auth_rr', 'add_rr'].entries()) {
    counts.push(sink.u16(`dns.count.${name}`, from + 4 + 2 * i));
  }
  let at = from + HEADER_LENGTH;
  for (let i = 0; i < counts[0] && at < end; i++) at = question(sink, from, at, end);
  const records = counts[1] + counts[2] + counts[3];
  for (let i = 0; i < records && i < LIMITS.maxFieldOccurrences && at < end; i++) {
    at = record(sink, from, at, end);
  }
  sink.close();
}

function flags(sink: FieldSink, at: number, isLinkLocal: boolean): void {
  const word = sink.peek16(at);
  if (word === ABSENT) return;
  const isResponse = (word & 0x8000) !== 0;
  sink.open('dns.flags', at, at + 2, word);
  sink.flag('dns.flags.response', word, 0x8000, at, at + 2);
  sink.put('dns.flags.opcode', (word >>> 11) & 0x0f, at, at + 2);
  if (isResponse && !isLinkLocal) sink.flag('dns.flags.authoritative', word, 0x0400, at, at + 2);
  sink.flag('dns.flags.truncated', word, 0x0200, at, at + 2);
  if (!isLinkLocal) sink.flag('dns.flags.recdesired', word, 0x0100, at, at + 2);
  if (isResponse && !isLinkLocal) sink.flag('dns.flags.recavail', word, 0x0080, at, at + 2);
  if (!isLinkLocal) sink.flag('dns.flags.z', word, 0x0040, at, at + 2);
  if (isResponse && !isLinkLocal) sink.flag('dns.flags.authenticated', word, 0x0020, at, at + 2);
  if (!isLinkLocal) sink.flag('dns.flags.checkdisable', word, 0x0010, at, at + 2);
  if (isResponse) sink.put('dns.flags.rcode', word & 0x0f, at, at + 2);
  sink.close();
}

/** @returns where the next one begins; `end` where this one is not whole */
function question(sink: FieldSink, message: number, at: number, end: number): number {
  const name = readName(sink, message, at, end);
  if (name === undefined || name.to + 4 > end) return malformed(sink, at, end);
  sink.open('', at, name.to + 4, name.text);
  sink.put('dns.qry.name', name.text, at, name.to);
  sink.put('dns.qry.name.len', name.text.length, at, name.to, 'derived');
  sink.put('dns.count.labels', name.labels, at, name.to, 'derived');
  sink.u16('dns.qry.type', name.to);
  sink.u16('dns.qry.class', name.to + 2);
  sink.close();
  return name.to + 4;
}

const TYPE_OPT = 41;

function record(sink: FieldSink, message: number, at: number, end: number): number {
  const name = readName(sink, message, at, end);
  if (name === undefined || name.to + 10 > end) return malformed(sink, at, end);
  const fixed = name.to;
  const type = sink.peek16(fixed);
  const length = sink.peek16(fixed + 8);
  const dataAt = fixed + 10;
  const to = Math.min(dataAt + length, end);
  sink.open('', at, to, name.text);
  sink.put('dns.resp.name', name.text, at, fixed);
  sink.u16('dns.resp.type', fixed);
  if (type === TYPE_OPT) {
    sink.u16('dns.rr.udp_payload_size', fixed + 2);
  } else {
    sink.u16('dns.resp.class', fixed + 2);
    sink.u32('dns.resp.ttl', fixed + 4);
  }
  sink.put('dns.resp.len', length, fixed + 8, fixed + 10);
  if (dataAt + length <= end) recordData(sink, message, type, dataAt, to);
  sink.close();
  return dataAt + length <= end ? to : malformed(sink, dataAt, end);
}

function malformed(sink: FieldSink, at: number, end: number): number {
  sink.note('error', 'Malformed or cut: this record is not all there.', at, end);
  return end;
}

function recordData(sink: FieldSink, message: number, type: number, at: number, to: number): void {
  switch (type) {
    case 1:
      sink.bytes('dns.a', at, at + 4);
      return;
    case 2:
      nameField(sink, 'dns.ns', message, at, to);
      return;
    case 5:
      nameField(sink, 'dns.cname', message, at, to);
      return;
    case 6: {
      const next = nameField(sink, 'dns.soa.mname', message, at, to);
      nameField(sink, 'dns.soa.rname', message, next, to);
      return;
    }
    case 12:
      nameField(sink, 'dns.ptr.domain_name', message, at, to);
      return;
    case 15:
      sink.u16('dns.mx.preference', at);
      nameField(sink, 'dns.mx.mail_exchange', message, at + 2, to);
      return;
    case 16:
      texts(sink, at, to);
      return;
    case 28:
      sink.bytes('dns.aaaa', at, at + 16);
      return;
    case 33:
      sink.u16('dns.srv.priority', at);
      sink.u16('dns.srv.weight', at + 2);
      sink.u16('dns.srv.port', at + 4);
      nameField(sink, 'dns.srv.target', message, at + 6, to);
  }
}

function nameField(sink: FieldSink, field: string, message: number, at: number, end: number): number {
  const name = readName(sink, message, at, end);
  if (name === undefined) return end;
  sink.put(field, name.text, at, name.to);
  return name.to;
}

function texts(sink: FieldSink, from: number, to: number): void {
  let at = from;
  while (at < to) {
    const length = sink.peek8(at);
    if (length === ABSENT || at + 1 + length > to) return;
    sink.put('dns.txt.length', length, at, at + 1);
    sink.put('dns.txt', latin1(sink.data, at + 1, at + 1 + length), at + 1, at + 1 + length);
    at += 1 + length;
  }
}

interface Name {
  readonly text: string;
  readonly labels: number;
  /** Where it ends in place, whatever it leads to. */
  readonly to: number;
}

const POINTER = 0xc0;
const MAX_NAME_BYTES = 255;

/** A name; undefined where it is not all there. Pointers must lead backwards, so that following them ends. */
function readName(sink: FieldSink, message: number, from: number, end: number): Name | undefined {
  let at = from;
  let to = -1;
  let lowest = from;
  let text = '';
  let labels = 0;
  let bytes = 0;
  for (;;) {
    const length = at < end ? sink.peek8(at) : ABSENT;
    if (length === ABSENT) return undefined;
    if (length === 0) return { text: text === '' ? '<Root>' : text, labels, to: to < 0 ? at + 1 : to };
    if ((length & POINTER) === POINTER) {
      const pointer = sink.peek16(at);
      if (pointer === ABSENT) return undefined;
      const target = message + (pointer & 0x3fff);
      if (to < 0) to = at + 2;
      if (target >= lowest) return undefined;
      lowest = target;
      at = target;
      // What a pointer leads to may lie before the record, anywhere in the message.
      end = Math.max(end, to);
      continue;
    }
    bytes += length + 1;
    if ((length & POINTER) !== 0 || bytes > MAX_NAME_BYTES || !sink.has(at, at + 1 + length))
      return undefined;
    text += (text === '' ? '' : '.') + latin1(sink.data, at + 1, at + 1 + length);
    labels++;
    at += 1 + length;
  }
}

function latin1(data: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at++) text += String.fromCharCode(data[at]);
  return text;
}
