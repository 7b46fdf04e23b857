import { defineCause } from './cause.ts';
import { REFUSED_ERROR, RESET_ERROR } from './errors.ts';
import { BACKLOGS } from './settings/backlogs.ts';

export const listenOverflow = defineCause({
  code: 'listen-overflow',
  title: 'Accept queue full',
  what: 'The queue of connections that wait to be accepted was full: the program accepts too slowly, or its backlog is too small. macOS, BSD and Windows refuse the SYN then; Linux resets the finished handshake, and only where tcp_abort_on_overflow is set.',
  seen: `The client’s connect fails with ${REFUSED_ERROR}, though the service runs; of Linux it sees ${RESET_ERROR} right after it connected. The server program sees nothing.`,
  fatal: 'Fatal for this attempt only: the next one may find room.',
  unlike:
    'Other connections to the same port succeed within milliseconds, which they would not if nothing listened. Linux as it ships (tcp_abort_on_overflow=0) lets the client wait and retransmit, and perhaps time out.',
  dataLoss: 'The request was never read; it can be sent again.',
  client: ['Try again with a pause. Spread the connections, or keep them open and use them again.'],
  server: [
    'nstat -az TcpExtListenOverflows TcpExtListenDrops: growing means a full queue.',
    'ss -ltn (macOS: netstat -Lan): a queue near its limit is full; raise the backlog of listen() and the system’s limit, both, and restart the program.',
    'sysctl net.ipv4.tcp_abort_on_overflow: 1 causes these resets, 0 lets clients wait.',
    'Look why accepting is slow: worker limits, file descriptors (ls /proc/PID/fd | wc -l against ulimit -n), CPU.',
  ],
  confirm: 'TcpExtListenOverflows grows when it happens.',
  settings: BACKLOGS,
  harmless: false,
  mechanisms: ['no-connection', 'unfit-segment'],
});
