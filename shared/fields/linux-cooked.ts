/** Linux cooked captures (LINUX_SLL, LINUX_SLL2), what the `any` interface gives. */
import type { FieldInfo } from './field.ts';
import { ETHERTYPE_WORDS, HARDWARE_WORDS, SLL_PACKET_WORDS } from './link-words.ts';

export const LINUX_COOKED_FIELDS: readonly FieldInfo[] = [
  { name: 'sll', title: 'Linux cooked-mode capture', type: 'protocol' },
  {
    name: 'sll.pkttype',
    title: 'Packet type',
    type: 'unsigned',
    words: SLL_PACKET_WORDS,
    about: 'whether it came in, went out, or was for others',
  },
  { name: 'sll.ifindex', title: 'Interface index', type: 'unsigned' },
  { name: 'sll.hatype', title: 'Link-layer address type', type: 'unsigned', words: HARDWARE_WORDS },
  { name: 'sll.halen', title: 'Link-layer address length', type: 'unsigned' },
  { name: 'sll.src.eth', title: 'Source', type: 'ether' },
  { name: 'sll.src.ipv4', title: 'Source', type: 'ipv4' },
  { name: 'sll.src.other', title: 'Source', type: 'bytes' },
  { name: 'sll.unused', title: 'Unused', type: 'bytes' },
  {
    name: 'sll.etype',
    title: 'Protocol',
    type: 'unsigned',
    base: 'hex',
    words: ETHERTYPE_WORDS,
    about: 'what follows the header',
  },
  { name: 'sll.ltype', title: 'Protocol', type: 'unsigned', base: 'hex' },
  { name: 'sll.gretype', title: 'Protocol', type: 'unsigned', base: 'hex' },
];
