/**
 * The fields that the packet index answers, each with how a chunk's rows give it: as numbers, without an object for a packet.
 *
 * Invariant: where `presence` says PRESENT, the numbers are the values that Wireshark has for the field, and all of them. What
 * cannot be told so exactly is left to the bytes.
 */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import type { FieldValue } from '../../../shared/fields/field.ts';
import {
  KIND_TCP,
  TCP_ACK,
  TCP_AE,
  TCP_CWR,
  TCP_ECE,
  TCP_FIN,
  TCP_FLAGS_MASK,
  TCP_PSH,
  TCP_RST,
  TCP_SYN,
  TCP_URG,
} from '../decode/facts.ts';
import { PROTOCOL_TCP, PROTOCOL_UDP } from '../decode/ip-protocols.ts';
import * as marks from '../flow/marks.ts';
import {
  DIRECTION_WORDS,
  FIRST_TIME,
  FLOW_DIRECTION,
  SEEN,
  SEEN_SYN,
  SEEN_SYN_ACK,
  SYN_OPTIONS,
} from '../flow/record.ts';
import { FLAG_DF, FORM_IPV6, FORM_KIND } from '../store/packet-columns.ts';
import { NO_FLOW, type PacketChunk } from '../store/packet-index.ts';
import {
  HAS_EITHER_IP,
  HAS_FRAME,
  HAS_IPV4,
  HAS_IPV6,
  HAS_LENGTH,
  HAS_TCP,
  HAS_UDP,
  IS_IPV4,
  IS_IPV6,
  type PresenceTable,
} from './presence.ts';
import type { SelectStores } from './stores.ts';
import type { TcpBases } from './tcp-bases.ts';

/** What columns are read from. */
export interface PacketSources extends Pick<SelectStores, 'packets' | 'flows' | 'clock'> {
  readonly bases: TcpBases;
}

/** Rows of one chunk, and where in the index it is. */
export interface Rows {
  readonly chunk: PacketChunk;
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

/** A field with one number in each packet that has it. */
export interface NumberColumn {
  readonly kind: 'number';
  readonly presence: PresenceTable;
  /** Whether the number is of the packet's place in its flow, so that one of no flow is left to the bytes. */
  readonly ofFlow: boolean;
  /** Writes the numbers of the rows to the same places of `into`; those of packets without the field mean nothing. */
  read(sources: PacketSources, rows: Rows, into: Float64Array): void;
  /** A value of the field as the numbers have it; undefined for what is none. */
  toNumber(value: FieldValue, sources: PacketSources): number | undefined;
  fromNumber(number: number, sources: PacketSources): FieldValue;
}

/** A field that has a value only in packets of a mark, and then one that says nothing more. */
export interface MarkColumn {
  readonly kind: 'mark';
  readonly presence: PresenceTable;
  /** One of these bits of the `marks` column. */
  readonly marks: number;
}

/** A layer, of which only the presence is known. */
export interface LayerColumn {
  readonly kind: 'layer';
  readonly presence: PresenceTable;
}

/** Addresses and ports: what the flow has for its ends. */
export interface EndColumn {
  readonly kind: 'end';
  readonly presence: PresenceTable;
  readonly which: 'source' | 'destination' | 'both';
  readonly what: 'ipv4' | 'ipv6' | 'port';
}

export type PacketColumn = NumberColumn | MarkColumn | LayerColumn | EndColumn;

const NS_PER_SECOND = 1e9;

function plainNumber(value: FieldValue): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'bigint') return Number(value);
  return undefined;
}

type Read = NumberColumn['read'];

function numbers(presence: PresenceTable, read: Read, ofFlow = false): NumberColumn {
  const fromNumber = (number: number): FieldValue => number;
  return { kind: 'number', presence, ofFlow, read, toNumber: plainNumber, fromNumber };
}

function flags(presence: PresenceTable, read: Read): NumberColumn {
  return { ...numbers(presence, read), fromNumber: (number) => number !== 0 };
}

/** Seconds in filters, nanoseconds in the column: so exact as Wireshark compares them. */
function durations(presence: PresenceTable, read: Read, ofFlow = false): NumberColumn {
  return {
    ...numbers(presence, read, ofFlow),
    toNumber: (value) => {
      const seconds = plainNumber(value);
      return seconds === undefined ? undefined : Math.round(seconds * NS_PER_SECOND);
    },
    fromNumber: (number) => number / NS_PER_SECOND,
  };
}

function column(presence: PresenceTable, of: (chunk: PacketChunk, row: number) => number): NumberColumn {
  return numbers(presence, (_, { chunk, from, to }, into) => {
    for (let row = from; row < to; row++) into[row] = of(chunk, row);
  });
}

