import { defineCause } from './cause.ts';
import { OWN_SIDE, RESET_ERROR } from './errors.ts';
import { CLOSING } from './settings/closing.ts';
import { SLOW_REQUESTS } from './settings/slow-requests.ts';

export const aborted = defineCause({
  code: 'aborted',
  title: 'Aborted by the program',
  what: 'A program ended the connection at once rather than politely: it closed with SO_LINGER set to zero, or asked its runtime to abort. Unsent data is thrown away and a reset goes out in place of a FIN.',
  seen: `The other side sees ${RESET_ERROR}. ${OWN_SIDE}`,
  fatal: 'Fatal for the connection; whether the work was done depends on what had been answered before.',
  unlike:
    'close() alone would have sent FIN and let data under way arrive; a timeout would show as silence or as retransmissions.',
  dataLoss:
    'Possible: whatever the aborting side had queued is thrown away, and the verdict’s unacknowledged bytes may or may not have arrived.',
  client: [
    'Search the client for setLinger(true, 0), SO_LINGER, socket.destroy(), resetAndDestroy() or connection pools that abort.',
    'nstat -az TcpExtTCPAbortOnData: grows with each abort on Linux. In Go SetLinger(0), in Python SO_LINGER with struct.pack("ii", 1, 0), in .NET LingerState with 0 seconds.',
  ],
  server: [
    'Look in the log of the server or proxy for an abort at this time (HAProxy termination state, Envoy response flags).',
    'nstat -az TcpExtTCPAbortOnData TcpExtTCPAbortOnClose: the first counts aborts that were asked for, the second unread data. On a load balancer look for "reset on timeout" (F5), option nolinger (HAProxy), reset_timedout_connection (nginx).',
    'Check who may kill sockets: ss -K, tcpkill, security software.',
  ],
  confirm:
    'On Linux trace it: bpftrace or perf on tracepoint tcp:tcp_send_reset, or strace -e setsockopt,close of the program.',
  settings: [...CLOSING, ...SLOW_REQUESTS],
  harmless: false,
  mechanisms: ['abort'],
});
