import { DEED, defineCause } from './cause.ts';
import { OWN_SIDE, RESET_ERROR } from './errors.ts';
import { CLIENT_TIMEOUTS } from './settings/client-timeouts.ts';

export const clientCancelled = defineCause({
  code: 'client-cancelled',
  title: 'Cancelled by the client',
  what: 'The client no longer wanted the answer: a page was left, a download stopped, a timeout of the client ran out, or another connection was faster (Happy Eyeballs).',
  seen: `The server sees ${RESET_ERROR} or a broken pipe while it writes; nginx logs status 499. ${OWN_SIDE}`,
  fatal: 'Only for what the client no longer wanted.',
  unlike:
    'A client that reads to the end closes with FIN; one that vanished would leave the server to a timeout.',
  dataLoss: 'The rest of the answer was not wanted.',
  client: [
    'If nobody cancelled: look for a timeout in the client that is shorter than the server’s answer takes (curl --max-time, requests timeout=, .NET HttpClient.Timeout, Go Client.Timeout, axios timeout).',
  ],
  server: [
    'Usually nothing to do. If it is frequent: look how long these requests take (nginx 499, HAProxy CD, Envoy DC, AWS load balancer 460).',
  ],
  confirm: 'The reset of the client comes while the server is still sending.',
  settings: CLIENT_TIMEOUTS,
  harmless: true,
  mechanisms: DEED,
});
