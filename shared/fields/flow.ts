/** Fields of our own that all packets of a flow have, each packet of it with the same values: what lists of flows show. */
import { ENDINGS } from '../model/ending.ts';
import type { FieldInfo } from './field.ts';

export const FLOW_FIELDS: readonly FieldInfo[] = [
  { name: 'flow', title: 'Flow', type: 'protocol', about: 'packets of a TCP or UDP flow' },
  { name: 'flow.id', title: 'Number', type: 'unsigned', about: 'number of the flow in this analysis' },
  { name: 'flow.proto', title: 'Protocol', type: 'string', choices: ['tcp', 'udp'], about: 'tcp or udp' },
  {
    name: 'flow.client',
    title: 'Client',
    type: 'string',
    about: 'address and port: 10.0.0.1:4000, [2001:db8::1]:4000',
  },
  {
    name: 'flow.server',
    title: 'Server',
    type: 'string',
    about: 'address and port: 10.0.0.1:443, [2001:db8::1]:443',
  },
  { name: 'flow.ip', title: 'IPv4 address', type: 'ipv4', about: 'IPv4 addresses of both ends' },
  { name: 'flow.client.ip', title: 'IPv4 address of the client', type: 'ipv4' },
  { name: 'flow.server.ip', title: 'IPv4 address of the server', type: 'ipv4' },
  { name: 'flow.ipv6', title: 'IPv6 address', type: 'ipv6', about: 'IPv6 addresses of both ends' },
  { name: 'flow.client.ipv6', title: 'IPv6 address of the client', type: 'ipv6' },
  { name: 'flow.server.ipv6', title: 'IPv6 address of the server', type: 'ipv6' },
  { name: 'flow.port', title: 'Port', type: 'unsigned', about: 'ports of both ends' },
  { name: 'flow.client.port', title: 'Port of the client', type: 'unsigned' },
  { name: 'flow.server.port', title: 'Port of the server', type: 'unsigned' },
  {
    name: 'flow.host',
    title: 'Server name',
    type: 'string',
    about: 'SNI, HTTP host or DNS name of the server; absent where unknown',
  },
  {
    name: 'flow.app',
    title: 'Application',
    type: 'string',
    about: 'application protocol: tls, http …; absent where unknown',
  },
  {
    name: 'flow.state',
    title: 'State',
    type: 'string',
    about: 'state of the connection as Zeek names it: S0, SF, RSTO …',
  },
  {
    name: 'flow.ending',
    title: 'Ending',
    type: 'string',
    choices: [...ENDINGS, 'none'],
    about: 'how the connection ended',
  },
  {
    name: 'flow.marks',
    title: 'Marks',
    type: 'string',
    about: 'marks of the flow, comma separated: mid-stream, one-sided …',
  },
  { name: 'flow.packets', title: 'Packets', type: 'unsigned', about: 'packets of the flow' },
  { name: 'flow.bytes', title: 'Bytes', type: 'unsigned', about: 'payload bytes, both ways together' },
  { name: 'flow.client.bytes', title: 'Bytes of the client', type: 'unsigned' },
  { name: 'flow.server.bytes', title: 'Bytes of the server', type: 'unsigned' },
  {
    name: 'flow.duration',
    title: 'Duration',
    type: 'duration',
    about: 'seconds from its first to its last packet',
  },
  {
    name: 'flow.rtt',
    title: 'Round trip',
    type: 'duration',
    about: 'round trip of the handshake in seconds; absent where not seen',
  },
  {
    name: 'flow.idle',
    title: 'Silence before a reset',
    type: 'duration',
    about: 'seconds of silence before its resets, a value for each; absent where there is none',
  },
  {
    name: 'flow.retransmissions',
    title: 'Retransmissions',
    type: 'unsigned',
    about: 'segments of the flow sent again',
  },
  { name: 'flow.resets', title: 'Resets', type: 'unsigned', about: 'resets of the flow' },
];

/** Fields of our own that every packet has. */
export const CAPTURE_FIELDS: readonly FieldInfo[] = [
  { name: 'capture.file', title: 'File', type: 'unsigned', about: 'number of the file, from 0' },
];
