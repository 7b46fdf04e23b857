import { defineCause } from './cause.ts';
import { BROKEN_PIPE, RESET_ERROR } from './errors.ts';
import { KEEP_ALIVE_OF_SERVERS } from './settings/keep-alive-of-servers.ts';
import { POOLS } from './settings/pools.ts';

export const dataAfterClose = defineCause({
  code: 'data-after-close',
  title: 'Data after close',
  what: 'The side that reset had already closed the connection; then something still came from the other side. A host without the connection can only answer with a reset.',
  seen: `Nobody notices where all had been said. If the other side still wanted to read or write, it sees ${RESET_ERROR}; ${BROKEN_PIPE}.`,
  fatal:
    'Only where the other side still expected a reply; as a rule all had been said when the side that reset closed.',
  unlike:
    'Here FIN came first and this reset only answers what arrived after it; a half-close (shutdown) would have gone on reading.',
  dataLoss:
    'Only if what came late was more than a farewell: it was not read, and the verdict counts it as unacknowledged. Bytes of a reply that were not yet read may be discarded as well.',
  client: [
    'Where no reply was expected any more there is nothing to do: browsers and libraries close without waiting for the last bytes.',
    'If requests fail now and then: the server closed an idle connection just as the client used it again; let the client’s keep-alive time be shorter than the server’s.',
  ],
  server: [
    'If requests fail now and then: raise the server’s keep-alive timeout above that of clients and load balancers before it (behind an AWS load balancer of 60 s: Node keepAliveTimeout 65 s and headersTimeout above it, gunicorn keepalive 65, uvicorn --timeout-keep-alive 65).',
    'If replies arrive cut off: close in two steps (shutdown, read to the end, close; nginx lingering_close).',
  ],
  confirm:
    'The FIN of the same side stands before the reset, and the reset’s sequence number is the one after it.',
  settings: [...KEEP_ALIVE_OF_SERVERS, ...POOLS],
  harmless: true,
  worthAStep: true,
  mechanisms: ['no-connection', 'late-data', 'time-wait'],
});