function tcpFlag(bit: number): NumberColumn {
  return flags(HAS_TCP, (_, { chunk, from, to }, into) => {
    const values = chunk.flags;
    for (let row = from; row < to; row++) into[row] = (values[row] & bit) === 0 ? 0 : 1;
  });
}

function unsigned32(of: (chunk: PacketChunk) => Int32Array): NumberColumn {
  return numbers(HAS_TCP, (_, { chunk, from, to }, into) => {
    const values = of(chunk);
    for (let row = from; row < to; row++) into[row] = values[row] >>> 0;
  });
}

function relative(of: (chunk: PacketChunk) => Int32Array, ofOtherSide: 0 | 1): NumberColumn {
  return numbers(
    HAS_TCP,
    ({ bases }, { chunk, from, to }, into) => {
      const values = of(chunk);
      const all = bases.bases;
      const { flow, flags: segment } = chunk;
      for (let row = from; row < to; row++) {
        const isCounted = ofOtherSide === 0 || (segment[row] & TCP_ACK) !== 0;
        const base = isCounted && flow[row] < all.length ? all[flow[row] ^ ofOtherSide] : 0;
        into[row] = (values[row] - base) >>> 0;
      }
    },
    true,
  );
}

/** RFC 7323 §2.3. */
const MAX_SHIFT = 14;

/** Windows are shifted once both SYNs, as far as they are in the capture, said so; those of SYNs never are (RFC 7323 §2.2). */
function windowShift(sources: PacketSources, flow: FlowRecord, direction: 0 | 1): number {
  const { words } = sources.flows.block(flow);
  const at = sources.flows.wordsAt(flow) + FLOW_DIRECTION;
  const own = at + direction * DIRECTION_WORDS;
  const other = at + (1 - direction) * DIRECTION_WORDS;
  if ((words[own + SEEN] & (SEEN_SYN | SEEN_SYN_ACK)) === 0) return -1;
  const shift = (words[own + SYN_OPTIONS] & 0xffff) - 1;
  const isOtherSeen = (words[other + SEEN] & (SEEN_SYN | SEEN_SYN_ACK)) !== 0;
  const isOtherWilling = (words[other + SYN_OPTIONS] & 0xffff) !== 0;
  return shift < 0 || (isOtherSeen && !isOtherWilling) ? -2 : Math.min(shift, MAX_SHIFT);
}

const UNASKED = 255;
/** By flow << 1 | direction; of the chunk that is read. */
let shifts = new Uint8Array(0);

/** Packets of many flows stand side by side, so that each direction's shift is asked for once a chunk. */
const scaledWindow = numbers(HAS_TCP, (sources, { chunk, from, to }, into) => {
  const { window, flow, flags: segment } = chunk;
  const directions = 2 * sources.flows.records;
  if (shifts.length < directions) shifts = new Uint8Array(2 * directions);
  shifts.fill(UNASKED, 0, directions);
  for (let row = from; row < to; row++) {
    const at = flow[row];
    if (at >>> 1 === NO_FLOW || (chunk.formAt(row) & FORM_KIND) !== KIND_TCP) continue;
    if (shifts[at] === UNASKED) {
      shifts[at] = Math.max(0, windowShift(sources, (at >>> 1) as FlowRecord, (at & 1) as 0 | 1));
    }
    into[row] = (segment[row] & TCP_SYN) !== 0 ? window[row] : window[row] << shifts[at];
  }
});

/** Nanoseconds of the packet before it in the same file. */
export function sincePrevious({ packets }: PacketSources, { chunk, index }: Rows, row: number): number {
  if (row > 0) return chunk.timeAt(row) - chunk.timeAt(row - 1);
  if (!packets.holdsChunk(index - 1)) return 0;
  const before = packets.chunkAt(index - 1);
  if (before.file !== chunk.file || before.used === 0) return 0;
  return chunk.timeAt(0) - before.timeAt(before.used - 1);
}

/** Time of the first packet of the chunk's file, as far as it is kept. */
export function firstTimeOfFile({ packets }: PacketSources, index: number): number {
  const file = packets.fileOfChunk(index);
  let first = index;
  // Chunks of a file lie beside each other.
  while (packets.holdsChunk(first - 1) && packets.fileOfChunk(first - 1) === file) first--;
  return packets.chunkAt(first).timeAt(0);
}

/** Nanoseconds since the segment before it in its flow; 0 for the first. */
export function sincePreviousOfFlow({ packets }: PacketSources, chunk: PacketChunk, row: number): number {
  let previous = chunk.previous[row] as PacketNumber;
  // ICMP errors hang in the chain of the flow that they are about.
  while (packets.holds(previous) && (packets.marks(previous) & marks.MARK_ICMP) !== 0) {
    previous = packets.previous(previous);
  }
  return packets.holds(previous) ? chunk.timeAt(row) - packets.time(previous) : 0;
}

