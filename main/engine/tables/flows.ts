/** The table of flows: TCP connections and UDP conversations. */
import type { FlowRow } from '../../../shared/model/rows.ts';
import { type Column, knownText, secondsOf } from './column.ts';
import { endColumns } from './shared-columns.ts';

export const FLOW_TABLE: readonly Column<FlowRow>[] = [
  { name: 'flow', type: 'int', about: 'number of the flow in the capture, from 0', read: (row) => row.id },
  {
    name: 'file',
    type: 'text',
    about: 'the capture file that holds its first packet',
    read: (row, context) => context.path(row.file),
  },
  { name: 'start', type: 'time', about: 'its first packet', read: (row) => row.startNs },
  {
    name: 'duration_seconds',
    type: 'real',
    unit: 'seconds',
    about: 'from its first packet to its last',
    read: (row) => secondsOf(row.durationNs),
  },
  { name: 'protocol', type: 'text', about: 'tcp or udp', read: (row) => row.protocol },
  ...endColumns<FlowRow>((row) => row),
  {
    name: 'application',
    type: 'text',
    about: 'protocol that its bytes speak, such as http or tls',
    read: (row) => knownText(row.application),
  },
  { name: 'packets', type: 'int', about: 'of both sides', read: (row) => row.packets },
  {
    name: 'client_bytes',
    type: 'int',
    unit: 'bytes',
    about: 'payload that the client sent, what it sent again included',
    read: (row) => row.clientBytes,
  },
  {
    name: 'server_bytes',
    type: 'int',
    unit: 'bytes',
    about: 'payload that the server sent, what it sent again included',
    read: (row) => row.serverBytes,
  },
  {
    name: 'state',
    type: 'text',
    about: 'Zeek’s conn_state of a TCP connection: SF, S0, RSTO …',
    read: (row) => knownText(row.state),
  },
  {
    name: 'history',
    type: 'text',
    about: 'what happened in order of its first time, as in Zeek’s history, each letter once',
    read: (row) => knownText(row.history),
  },
  {
    name: 'ending',
    type: 'text',
    about: 'how it ended, as `resetscope analyze` counts it; empty where nobody can say',
    read: (row) => (row.ending === 'none' ? null : row.ending),
  },
  {
    name: 'handshake_seconds',
    type: 'real',
    unit: 'seconds',
    about: 'from SYN to the ACK that ended the handshake',
    read: (row) => secondsOf(row.rttNs),
  },
  {
    name: 'retransmissions',
    type: 'int',
    unit: 'packets',
    about: 'of both sides',
    read: (row) => row.retransmissions,
  },
  { name: 'resets', type: 'int', unit: 'packets', about: 'of both sides', read: (row) => row.resets },
  {
    name: 'points',
    type: 'int',
    about: 'capture points that hold it: 1 unless several captures were joined',
    read: (row) => row.points,
  },
  {
    name: 'marks',
    type: 'text',
    about: 'what weakens its numbers: mid-stream, one-sided, gaps …',
    read: (row) => knownText(row.marks),
  },
];
