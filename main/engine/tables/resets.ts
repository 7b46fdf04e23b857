/** The table of resets: one line for each, bursts as one line. */
import type { ResetAccount } from '../../../shared/model/capture.ts';
import type { Column } from './column.ts';
import { endColumns, frameColumns } from './shared-columns.ts';

export const RESET_TABLE: readonly Column<ResetAccount>[] = [
  {
    name: 'reset',
    type: 'int',
    about: 'number of the reset in the capture, from 0',
    read: ({ row }) => row.id,
  },
  ...frameColumns<ResetAccount>(({ row }) => row, 'the reset'),
  { name: 'time', type: 'time', about: 'when it was captured', read: ({ row }) => row.timeNs },
  {
    name: 'flow',
    type: 'int',
    about: 'its connection, as in the table of flows',
    read: ({ row }) => row.flow,
  },
  ...endColumns<ResetAccount>(({ row }) => row),
  {
    name: 'claimed',
    type: 'text',
    about: 'whose address it carries: client or server',
    read: ({ verdict }) => verdict.claimed,
  },
  {
    name: 'origin',
    type: 'text',
    about:
      'who sent it: endpoint (the host whose address it carries), middlebox (a device on the path) or unknown',
    read: ({ verdict }) => verdict.origin.kind,
  },
  {
    name: 'origin_side',
    type: 'text',
    about: 'on which side it was made: client, server or path',
    read: ({ verdict }) => verdict.origin.side,
  },
  {
    name: 'origin_hops',
    type: 'int',
    unit: 'routers',
    about: 'between the capture point and who sent it',
    read: ({ verdict }) => verdict.origin.hops,
  },
  {
    name: 'origin_label',
    type: 'text',
    about: 'the same for people',
    read: ({ verdict }) => verdict.origin.label,
  },
  {
    name: 'origin_confidence',
    type: 'real',
    unit: 'probability',
    about: 'that origin is right',
    read: ({ verdict }) => verdict.origin.confidence,
  },
  {
    name: 'cause',
    type: 'text',
    about: 'why it was sent; `resetscope explain` tells of each',
    read: ({ verdict }) => verdict.cause.code,
  },
  {
    name: 'cause_confidence',
    type: 'real',
    unit: 'probability',
    about: 'that cause is right',
    read: ({ verdict }) => verdict.cause.confidence,
  },
  {
    name: 'cause_alternatives',
    type: 'text',
    about: 'causes that the packets cannot tell from it, with blanks between them',
    read: ({ verdict }) => verdict.cause.alternatives.join(' ') || null,
  },
  {
    name: 'family',
    type: 'text',
    about: 'how it is made: active, reply, syn-reply or irregular',
    read: ({ verdict }) => verdict.family,
  },
  {
    name: 'obeyed',
    type: 'text',
    about: 'what its receiver does with it by RFC 5961: yes, challenged, ignored or unknown',
    read: ({ verdict }) => verdict.obeyed,
  },
  {
    name: 'matters',
    type: 'flag',
    about: 'whether it ended work that was not finished',
    read: ({ verdict }) => verdict.matters,
  },
  {
    name: 'unacknowledged_client',
    type: 'int',
    unit: 'bytes',
    about: 'sent by the client and not seen acknowledged',
    read: ({ verdict }) => verdict.unacknowledgedBytes.client,
  },
  {
    name: 'unacknowledged_server',
    type: 'int',
    unit: 'bytes',
    about: 'sent by the server and not seen acknowledged',
    read: ({ verdict }) => verdict.unacknowledgedBytes.server,
  },
  {
    name: 'idle_seconds',
    type: 'real',
    unit: 'seconds',
    about: 'since the packet before it in the connection',
    read: ({ verdict }) => verdict.idleSeconds,
  },
  {
    name: 'silence_seconds',
    type: 'real',
    unit: 'seconds',
    about: 'that a timer could have measured: before the reset, or before the packet that it answers',
    read: ({ verdict }) => verdict.silenceSeconds,
  },
  {
    name: 'client_sees',
    type: 'text',
    about: 'what the program at the client sees of it',
    read: ({ verdict }) => verdict.sees.client,
  },
  {
    name: 'server_sees',
    type: 'text',
    about: 'what the program at the server sees of it',
    read: ({ verdict }) => verdict.sees.server,
  },
  {
    name: 'count',
    type: 'int',
    about: 'resets that the line stands for: more than one of a burst',
    read: ({ row }) => row.count,
  },
  {
    name: 'last_frame',
    type: 'int',
    about: 'the newest of them, from 1 in its file',
    read: ({ row, burst }) => burst?.lastFrame ?? row.frame,
  },
  {
    name: 'proven',
    type: 'flag',
    about: 'whether captures at several points prove who sent it; empty where it was captured at one only',
    read: ({ journey }) => journey?.proven ?? null,
  },
  {
    name: 'summary',
    type: 'text',
    about: 'who, where and why, in a sentence',
    read: ({ verdict }) => verdict.summary,
  },
  { name: 'next', type: 'text', about: 'what to do now', read: ({ verdict }) => verdict.next },
];
