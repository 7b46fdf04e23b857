import { defineCause } from './cause.ts';
import { RESET_ERROR } from './errors.ts';

export const unknown = defineCause({
  code: 'unknown',
  title: 'Cause unknown',
  what: 'The capture does not show enough to tell why the connection was reset.',
  seen: `A connection that was in use sees ${RESET_ERROR}.`,
  fatal: 'Fatal for the connection, as every reset that its receiver accepts.',
  unlike:
    'A timeout shows as silence and retransmissions, a polite close as FIN from both sides; a reset ends both directions at once.',
  dataLoss: 'Not known; at most the verdict’s unacknowledged bytes, and what was not read yet.',
  client: [
    'Capture from the beginning of the connection, with both directions and whole headers: tcpdump -s 0.',
  ],
  server: ['Capture at the server as well, at the same time, and look in its log at the time of the reset.'],
  confirm: 'A capture that holds the whole connection.',
  harmless: false,
  mechanisms: [],
});
