import type { FieldInfo } from './field.ts';

export const TCP_FIELDS: readonly FieldInfo[] = [
  { name: 'tcp', title: 'Transmission Control Protocol', type: 'protocol' },
  { name: 'tcp.srcport', title: 'Source Port', type: 'unsigned' },
  { name: 'tcp.dstport', title: 'Destination Port', type: 'unsigned' },
  { name: 'tcp.port', title: 'Source or Destination Port', type: 'unsigned' },
  { name: 'tcp.stream', title: 'Stream index', type: 'unsigned' },
  { name: 'tcp.len', title: 'TCP Segment Len', type: 'unsigned' },
  { name: 'tcp.seq', title: 'Sequence Number', type: 'unsigned' },
  { name: 'tcp.ack', title: 'Acknowledgment Number', type: 'unsigned' },
  { name: 'tcp.flags', title: 'Flags', type: 'unsigned', base: 'hex' },
  { name: 'tcp.flags.syn', title: 'Syn', type: 'boolean' },
  { name: 'tcp.flags.ack', title: 'Acknowledgment', type: 'boolean' },
  { name: 'tcp.flags.fin', title: 'Fin', type: 'boolean' },
  { name: 'tcp.flags.reset', title: 'Reset', type: 'boolean' },
  { name: 'tcp.window_size', title: 'Calculated window size', type: 'unsigned' },
  { name: 'tcp.payload', title: 'TCP payload', type: 'bytes' },
];
