/** The table of failures without a reset: one line for each connection or UDP request that failed. */
import type { FailureRow } from '../../../shared/model/failure.ts';
import type { Column } from './column.ts';
import { endColumns, frameColumns } from './shared-columns.ts';

export const FAILURE_TABLE: readonly Column<FailureRow>[] = [
  { name: 'flow', type: 'int', about: 'its connection, as in the table of flows', read: (row) => row.id },
  ...frameColumns<FailureRow>((row) => row, 'the packet where it failed'),
  { name: 'time', type: 'time', about: 'when it began to fail', read: (row) => row.timeNs },
  { name: 'protocol', type: 'text', about: 'tcp or udp', read: (row) => row.protocol },
  ...endColumns<FailureRow>((row) => row),
  {
    name: 'kind',
    type: 'text',
    about: 'how it failed; `resetscope explain` tells of each',
    read: (row) => row.kind,
  },
  {
    name: 'side',
    type: 'text',
    about: 'whose doing it was: client, server or path; empty where the capture cannot tell',
    read: (row) => row.side,
  },
  { name: 'tries', type: 'int', about: 'how often what got no answer was sent', read: (row) => row.tries },
  {
    name: 'seconds',
    type: 'real',
    unit: 'seconds',
    about: 'from the first try, or the last sign of life, to the end of the attempt',
    read: (row) => row.seconds,
  },
  {
    name: 'recovered',
    type: 'flag',
    about: 'it went on after all: a delay and no end',
    read: (row) => row.recovered,
  },
  {
    name: 'matters',
    type: 'flag',
    about: 'whether it ended work that was not finished',
    read: (row) => row.matters,
  },
  {
    name: 'confidence',
    type: 'real',
    unit: 'probability',
    about: 'that kind and side are right',
    read: (row) => row.confidence,
  },
  { name: 'summary', type: 'text', about: 'what failed, where and how long', read: (row) => row.summary },
  { name: 'next', type: 'text', about: 'what to do now', read: (row) => row.next },
];
