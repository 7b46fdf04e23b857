import { DEED, defineCause } from './cause.ts';
import { HEALTH_CHECKS } from './settings/health-checks.ts';

export const healthCheck = defineCause({
  code: 'health-check',
  title: 'Health check',
  what: 'A load balancer or monitor opened a connection only to see whether the port answers, and dropped it at once with a reset.',
  seen: 'Nobody sees an error; some servers log an empty connection or a failed handshake.',
  fatal: 'No.',
  unlike: 'A check that closes politely would show FIN; one that fails would show no SYN-ACK, a timeout.',
  dataLoss: 'None.',
  client: [
    'Nothing to do. A check that speaks the protocol tells more and logs less (HAProxy option httpchk, F5 monitor http instead of tcp_half_open).',
    'ss -tn dst SERVER on the balancer shows no lasting connection for it.',
  ],
  server: [
    'Nothing to do. To quiet the log, let the check close politely or speak the protocol.',
    "Compare the source address with the list of balancers and monitors: tcpdump -n 'tcp[tcpflags] & tcp-rst != 0 and port PORT'.",
  ],
  confirm: 'The same source comes back at a steady interval and never sends a byte.',
  settings: HEALTH_CHECKS,
  harmless: true,
  isNoise: true,
  mechanisms: DEED,
});