function mark(bits: number): MarkColumn {
  return { kind: 'mark', presence: HAS_TCP, marks: bits };
}

function layer(presence: PresenceTable): LayerColumn {
  return { kind: 'layer', presence };
}

function end(presence: PresenceTable, what: EndColumn['what'], which: EndColumn['which']): EndColumn {
  return { kind: 'end', presence, which, what };
}

/** What Wireshark calls analysis flags: not all that the tracker marks. */
const ANALYSIS_MARKS =
  marks.MARK_ANY_RETRANSMISSION |
  marks.MARK_OUT_OF_ORDER |
  marks.MARK_LOST_SEGMENT |
  marks.MARK_ACKED_UNSEEN |
  marks.MARK_DUPLICATE_ACK |
  marks.MARK_ZERO_WINDOW |
  marks.MARK_ZERO_WINDOW_PROBE |
  marks.MARK_WINDOW_FULL |
  marks.MARK_KEEP_ALIVE |
  marks.MARK_KEEP_ALIVE_ACK |
  marks.MARK_WINDOW_UPDATE;

/** Nanoseconds since 1970 in filters, since the capture's first packet in the column. */
const instants: NumberColumn = {
  ...column(HAS_FRAME, (chunk, row) => chunk.timeAt(row)),
  toNumber: (value, { clock }) =>
    typeof value === 'bigint' ? Number(value - (clock.epochNs ?? 0n)) : undefined,
  fromNumber: (number, { clock }) => (clock.epochNs ?? 0n) + BigInt(Math.round(number)),
};

