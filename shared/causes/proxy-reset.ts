import { DEED, defineCause } from './cause.ts';
import { RESET_ERROR } from './errors.ts';
import { UPSTREAM } from './settings/upstream.ts';

export const proxyReset = defineCause({
  code: 'proxy-reset',
  title: 'Passed on by a proxy or load balancer',
  what: 'A proxy or load balancer ended this connection because its other connection, the one behind it, failed, timed out or was reset.',
  seen: `The side facing the proxy sees ${RESET_ERROR}, at times after a 502, 503 or 504 reply.`,
  fatal: 'Fatal for this connection; the client may try again, and may meet another backend.',
  unlike:
    'A proxy that has a reply, if only 502 or 504, sends it and closes with FIN; a reset means that it gave up without one, or on top of it.',
  dataLoss:
    'Possible: the request may or may not have reached the server behind. Bytes that the proxy acknowledged are not safe either.',
  client: ['Note the time and any request id of the reply, and ask the owner of the proxy.'],
  server: [
    'Log of the proxy at this time: HAProxy termination state (SD, SH, CD), nginx error.log "upstream", Envoy response flags (UC, UF, UT).',
    'Look at the connection between proxy and backend: the first failure is there. A backend whose keep-alive is shorter than the proxy’s fails now and then on the first request after a pause.',
  ],
  confirm: 'Capture behind the proxy: its other connection ends a moment earlier.',
  settings: UPSTREAM,
  harmless: false,
  mechanisms: DEED,
});
