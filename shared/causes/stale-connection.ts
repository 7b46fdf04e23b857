import { defineCause } from './cause.ts';
import { RESET_ERROR } from './errors.ts';
import { AGE } from './settings/age.ts';
import { POOLS } from './settings/pools.ts';

export const staleConnection = defineCause({
  code: 'stale-connection',
  title: 'Connection unknown to the host',
  what: 'The host got a packet of a connection that it does not know: it was restarted, its address moved to another machine, or the connection had ended for it long before. It answers with a reset, as it must.',
  seen: `The side that still used the connection sees ${RESET_ERROR} at its next read or write. The host that reset sees nothing.`,
  fatal: 'Fatal for the old connection; a new one works at once.',
  unlike:
    'Without this reset the sender would retransmit until its timeout (about 15 minutes on Linux, tcp_retries2); a polite close would have told it when the connection ended.',
  dataLoss:
    'Data sent into the forgotten connection is lost: at least the segment that was answered, at most the verdict’s unacknowledged bytes.',
  client: [
    'Keep pooled connections shorter than what ends them, test them before use, and use keep-alive (HikariCP maxLifetime and keepaliveTime, SQLAlchemy pool_pre_ping and pool_recycle, Go SetConnMaxLifetime; ss -to shows the timers).',
    'uptime and journalctl --list-boots: was this host restarted?',
  ],
  server: [
    'Look for a restart, fail-over or moved address at this time: uptime, journalctl --list-boots, events of the virtual IP or cluster.',
    'Behind a load balancer: did it send the connection to another backend? Check session persistence and flow timeouts.',
  ],
  confirm: 'nstat -az TcpOutRsts on that host grows, and ss shows no such connection there.',
  settings: [...AGE, ...POOLS],
  harmless: false,
  mechanisms: ['no-connection'],
});
