import type { FieldInfo } from './field.ts';

export const UDP_FIELDS: readonly FieldInfo[] = [
  { name: 'udp', title: 'User Datagram Protocol', type: 'protocol' },
  { name: 'udp.srcport', title: 'Source Port', type: 'unsigned' },
  { name: 'udp.dstport', title: 'Destination Port', type: 'unsigned' },
  { name: 'udp.port', title: 'Source or Destination Port', type: 'unsigned' },
  { name: 'udp.stream', title: 'Stream index', type: 'unsigned' },
  { name: 'udp.length', title: 'Length', type: 'unsigned' },
];
