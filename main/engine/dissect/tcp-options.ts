/** TCP options, by kind (IANA, "TCP Option Kind Numbers"). */
import { TCP_ACK, TCP_SYN } from '../decode/facts.ts';
import { ABSENT, type FieldSink } from './field-sink.ts';

const END = 0;
const NOP = 1;

/** A kind's name, and what stands behind kind and length. */
interface Option {
  readonly name: string;
  readonly dissect?: (sink: FieldSink, at: number, length: number, flags: number) => void;
}

const OPTIONS: ReadonlyMap<number, Option> = new Map<number, Option>([
  [2, { name: 'tcp.options.mss', dissect: (sink, at) => sink.u16('tcp.options.mss_val', at + 2) }],
  [3, { name: 'tcp.options.wscale', dissect: windowScale }],
  [4, { name: 'tcp.options.sack_perm' }],
  [5, { name: 'tcp.options.sack', dissect: sack }],
  [8, { name: 'tcp.options.timestamp', dissect: timestamps }],
  [
    19,
    {
      name: 'tcp.options.md5',
      dissect: (s, at, length) => s.bytes('tcp.options.md5.digest', at + 2, at + length),
    },
  ],
  [28, { name: 'tcp.options.user_to', dissect: userTimeout }],
  [29, { name: 'tcp.options.ao', dissect: authentication }],
  [30, { name: '', dissect: multipath }],
  [34, { name: 'tcp.options.tfo', dissect: (sink, at, length) => fastOpen(sink, at, length, 2) }],
  [253, { name: 'tcp.options.experimental', dissect: experiment }],
  [254, { name: 'tcp.options.experimental', dissect: experiment }],
]);

/** @param to end of the header, or of what was captured of it */
export function dissectTcpOptions(sink: FieldSink, from: number, to: number, flags: number): void {
  if (!sink.has(from, to)) return;
  sink.open('tcp.options', from, to);
  let at = from;
  while (at < to) {
    const kind = sink.peek8(at);
    if (kind === END || kind === NOP) {
      sink.open(kind === END ? 'tcp.options.eol' : 'tcp.options.nop', at, at + 1);
      sink.put('tcp.option_kind', kind, at, at + 1);
      sink.close();
      at++;
      continue;
    }
    const length = at + 1 < to ? sink.peek8(at + 1) : ABSENT;
    if (length < 2 || at + length > to) {
      sink.note('error', 'Malformed: the length of this option does not fit the header.', at, to);
      break;
    }
    option(sink, kind, at, length, flags);
    at += length;
  }
  sink.close();
}

const UNKNOWN: Option = {
  name: 'tcp.options.unknown',
  dissect: (sink, at, length) => sink.bytes('tcp.options.unknown.payload', at + 2, at + length),
};

function option(sink: FieldSink, kind: number, at: number, length: number, flags: number): void {
  const { name, dissect } = OPTIONS.get(kind) ?? UNKNOWN;
  sink.open(name, at, at + length);
  sink.put('tcp.option_kind', kind, at, at + 1);
  sink.put('tcp.option_len', length, at + 1, at + 2);
  dissect?.(sink, at, length, flags);
  sink.close();
}

function windowScale(sink: FieldSink, at: number): void {
  const shift = sink.u8('tcp.options.wscale.shift', at + 2);
  // RFC 7323 §2.3: more than 14 is taken for 14.
  if (shift !== ABSENT)
    sink.put('tcp.options.wscale.multiplier', 2 ** Math.min(shift, 14), at + 2, at + 3, 'derived');
}

const BLOCK_LENGTH = 8;

function sack(sink: FieldSink, at: number, length: number): void {
  let count = 0;
  for (let block = at + 2; block + BLOCK_LENGTH <= at + length; block += BLOCK_LENGTH) {
    sink.u32('tcp.options.sack_le', block);
    sink.u32('tcp.options.sack_re', block + 4);
    count++;
  }
  sink.put('tcp.options.sack.count', count, at, at, 'derived');
}

function timestamps(sink: FieldSink, at: number, length: number): void {
  if (length !== 10) return;
  sink.u32('tcp.options.timestamp.tsval', at + 2);
  sink.u32('tcp.options.timestamp.tsecr', at + 6);
}

