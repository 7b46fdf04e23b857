import { DEED, defineCause } from './cause.ts';
import { RESET_ERROR } from './errors.ts';
import { TLS } from './settings/tls.ts';

export const tlsFailure = defineCause({
  code: 'tls-failure',
  title: 'TLS failed',
  what: 'The TLS layer gave up with an alert, and the connection was then reset. The alert is the reason; the reset is only how the socket was closed.',
  seen: `A TLS error such as "handshake failure", "unknown ca" or "certificate expired"; at times only ${RESET_ERROR}, when the reset overtakes the alert.`,
  fatal: 'Fatal, and again at each attempt until certificates or settings change.',
  unlike: 'A clean end of TLS is close_notify, then FIN; a timeout of the handshake would show no alert.',
  dataLoss: 'None in the handshake; later at most the verdict’s unacknowledged bytes.',
  client: ['openssl s_client -connect HOST:443 -servername NAME: shows the alert and the certificates.'],
  server: [
    'Check the certificate chain, its dates and names, and the protocol versions and ciphers offered.',
    'Log of the TLS terminator at this time; the alert’s description is in the evidence.',
  ],
  confirm: 'The alert record stands right before the reset.',
  settings: TLS,
  harmless: false,
  leavesUnfinished: 'always',
  mechanisms: DEED,
});
