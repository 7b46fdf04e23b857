import type { FieldInfo } from './field.ts';

export const FRAME_FIELDS: readonly FieldInfo[] = [
  { name: 'frame', title: 'Frame', type: 'protocol' },
  { name: 'frame.number', title: 'Frame Number', type: 'unsigned' },
  { name: 'frame.len', title: 'Frame length on the wire', type: 'unsigned' },
  { name: 'frame.cap_len', title: 'Frame length stored into the capture file', type: 'unsigned' },
  { name: 'frame.time', title: 'Arrival Time', type: 'time' },
  { name: 'frame.time_relative', title: 'Time since reference or first frame', type: 'duration' },
  { name: 'frame.time_delta', title: 'Time delta from previous captured frame', type: 'duration' },
];