const COLUMNS: Readonly<Record<string, PacketColumn>> = {
  frame: layer(HAS_FRAME),
  'frame.number': numbers(HAS_FRAME, (_, { chunk, from, to }, into) => {
    for (let row = from; row < to; row++) into[row] = chunk.frame(row);
  }),
  'frame.len': numbers(HAS_LENGTH, (_, { chunk, from, to }, into) => {
    for (let row = from; row < to; row++) into[row] = chunk.payloadBytesAt(row) + chunk.overheadAt(row);
  }),
  'frame.time': instants,
  'frame.time_epoch': instants,
  'frame.time_relative': durations(HAS_FRAME, (sources, { chunk, index, from, to }, into) => {
    const first = firstTimeOfFile(sources, index);
    for (let row = from; row < to; row++) into[row] = chunk.timeAt(row) - first;
  }),
  'frame.time_delta': durations(HAS_FRAME, (sources, rows, into) => {
    for (let row = rows.from; row < rows.to; row++) into[row] = sincePrevious(sources, rows, row);
  }),
  'capture.file': numbers(HAS_FRAME, (_, { chunk, from, to }, into) => void into.fill(chunk.file, from, to)),

  ip: layer(IS_IPV4),
  'ip.version': numbers(HAS_EITHER_IP, (_, { chunk, from, to }, into) => {
    for (let row = from; row < to; row++) into[row] = (chunk.formAt(row) & FORM_IPV6) === 0 ? 4 : 6;
  }),
  'ip.proto': numbers(HAS_IPV4, (_, { chunk, from, to }, into) => {
    for (let row = from; row < to; row++)
      into[row] = (chunk.formAt(row) & FORM_KIND) === KIND_TCP ? PROTOCOL_TCP : PROTOCOL_UDP;
  }),
  'ip.ttl': column(HAS_IPV4, (chunk, row) => chunk.ttlAt(row)),
  'ip.id': column(HAS_IPV4, ({ ipId }, row) => ipId[row]),
  'ip.dsfield': column(HAS_IPV4, (chunk, row) => chunk.tosAt(row)),
  'ip.flags.df': flags(HAS_IPV4, (_, { chunk, from, to }, into) => {
    const values = chunk.flags;
    for (let row = from; row < to; row++) into[row] = (values[row] & FLAG_DF) === 0 ? 0 : 1;
  }),
  'ip.src': end(HAS_IPV4, 'ipv4', 'source'),
  'ip.dst': end(HAS_IPV4, 'ipv4', 'destination'),
  'ip.addr': end(HAS_IPV4, 'ipv4', 'both'),
  ipv6: layer(IS_IPV6),
  'ipv6.hlim': column(HAS_IPV6, (chunk, row) => chunk.ttlAt(row)),
  'ipv6.tclass': column(HAS_IPV6, (chunk, row) => chunk.tosAt(row)),
  'ipv6.src': end(HAS_IPV6, 'ipv6', 'source'),
  'ipv6.dst': end(HAS_IPV6, 'ipv6', 'destination'),
  'ipv6.addr': end(HAS_IPV6, 'ipv6', 'both'),

  tcp: layer(HAS_TCP),
  'tcp.srcport': end(HAS_TCP, 'port', 'source'),
  'tcp.dstport': end(HAS_TCP, 'port', 'destination'),
  'tcp.port': end(HAS_TCP, 'port', 'both'),
  'tcp.stream': numbers(HAS_TCP, readStream, true),
  'tcp.len': column(HAS_TCP, (chunk, row) => chunk.payloadBytesAt(row)),
  'tcp.seq': relative(({ seq }) => seq, 0),
  'tcp.seq_raw': unsigned32(({ seq }) => seq),
  'tcp.ack': relative(({ ack }) => ack, 1),
  'tcp.ack_raw': unsigned32(({ ack }) => ack),
  'tcp.flags': numbers(HAS_TCP, (_, { chunk, from, to }, into) => {
    const values = chunk.flags;
    for (let row = from; row < to; row++) into[row] = values[row] & TCP_FLAGS_MASK;
  }),
  'tcp.flags.ae': tcpFlag(TCP_AE),
  'tcp.flags.ns': tcpFlag(TCP_AE),
  'tcp.flags.cwr': tcpFlag(TCP_CWR),
  'tcp.flags.ece': tcpFlag(TCP_ECE),
  'tcp.flags.ecn': tcpFlag(TCP_ECE),
  'tcp.flags.urg': tcpFlag(TCP_URG),
  'tcp.flags.ack': tcpFlag(TCP_ACK),
  'tcp.flags.push': tcpFlag(TCP_PSH),
  'tcp.flags.reset': tcpFlag(TCP_RST),
  'tcp.flags.syn': tcpFlag(TCP_SYN),
  'tcp.flags.fin': tcpFlag(TCP_FIN),
  'tcp.window_size_value': column(HAS_TCP, ({ window }, row) => window[row]),
  'tcp.window_size': { ...scaledWindow, ofFlow: true },
  'tcp.time_relative': durations(
    HAS_TCP,
    ({ flows }, { chunk, from, to }, into) => {
      const { flow } = chunk;
      for (let row = from; row < to; row++) {
        if (flow[row] >>> 1 !== NO_FLOW)
          into[row] = chunk.timeAt(row) - flows.double((flow[row] >>> 1) as FlowRecord, FIRST_TIME);
      }
    },
    true,
  ),
  'tcp.time_delta': durations(
    HAS_TCP,
    (sources, { chunk, from, to }, into) => {
      for (let row = from; row < to; row++) {
        if ((chunk.formAt(row) & FORM_KIND) === KIND_TCP)
          into[row] = sincePreviousOfFlow(sources, chunk, row);
      }
    },
    true,
  ),
  'tcp.analysis.flags': mark(ANALYSIS_MARKS),
  'tcp.analysis.retransmission': mark(marks.MARK_ANY_RETRANSMISSION),
  'tcp.analysis.fast_retransmission': mark(marks.MARK_FAST_RETRANSMISSION),
  'tcp.analysis.spurious_retransmission': mark(marks.MARK_SPURIOUS_RETRANSMISSION),
  'tcp.analysis.out_of_order': mark(marks.MARK_OUT_OF_ORDER),
  'tcp.analysis.lost_segment': mark(marks.MARK_LOST_SEGMENT),
  'tcp.analysis.ack_lost_segment': mark(marks.MARK_ACKED_UNSEEN),
  'tcp.analysis.duplicate_ack': mark(marks.MARK_DUPLICATE_ACK),
  'tcp.analysis.zero_window': mark(marks.MARK_ZERO_WINDOW),
  'tcp.analysis.zero_window_probe': mark(marks.MARK_ZERO_WINDOW_PROBE),
  'tcp.analysis.window_full': mark(marks.MARK_WINDOW_FULL),
  'tcp.analysis.keep_alive': mark(marks.MARK_KEEP_ALIVE),
  'tcp.analysis.keep_alive_ack': mark(marks.MARK_KEEP_ALIVE_ACK),
  'tcp.analysis.window_update': mark(marks.MARK_WINDOW_UPDATE),

  udp: layer(HAS_UDP),
  'udp.srcport': end(HAS_UDP, 'port', 'source'),
  'udp.dstport': end(HAS_UDP, 'port', 'destination'),
  'udp.port': end(HAS_UDP, 'port', 'both'),
  'udp.stream': numbers(HAS_UDP, readStream, true),
};

const BY_NAME: ReadonlyMap<string, PacketColumn> = new Map(Object.entries(COLUMNS));

/** The column of a field; undefined where the index has none. */
export function packetColumn(field: string): PacketColumn | undefined {
  return BY_NAME.get(field);
}

function readStream({ bases }: PacketSources, { chunk, from, to }: Rows, into: Float64Array): void {
  const { flow } = chunk;
  for (let row = from; row < to; row++) {
    if (flow[row] >>> 1 !== NO_FLOW) into[row] = bases.stream((flow[row] >>> 1) as FlowRecord);
  }
}
