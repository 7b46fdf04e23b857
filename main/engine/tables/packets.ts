/** The table of packets, as lists show them; `resetscope packets --fields` gives any other field. */
import type { PacketRow } from '../../../shared/model/rows.ts';
import { type Column, known, knownText, secondsOf } from './column.ts';
import { frameColumns } from './shared-columns.ts';

const isTcp = (row: PacketRow): boolean => row.flow >= 0 && row.flags !== 0;

export const PACKET_TABLE: readonly Column<PacketRow>[] = [
  {
    name: 'packet',
    type: 'int',
    about: 'number of the packet in the capture, from 0',
    read: (row) => row.packet,
  },
  ...frameColumns<PacketRow>((row) => row, 'the packet'),
  { name: 'time', type: 'time', about: 'when it was captured', read: (row) => row.timeNs },
  {
    name: 'since_in_flow_seconds',
    type: 'real',
    unit: 'seconds',
    about: 'since the packet before it in its flow',
    read: (row) => secondsOf(row.sinceInFlowNs),
  },
  { name: 'flow', type: 'int', about: 'its flow, as in the table of flows', read: (row) => known(row.flow) },
  {
    name: 'from',
    type: 'text',
    about: 'client or server of its flow',
    read: (row) => (row.from === 'none' ? null : row.from),
  },
  { name: 'source_address', type: 'text', about: 'its sender', read: (row) => knownText(row.source) },
  { name: 'source_port', type: 'int', about: 'its port', read: (row) => known(row.sourcePort) },
  {
    name: 'destination_address',
    type: 'text',
    about: 'its receiver',
    read: (row) => knownText(row.destination),
  },
  { name: 'destination_port', type: 'int', about: 'its port', read: (row) => known(row.destinationPort) },
  {
    name: 'protocol',
    type: 'text',
    about: 'the highest one that is known',
    read: (row) => knownText(row.protocol),
  },
  {
    name: 'length',
    type: 'int',
    unit: 'bytes',
    about: 'of the frame on the wire',
    read: (row) => row.length,
  },
  {
    name: 'payload',
    type: 'int',
    unit: 'bytes',
    about: 'that TCP or UDP carries',
    read: (row) => known(row.payload),
  },
  {
    name: 'tcp_flags',
    type: 'int',
    about: 'the 12 bits of TCP’s flags (RFC 9293 §3.1)',
    read: (row) => (isTcp(row) ? row.flags : null),
  },
  {
    name: 'tcp_sequence',
    type: 'int',
    about: 'sequence number as on the wire',
    read: (row) => (isTcp(row) ? row.rawSeq : null),
  },
  {
    name: 'tcp_acknowledgement',
    type: 'int',
    about: 'acknowledgement number as on the wire',
    read: (row) => (isTcp(row) ? row.rawAck : null),
  },
  {
    name: 'tcp_window',
    type: 'int',
    unit: 'bytes',
    about: 'scaled where both SYNs were seen',
    read: (row) => (isTcp(row) ? row.scaledWindow : null),
  },
  {
    name: 'ttl',
    type: 'int',
    about: 'TTL or hop limit',
    read: (row) => (row.flow < 0 ? null : known(row.ttl)),
  },
  {
    name: 'ip_id',
    type: 'int',
    about: 'IPv4 identification',
    read: (row) => (row.flow < 0 ? null : known(row.ipId)),
  },
  {
    name: 'reset',
    type: 'int',
    about: 'the reset that it is, as in the table of resets',
    read: (row) => known(row.reset),
  },
  {
    name: 'origin',
    type: 'text',
    about: 'who sent that reset',
    read: (row) => (row.origin === 'none' ? null : row.origin),
  },
  { name: 'info', type: 'text', about: 'what it says, in one line', read: (row) => knownText(row.info) },
  {
    name: 'notes',
    type: 'text',
    about: 'retransmission, duplicate ACK …',
    read: (row) => knownText(row.notes),
  },
];