function userTimeout(sink: FieldSink, at: number): void {
  const word = sink.peek16(at + 2);
  if (word === ABSENT) return;
  sink.flag('tcp.options.user_to_granularity', word, 0x8000, at + 2, at + 4);
  sink.put('tcp.options.user_to_val', word & 0x7fff, at + 2, at + 4);
}

function authentication(sink: FieldSink, at: number, length: number): void {
  if (length < 4) return;
  sink.u8('tcp.options.ao.keyid', at + 2);
  sink.u8('tcp.options.ao.rnextkeyid', at + 3);
  if (length > 4) sink.bytes('tcp.options.ao.mac', at + 4, at + length);
}

/** @param before bytes of the option before its cookie; without a cookie it asks for one */
function fastOpen(sink: FieldSink, at: number, length: number, before: number): void {
  if (length <= before) sink.bytes('tcp.options.tfo.request', at, at + length);
  else sink.bytes('tcp.options.tfo.cookie', at + before, at + length);
}

const EXPERIMENT_FAST_OPEN = 0xf989;

function experiment(sink: FieldSink, at: number, length: number): void {
  if (length < 4) return;
  if (sink.u16('tcp.options.experimental.exid', at + 2) === EXPERIMENT_FAST_OPEN)
    fastOpen(sink, at, length, 4);
  else if (length > 4) sink.bytes('tcp.options.experimental.data', at + 4, at + length);
}

// RFC 8684 §3: the upper half of the third byte.
const MP_CAPABLE = 0;
const MP_JOIN = 1;
const DSS = 2;
const MP_TCPRST = 8;

function multipath(sink: FieldSink, at: number, length: number, flags: number): void {
  if (length < 3) return;
  const first = sink.peek8(at + 2);
  const subtype = first >>> 4;
  sink.put('tcp.options.mptcp.subtype', subtype, at + 2, at + 3);
  switch (subtype) {
    case MP_CAPABLE:
      sink.put('tcp.options.mptcp.version', first & 0x0f, at + 2, at + 3);
      if (length < 4) return;
      sink.u8('tcp.options.mptcp.flags', at + 3);
      if (length >= 12) sink.u64('tcp.options.mptcp.sendkey', at + 4);
      if (length >= 20) sink.u64('tcp.options.mptcp.recvkey', at + 12);
      return;
    case MP_JOIN:
      if (length < 4 || (flags & TCP_SYN) === 0) return;
      sink.u8('tcp.options.mptcp.addrid', at + 3);
      if ((flags & TCP_ACK) === 0 && length >= 12) {
        sink.u32('tcp.options.mptcp.recvtok', at + 4);
        sink.u32('tcp.options.mptcp.sendrand', at + 8);
      }
      return;
    case DSS:
      dataSequence(sink, at, length);
      return;
    case MP_TCPRST:
      if (length < 4) return;
      sink.put('tcp.options.mptcp.flags', first & 0x0f, at + 2, at + 3);
      sink.u8('tcp.options.mptcp.rst_reason', at + 3);
  }
}

// RFC 8684 §3.3, in the fourth byte: A an acknowledgment is there, a of 8 bytes, M a mapping, m of an 8 byte number.
const DSS_ACK = 1;
const DSS_LONG_ACK = 2;
const DSS_MAP = 4;
const DSS_LONG_NUMBER = 8;

function dataSequence(sink: FieldSink, from: number, length: number): void {
  if (length < 4) return;
  const flags = sink.u8('tcp.options.mptcp.flags', from + 3);
  const end = from + length;
  let at = from + 4;
  if ((flags & DSS_ACK) !== 0)
    at = number(sink, 'tcp.options.mptcp.rawdataack', at, end, (flags & DSS_LONG_ACK) !== 0);
  if ((flags & DSS_MAP) === 0) return;
  at = number(sink, 'tcp.options.mptcp.rawdataseqno', at, end, (flags & DSS_LONG_NUMBER) !== 0);
  if (at + 6 > end) return;
  sink.u32('tcp.options.mptcp.subflowseqno', at);
  sink.u16('tcp.options.mptcp.datalvllen', at + 4);
}

/** @returns where the next one begins */
function number(sink: FieldSink, name: string, at: number, end: number, isLong: boolean): number {
  const to = at + (isLong ? 8 : 4);
  if (to > end) return end;
  if (isLong) sink.u64(name, at);
  else sink.u32(name, at);
  return to;
}
