/** UDP (RFC 768). */
import type { FieldInfo } from './field.ts';
import { CHECKSUM_WORDS } from './ip-words.ts';

export const UDP_FIELDS: readonly FieldInfo[] = [
  { name: 'udp', title: 'User Datagram Protocol', type: 'protocol' },
  {
    name: 'udp.srcport',
    title: 'Source Port',
    type: 'unsigned',
    about: 'port that it comes from',
    source: 'RFC 768',
  },
  {
    name: 'udp.dstport',
    title: 'Destination Port',
    type: 'unsigned',
    about: 'port that it goes to',
    source: 'RFC 768',
  },
  { name: 'udp.port', title: 'Source or Destination Port', type: 'unsigned', about: 'either port' },
  {
    name: 'udp.length',
    title: 'Length',
    type: 'unsigned',
    about: 'bytes with the header',
    source: 'RFC 768',
  },
  {
    name: 'udp.checksum',
    title: 'Checksum',
    type: 'unsigned',
    base: 'hex',
    about: 'over header, data and addresses; 0 is none',
    source: 'RFC 768',
  },
  {
    name: 'udp.checksum.status',
    title: 'Checksum Status',
    type: 'unsigned',
    words: CHECKSUM_WORDS,
    about: 'whether the checksum is right',
  },
  {
    name: 'udp.stream',
    title: 'Stream index',
    type: 'unsigned',
    about: 'number of the conversation in the capture, from 0',
  },
  { name: 'udp.payload', title: 'Payload', type: 'bytes', about: 'the data' },
];
