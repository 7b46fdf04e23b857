import type { FieldInfo } from './field.ts';

export const IP_FIELDS: readonly FieldInfo[] = [
  { name: 'ip', title: 'Internet Protocol Version 4', type: 'protocol' },
  { name: 'ip.version', title: 'Version', type: 'unsigned' },
  { name: 'ip.hdr_len', title: 'Header Length', type: 'unsigned' },
  { name: 'ip.len', title: 'Total Length', type: 'unsigned' },
  { name: 'ip.id', title: 'Identification', type: 'unsigned', base: 'hex' },
  { name: 'ip.flags.df', title: "Don't fragment", type: 'boolean' },
  { name: 'ip.flags.mf', title: 'More fragments', type: 'boolean' },
  { name: 'ip.frag_offset', title: 'Fragment Offset', type: 'unsigned' },
  { name: 'ip.ttl', title: 'Time to Live', type: 'unsigned' },
  { name: 'ip.proto', title: 'Protocol', type: 'unsigned' },
  { name: 'ip.src', title: 'Source Address', type: 'ipv4' },
  { name: 'ip.dst', title: 'Destination Address', type: 'ipv4' },
  { name: 'ip.addr', title: 'Source or Destination Address', type: 'ipv4' },
];
