/** ARP (RFC 826). */
import type { FieldInfo } from './field.ts';
import { ARP_OPCODE_WORDS, ETHERTYPE_WORDS, HARDWARE_WORDS } from './link-words.ts';

export const ARP_FIELDS: readonly FieldInfo[] = [
  { name: 'arp', title: 'Address Resolution Protocol', type: 'protocol' },
  { name: 'arp.hw.type', title: 'Hardware type', type: 'unsigned', words: HARDWARE_WORDS },
  { name: 'arp.proto.type', title: 'Protocol type', type: 'unsigned', base: 'hex', words: ETHERTYPE_WORDS },
  { name: 'arp.hw.size', title: 'Hardware size', type: 'unsigned' },
  { name: 'arp.proto.size', title: 'Protocol size', type: 'unsigned' },
  {
    name: 'arp.opcode',
    title: 'Opcode',
    type: 'unsigned',
    words: ARP_OPCODE_WORDS,
    about: 'request or reply',
    source: 'RFC 826',
  },
  { name: 'arp.src.hw_mac', title: 'Sender MAC address', type: 'ether' },
  {
    name: 'arp.src.proto_ipv4',
    title: 'Sender IP address',
    type: 'ipv4',
    about: 'address of the sender',
    source: 'RFC 826',
  },
  { name: 'arp.dst.hw_mac', title: 'Target MAC address', type: 'ether' },
  {
    name: 'arp.dst.proto_ipv4',
    title: 'Target IP address',
    type: 'ipv4',
    about: 'address that is asked for',
    source: 'RFC 826',
  },
];
