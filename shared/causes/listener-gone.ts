import { defineCause } from './cause.ts';
import { RESET_ERROR } from './errors.ts';
import { SHUTDOWN } from './settings/shutdown.ts';

export const listenerGone = defineCause({
  code: 'listener-gone',
  title: 'Listener closed with connections waiting',
  what: 'The listening socket was closed while finished handshakes still waited in its queue to be accepted. The stack resets each of them.',
  seen: `The client sees ${RESET_ERROR} right after it connected, though its connect had succeeded. The server sees nothing.`,
  fatal: 'Fatal for the connections that waited; the service may be back within seconds.',
  unlike:
    'A listener that was gone before the SYN would refuse the handshake (ECONNREFUSED); one that hangs would leave the client waiting for a reply until its timeout.',
  dataLoss: 'The requests were never read; they can be sent again.',
  client: [
    'Try again: a request that was never read is safe to repeat. Check the retry setting of the client.',
  ],
  server: [
    'Look for a restart or deployment at this time: journalctl -u SERVICE; kubectl get events.',
    'Hand the listening socket over (systemd socket activation, SO_REUSEPORT with migration: sysctl net.ipv4.tcp_migrate_req=1), or take the instance out of the load balancer first.',
    'ss -ltn: a Recv-Q above 0 shows connections that wait to be accepted.',
  ],
  confirm:
    'Several resets of connections without any reply, within milliseconds, while the service restarted.',
  settings: SHUTDOWN,
  harmless: false,
  mechanisms: ['no-connection', 'abort'],
});
