/**
 * What a list says of a packet beside its numbers: both ends, the protocol, and a line of information in Wireshark's form, as
 * far as the index knows without reading the packet again.
 */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { flagNames } from '../../../shared/format/flags.ts';
import { addressText } from '../../../shared/format/address.ts';
import type { FlowHints } from '../../../shared/model/hints.ts';
import type { PacketRow } from '../../../shared/model/rows.ts';
import { icmpText } from '../../../shared/texts/icmp.ts';
import { TCP_ACK, TCP_FLAGS_MASK, TCP_SYN } from '../decode/facts.ts';
import { SYN_OPTIONS, ipVersionOf } from '../flow/record.ts';
import { MARK_ICMP } from '../flow/marks.ts';
import type { IcmpLog } from '../store/icmp-log.ts';
import { ICMP_META, ICMP_PACKET, ICMP_QUOTED_SRC, ICMP_REPORTER } from '../store/icmp-log.ts';
import { NO_FLOW } from '../store/packet-index.ts';
import type { PacketIndex } from '../store/packet-index.ts';
import type { FlowView } from './flow-view.ts';

/** Where the line is read from; the session has all of it. */
export interface PacketSources {
  readonly packets: PacketIndex;
  readonly flowView: FlowView;
  readonly icmpLog: IcmpLog;
  hints(flow: FlowRecord): FlowHints | undefined;
  /** A name for the address of one side, where the capture itself gives one. */
  name(flow: FlowRecord, direction: 0 | 1): string | undefined;
}

export type PacketLine = Pick<
  PacketRow,
  | 'source'
  | 'sourcePort'
  | 'sourceName'
  | 'destination'
  | 'destinationPort'
  | 'destinationName'
  | 'protocol'
  | 'info'
  | 'scaledWindow'
>;

/** Of a packet that belongs to no flow the index keeps neither ends nor protocol. */
const UNKNOWN_LINE: PacketLine = {
  source: '',
  sourcePort: -1,
  sourceName: '',
  destination: '',
  destinationPort: -1,
  destinationName: '',
  protocol: '',
  info: '',
  scaledWindow: 0,
};

/** Notes that Wireshark puts in brackets before the line. */
const BRACKETED: ReadonlyMap<string, string> = new Map([
  ['retransmission', 'TCP Retransmission'],
  ['fast retransmission', 'TCP Fast Retransmission'],
  ['spurious retransmission', 'TCP Spurious Retransmission'],
  ['out of order', 'TCP Out-Of-Order'],
  ['previous segment not captured', 'TCP Previous segment not captured'],
  ['acknowledges unseen data', 'TCP ACKed unseen segment'],
  ['duplicate ACK', 'TCP Dup ACK'],
  ['zero window', 'TCP ZeroWindow'],
  ['zero window probe', 'TCP ZeroWindowProbe'],
  ['window full', 'TCP Window Full'],
  ['keep-alive', 'TCP Keep-Alive'],
  ['keep-alive ACK', 'TCP Keep-Alive ACK'],
  ['window update', 'TCP Window Update'],
]);

/** Largest shift (RFC 7323 §2.3). */
const MAX_SHIFT = 14;
const DNS_RESPONSE = 0x8000;

/** @param numbers of the packet's row, that the line repeats */
export function packetLine(
  sources: PacketSources,
  packet: PacketNumber,
  numbers: Pick<PacketRow, 'seq' | 'ack' | 'payload' | 'notes'>,
): PacketLine {
  const { packets, flowView } = sources;
  const flow = packets.flow(packet);
  if (flow === NO_FLOW) return UNKNOWN_LINE;
  if ((packets.marks(packet) & MARK_ICMP) !== 0) return icmpLine(sources, packet, flow);
  const direction = packets.direction(packet);
  const from = direction;
  const to = direction === 0 ? 1 : 0;
  const ends = {
    source: flowView.address(flow, from),
    sourcePort: flowView.port(flow, from),
    sourceName: sources.name(flow, from) ?? '',
    destination: flowView.address(flow, to),
    destinationPort: flowView.port(flow, to),
    destinationName: sources.name(flow, to) ?? '',
  };
  const hints = sources.hints(flow);
  const ports = `${ends.sourcePort} → ${ends.destinationPort}`;
  if (!flowView.isTcp(flow)) {
    return { ...ends, ...datagramLine(packets, packet, ports, numbers.payload, hints), scaledWindow: 0 };
  }
  const flags = packets.flags(packet) & TCP_FLAGS_MASK;
  const shift = windowShift(flowView, flow, direction, flags);
  const scaledWindow = packets.window(packet) * 2 ** shift;
  const words = [
    ...bracketed(numbers.notes),
    ports,
    `[${flags === 0 ? '<None>' : flagNames(flags)}]`,
    `Seq=${numbers.seq}`,
    ...((flags & TCP_ACK) === 0 ? [] : [`Ack=${numbers.ack}`]),
    `Win=${scaledWindow}`,
    `Len=${numbers.payload}`,
    ...scaleOffered(flowView, flow, direction, flags),
  ];
  const message = messageOf(hints, packet);
  const carries = numbers.payload > 0 && hints !== undefined;
  return {
    ...ends,
    protocol: carries ? protocolName(hints) : 'TCP',
    info: message === undefined ? words.join(' ') : message,
    scaledWindow,
  };
}

