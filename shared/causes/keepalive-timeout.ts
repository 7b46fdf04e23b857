import { defineCause } from './cause.ts';
import { RESET_ERROR } from './errors.ts';
import { TCP_KEEP_ALIVE } from './settings/tcp-keep-alive.ts';
import { SESSION_TIMERS } from './settings/session-timers.ts';

export const keepaliveTimeout = defineCause({
  code: 'keepalive-timeout',
  title: 'Keep-alive without answer',
  what: 'A host probed a silent connection several times, got no answer, and gave it up. The peer or the way to it was gone well before the reset.',
  seen: `The program on the probing side sees ETIMEDOUT (110; WSAETIMEDOUT 10060). The other side, if it is alive, sees ${RESET_ERROR}.`,
  fatal: 'Fatal on the probing side; the other side had vanished before.',
  unlike:
    'This is a timeout, made visible: nobody answered for the whole probing time. With a polite close no probes would have been needed.',
  dataLoss: 'Data that was not acknowledged is lost: the verdict’s unacknowledged bytes.',
  client: [
    'Look why the other side stopped answering: its host, a firewall or translator that forgot the flow, a broken path.',
    'sysctl net.ipv4.tcp_keepalive_time net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes; ss -to.',
  ],
  server: [
    'Look why the other side stopped answering: client gone (laptop asleep, mobile network), translator timeout, broken path.',
    'Set keep-alive below the timeouts of translators on the way, so that they never forget the flow.',
  ],
  confirm:
    'Evenly spaced probes without answer stand before the reset; capture at the other end shows whether they arrive.',
  settings: [...TCP_KEEP_ALIVE, ...SESSION_TIMERS],
  harmless: false,
  leavesUnfinished: 'always',
  mechanisms: ['keep-alive'],
});
