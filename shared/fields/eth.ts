import type { FieldInfo } from './field.ts';

export const ETH_FIELDS: readonly FieldInfo[] = [
  { name: 'eth', title: 'Ethernet', type: 'protocol' },
  { name: 'eth.dst', title: 'Destination', type: 'ether' },
  { name: 'eth.src', title: 'Source', type: 'ether' },
  { name: 'eth.addr', title: 'Address', type: 'ether' },
  { name: 'eth.type', title: 'Type', type: 'unsigned', base: 'hex' },
];