function bracketed(notes: string): string[] {
  if (notes === '') return [];
  return notes.split(', ').flatMap((note) => {
    const name = BRACKETED.get(note);
    return name === undefined ? [] : [`[${name}]`];
  });
}

/** Windows of SYNs are never scaled, and others only where both sides offered it (RFC 7323 §2.2). */
function windowShift(flows: FlowView, flow: FlowRecord, direction: 0 | 1, flags: number): number {
  if ((flags & TCP_SYN) !== 0) return 0;
  const own = flows.directionWord(flow, direction, SYN_OPTIONS) & 0xffff;
  const other = flows.directionWord(flow, direction === 0 ? 1 : 0, SYN_OPTIONS) & 0xffff;
  return own > 0 && other > 0 ? Math.min(own - 1, MAX_SHIFT) : 0;
}

function scaleOffered(flows: FlowView, flow: FlowRecord, direction: 0 | 1, flags: number): string[] {
  if ((flags & TCP_SYN) === 0) return [];
  const own = flows.directionWord(flow, direction, SYN_OPTIONS) & 0xffff;
  return own > 0 ? [`WS=${2 ** Math.min(own - 1, MAX_SHIFT)}`] : [];
}

const PROTOCOL_NAMES: Readonly<Partial<Record<FlowHints['protocol'], string>>> = {
  http2: 'HTTP2',
  postgresql: 'PGSQL',
  mongodb: 'MONGO',
  bittorrent: 'BitTorrent',
};

function protocolName(hints: FlowHints): string {
  return PROTOCOL_NAMES[hints.protocol] ?? hints.protocol.toUpperCase();
}

/** The message that begins in the packet, where the hints of its flow hold it. */
function messageOf(hints: FlowHints | undefined, packet: PacketNumber): string | undefined {
  if (hints === undefined) return undefined;
  const { http, httpStatus, lastTlsAlert: alert, error } = hints;
  if (http?.requestPacket === packet) return `${http.method} ${http.target} HTTP/1`;
  if (httpStatus?.packet === packet) return `HTTP/1 ${httpStatus.code} ${httpStatus.reason}`;
  if (hints.clientHelloPacket === packet) {
    return `Client Hello${hints.serverName === null ? '' : ` (SNI=${hints.serverName})`}`;
  }
  if (alert?.packet === packet) return `Alert (${alert.description ?? 'encrypted'})`;
  if (error?.packet === packet) return `Error ${error.code}: ${error.text}`;
  return undefined;
}

function datagramLine(
  packets: PacketIndex,
  packet: PacketNumber,
  ports: string,
  payload: number,
  hints: FlowHints | undefined,
): Pick<PacketLine, 'protocol' | 'info'> {
  const question = packets.seq(packet);
  const header = packets.ack(packet);
  if (question !== 0 && header !== 0) {
    const id = (header >>> 16).toString(16).padStart(4, '0');
    const what = (header & DNS_RESPONSE) === 0 ? 'query' : 'query response';
    return { protocol: 'DNS', info: `Standard ${what} 0x${id}` };
  }
  const protocol = hints === undefined || payload === 0 ? 'UDP' : protocolName(hints);
  return { protocol, info: `${ports} Len=${payload}` };
}

/** An ICMP error belongs to the flow of the packet that it quotes; it comes from whoever reports, to that packet's sender. */
function icmpLine(sources: PacketSources, packet: PacketNumber, flow: FlowRecord): PacketLine {
  const typeAndCode = sources.packets.seq(packet);
  const { flowView, icmpLog } = sources;
  const version = flowView.ipVersion(flow) === 6 ? 6 : 4;
  const { name } = icmpText(version, typeAndCode >> 8, typeAndCode & 0xff);
  const id = icmpOf(icmpLog, packet);
  const quoted = `${flowView.endpoint(flow, 0)} → ${flowView.endpoint(flow, 1)}`;
  const line = {
    ...UNKNOWN_LINE,
    protocol: version === 6 ? 'ICMPv6' : 'ICMP',
    info: `${name[0].toUpperCase()}${name.slice(1)}, about ${quoted}`,
  };
  if (id === undefined) return line;
  const words = icmpLog.words(id);
  const at = icmpLog.at(id);
  const family = ipVersionOf(words[at + ICMP_META]);
  return {
    ...line,
    source: addressText(words, at + ICMP_REPORTER, family),
    destination: addressText(words, at + ICMP_QUOTED_SRC, family),
  };
}

/** The record of an ICMP error: the log is in the order of packets. */
function icmpOf(log: IcmpLog, packet: PacketNumber): number | undefined {
  let low = log.first;
  let high = log.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (log.words(middle)[log.at(middle) + ICMP_PACKET] >>> 0 < packet) low = middle + 1;
    else high = middle;
  }
  return low < log.count && log.words(low)[log.at(low) + ICMP_PACKET] >>> 0 === packet ? low : undefined;
}
