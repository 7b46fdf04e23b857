import { defineCause } from './cause.ts';
import { RETRANSMISSION } from './settings/retransmission.ts';

export const peerUnreachable = defineCause({
  code: 'peer-unreachable',
  title: 'Peer no longer answered',
  what: 'The sender had sent the same data again and again without an answer, gave the connection up, and reset it.',
  seen: 'The side that gave up sees a timeout (ETIMEDOUT); the other one, once it can be reached again, sees connection reset by peer.',
  fatal: 'Fatal for the connection.',
  unlike:
    'An idle timeout ends a connection that had nothing to say; here data waited for an acknowledgement that did not come.',
  dataLoss: 'All that was sent again and never acknowledged.',
  client: [
    'Find where the packets were lost: capture at both ends at that time; ping and mtr towards the other side; link and radio logs.',
  ],
  server: [
    'ss -ti shows retransmissions and backoff of live connections; nstat -az TcpRetransSegs TcpExtTCPAbortOnTimeout counts them.',
  ],
  confirm: 'The retransmissions before the reset, at growing intervals, have no answer.',
  settings: RETRANSMISSION,
  harmless: false,
  leavesUnfinished: 'always',
  mechanisms: ['abort', 'keep-alive'],
});
