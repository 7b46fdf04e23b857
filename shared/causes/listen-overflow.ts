import { defineCause } from './cause.ts';
import { RESET_ERROR } from './errors.ts';
import { BACKLOGS } from './settings/backlogs.ts';

export const listenOverflow = defineCause({
  code: 'listen-overflow',
  title: 'Accept queue full',
  what: 'The handshake was done but the queue of connections waiting to be accepted was full, and the host is set to reset then (tcp_abort_on_overflow). The program accepts too slowly or its backlog is too small.',
  seen: `The client sees ${RESET_ERROR} right after it connected. The server program sees nothing.`,
  fatal: 'Fatal for this attempt only: the next one may find room.',
  unlike:
    'With tcp_abort_on_overflow=0 the client would wait and retransmit, and perhaps time out; a refused port would reset the SYN, not the finished handshake.',
  dataLoss: 'The request was never read; it can be sent again.',
  client: ['Try again with a pause. Spread the connections, or keep them open and use them again.'],
  server: [
    'nstat -az TcpExtListenOverflows TcpExtListenDrops: growing means a full queue.',
    'ss -ltn: Recv-Q (waiting) near Send-Q (limit) is full; raise the backlog of listen() and sysctl net.core.somaxconn.',
    'sysctl net.ipv4.tcp_abort_on_overflow: 1 causes these resets, 0 lets clients wait.',
    'Look why accepting is slow: worker limits, file descriptors (ls /proc/PID/fd | wc -l against ulimit -n), CPU.',
  ],
  confirm: 'TcpExtListenOverflows grows when it happens.',
  settings: BACKLOGS,
  harmless: false,
  mechanisms: ['no-connection', 'unfit-segment'],
});
