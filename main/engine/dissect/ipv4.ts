/** IPv4 (RFC 791). */
import { CHECKSUM_BAD, CHECKSUM_GOOD, CHECKSUM_UNVERIFIED, isSumRight } from './checksum.ts';
import { ABSENT, type FieldSink } from './field-sink.ts';

const MIN_LENGTH = 20;
const FLAG_RESERVED = 0x8000;
const FLAG_DF = 0x4000;
const FLAG_MF = 0x2000;

/**
 * @param end of the bytes that may be the header's
 * @param wireEnd where the packet ends on the wire, which tells its length where the header does not
 * @returns where the header ends, and which protocol follows; ABSENT where the header is not there
 */
export function dissectIpv4(
  sink: FieldSink,
  from: number,
  end: number,
  wireEnd = end,
): { readonly to: number; readonly protocol: number; readonly totalLength: number } | undefined {
  const first = sink.peek8(from);
  if (first === ABSENT) return undefined;
  const headerLength = (first & 0x0f) << 2;
  const to = Math.min(from + Math.max(headerLength, MIN_LENGTH), end);
  const protocol = sink.peek8(from + 9);
  const totalLength = sink.peek16(from + 2);
  if (!sink.wants('ip')) return { to, protocol, totalLength };
  sink.open('ip', from, to);
  sink.put('ip.version', first >>> 4, from, from + 1);
  sink.put('ip.hdr_len', headerLength, from, from + 1);
  const service = sink.peek8(from + 1);
  if (service !== ABSENT) {
    sink.open('ip.dsfield', from + 1, from + 2, service);
    sink.put('ip.dsfield.dscp', service >>> 2, from + 1, from + 2);
    sink.put('ip.dsfield.ecn', service & 3, from + 1, from + 2);
    sink.close();
  }
  // Zero: handed to the network card whole, which fills it in (segmentation offload); Wireshark takes the frame's, too.
  if (totalLength !== ABSENT)
    sink.put('ip.len', totalLength === 0 ? wireEnd - from : totalLength, from + 2, from + 4);
  sink.u16('ip.id', from + 4);
  const fragment = sink.peek16(from + 6);
  if (fragment !== ABSENT) {
    sink.open('ip.flags', from + 6, from + 7, fragment >>> 13);
    sink.flag('ip.flags.rb', fragment, FLAG_RESERVED, from + 6, from + 7);
    sink.flag('ip.flags.df', fragment, FLAG_DF, from + 6, from + 7);
    sink.flag('ip.flags.mf', fragment, FLAG_MF, from + 6, from + 7);
    sink.close();
    sink.put('ip.frag_offset', fragment & 0x1fff, from + 6, from + 8);
  }
  sink.u8('ip.ttl', from + 8);
  sink.u8('ip.proto', from + 9);
  if (sink.u16('ip.checksum', from + 10) !== ABSENT) {
    const isWhole = headerLength >= MIN_LENGTH && sink.has(from, from + headerLength);
    const isRight = isWhole && isSumRight(sink.data, from, from + headerLength);
    const status = isWhole ? (isRight ? CHECKSUM_GOOD : CHECKSUM_BAD) : CHECKSUM_UNVERIFIED;
    sink.put('ip.checksum.status', status, from + 10, from + 12, 'derived');
  }
  address(sink, 'ip.src', from + 12);
  address(sink, 'ip.dst', from + 16);
  if (headerLength > MIN_LENGTH) options(sink, from + MIN_LENGTH, to);
  sink.close();
  return { to, protocol, totalLength };
}

function address(sink: FieldSink, name: string, at: number): void {
  sink.bytes(name, at, at + 4);
  sink.bytes('ip.addr', at, at + 4, 'hidden');
}

const OPTION_END = 0;
const OPTION_NOP = 1;
const OPTION_RECORD_ROUTE = 7;
const OPTION_MTU_PROBE = 11;
const OPTION_MTU_REPLY = 12;
const OPTION_LOOSE_ROUTE = 131;
const OPTION_STRICT_ROUTE = 137;
const OPTION_ROUTER_ALERT = 148;

function options(sink: FieldSink, from: number, to: number): void {
  let at = from;
  while (at < to) {
    const kind = sink.peek8(at);
    if (kind === ABSENT) return;
    const isSingle = kind === OPTION_END || kind === OPTION_NOP;
    const length = isSingle ? 1 : sink.peek8(at + 1);
    if (length < 1 || (!isSingle && length < 2) || at + length > to) {
      sink.note('error', 'Malformed: the length of this option does not fit the header.', at, to);
      return;
    }
    sink.open('ip.opt.type', at, at + 1, kind);
    sink.flag('ip.opt.type.copy', kind, 0x80, at, at + 1);
    sink.put('ip.opt.type.class', (kind >>> 5) & 3, at, at + 1);
    sink.put('ip.opt.type.number', kind & 0x1f, at, at + 1);
    sink.close();
    if (!isSingle) sink.put('ip.opt.len', length, at + 1, at + 2);
    option(sink, kind, at, length);
    if (kind === OPTION_END) return;
    at += length;
  }
}

function option(sink: FieldSink, kind: number, at: number, length: number): void {
  switch (kind) {
    case OPTION_ROUTER_ALERT:
      if (length >= 4) sink.u16('ip.opt.ra', at + 2);
      return;
    case OPTION_MTU_PROBE:
    case OPTION_MTU_REPLY:
      if (length >= 4) sink.u16('ip.opt.mtu', at + 2);
      return;
    case OPTION_RECORD_ROUTE:
    case OPTION_LOOSE_ROUTE:
    case OPTION_STRICT_ROUTE: {
      if (length < 3) return;
      sink.u8('ip.opt.ptr', at + 2);
      const name = kind === OPTION_RECORD_ROUTE ? 'ip.rec_rt' : 'ip.src_rt';
      for (let hop = at + 3; hop + 4 <= at + length; hop += 4) sink.bytes(name, hop, hop + 4);
    }
  }
}
