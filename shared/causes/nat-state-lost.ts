import { defineCause } from './cause.ts';
import { RESET_ERROR } from './errors.ts';
import { SESSION_TIMERS } from './settings/session-timers.ts';
import { TCP_KEEP_ALIVE } from './settings/tcp-keep-alive.ts';
import { TRANSLATION } from './settings/translation.ts';

export const natStateLost = defineCause({
  code: 'nat-state-lost',
  title: 'Address translator forgot the connection',
  what: 'The device that translates addresses lost its entry for this connection, by an idle timeout, a restart or a full table. It no longer knows whom the packet is for and answers with a reset.',
  seen: `The side that sent sees ${RESET_ERROR}; the other side notices nothing until it sends, and then waits or gets a reset too.`,
  fatal: 'Fatal for this connection: the translator cannot find the way back. A new one works at once.',
  unlike:
    'Many translators drop in silence, and the sender runs into a timeout; a polite close would have passed the translator as FIN before.',
  dataLoss: 'What the one side sent into the lost entry is lost: at most the verdict’s unacknowledged bytes.',
  client: [
    'Send keep-alives more often than the translator forgets: TCP_KEEPIDLE below its timeout (home routers 300 s and less, cloud 240 to 1200 s).',
  ],
  server: [
    'On the translator: conntrack -S (insert_failed, drop), conntrack -C against sysctl net.netfilter.nf_conntrack_max.',
    'sysctl net.netfilter.nf_conntrack_tcp_timeout_established; did it restart or fail over at this time?',
    'In clouds: the AWS NAT gateway counts IdleTimeoutCount and ErrorPortAllocation; Azure and Google Cloud log translations that were dropped.',
  ],
  confirm: 'A capture behind the translator lacks this reset, and the packet that it answers.',
  settings: [...SESSION_TIMERS, ...TCP_KEEP_ALIVE, ...TRANSLATION],
  harmless: false,
  mechanisms: [],
});
