import { defineCause } from './cause.ts';
import { RESET_ERROR } from './errors.ts';

export const listenOverflow = defineCause({
  code: 'listen-overflow',
  title: 'Accept queue full',
  what: 'The queue of connections waiting to be accepted was full: macOS, BSD and Windows then reset the SYN, Linux the finished handshake where tcp_abort_on_overflow is set. The program accepts too slowly or its backlog is too small.',
  seen: `The client’s connect is refused, or it sees ${RESET_ERROR} right after it connected. The server program sees nothing.`,
  fatal: 'Fatal for this attempt only: the next one may find room.',
  unlike:
    'Where nothing listens every connect is refused; here others are accepted at the same moment. With tcp_abort_on_overflow=0 Linux lets the client wait and retransmit, and perhaps time out.',
  dataLoss: 'The request was never read; it can be sent again.',
  client: ['Try again with a pause. Spread the connections, or keep them open and use them again.'],
  server: [
    'macOS and BSD: netstat -L shows the queues; raise the backlog of listen() and sysctl kern.ipc.somaxconn. Windows: the backlog alone, SOMAXCONN_HINT for a dynamic one.',
    'Linux: nstat -az TcpExtListenOverflows TcpExtListenDrops: growing means a full queue.',
    'ss -ltn: Recv-Q (waiting) near Send-Q (limit) is full; raise the backlog of listen() and sysctl net.core.somaxconn.',
    'sysctl net.ipv4.tcp_abort_on_overflow: 1 causes these resets, 0 lets clients wait.',
    'Look why accepting is slow: worker limits, file descriptors (ls /proc/PID/fd | wc -l against ulimit -n), CPU.',
  ],
  confirm: 'TcpExtListenOverflows grows when it happens.',
  harmless: false,
  mechanisms: ['no-connection', 'unfit-segment'],
});
