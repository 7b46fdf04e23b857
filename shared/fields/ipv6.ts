import type { FieldInfo } from './field.ts';

export const IPV6_FIELDS: readonly FieldInfo[] = [
  { name: 'ipv6', title: 'Internet Protocol Version 6', type: 'protocol' },
  { name: 'ipv6.plen', title: 'Payload Length', type: 'unsigned' },
  { name: 'ipv6.nxt', title: 'Next Header', type: 'unsigned' },
  { name: 'ipv6.hlim', title: 'Hop Limit', type: 'unsigned' },
  { name: 'ipv6.src', title: 'Source Address', type: 'ipv6' },
  { name: 'ipv6.dst', title: 'Destination Address', type: 'ipv6' },
  { name: 'ipv6.addr', title: 'Source or Destination Address', type: 'ipv6' },
];
