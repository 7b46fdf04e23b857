/** The frame: what the capture file says of a packet, before a byte of it is read. */
import type { FieldInfo } from './field.ts';

export const FRAME_FIELDS: readonly FieldInfo[] = [
  { name: 'frame', title: 'Frame', type: 'protocol' },
  {
    name: 'frame.number',
    title: 'Frame Number',
    type: 'unsigned',
    about: 'number of the packet in its file, from 1',
  },
  {
    name: 'frame.time',
    title: 'Arrival Time',
    type: 'time',
    about: 'when it was captured, as date and time',
  },
  {
    name: 'frame.time_epoch',
    title: 'Epoch Time',
    type: 'duration',
    isExact: true,
    about: 'when it was captured, in seconds since 1970',
  },
  {
    name: 'frame.time_relative',
    title: 'Time since reference or first frame',
    type: 'duration',
    about: 'seconds since the first packet of the file',
  },
  {
    name: 'frame.time_delta',
    title: 'Time delta from previous captured frame',
    type: 'duration',
    about: 'seconds since the packet before',
  },
  { name: 'frame.len', title: 'Frame length on the wire', type: 'unsigned', about: 'bytes on the wire' },
  {
    name: 'frame.cap_len',
    title: 'Frame length stored into the capture file',
    type: 'unsigned',
    about: 'bytes that were kept of it',
  },
  {
    name: 'frame.comment',
    title: 'Comment',
    type: 'string',
    about: 'what somebody wrote about it into the file',
  },
  {
    name: 'frame.interface_id',
    title: 'Interface id',
    type: 'unsigned',
    about: 'interface that it was captured on',
  },
  { name: 'frame.interface_name', title: 'Interface name', type: 'string', about: 'name of that interface' },
  {
    name: 'frame.protocols',
    title: 'Protocols in frame',
    type: 'string',
    about: 'layers in their order, as eth:ethertype:ip:tcp',
  },
];
