import { atBothEnds, defineLesson, NOTHING } from '../define.ts';

/** Whether the client, which has read the alert, closes before the reset is there is chance; so `matters` is not claimed. */
const TLS_FAILED = {
  found: 'reset',
  kind: 'endpoint',
  side: 'server',
  causes: ['tls-failure'],
} as const;

export const lesson = defineLesson({
  name: 'tls-alert',
  title: 'The reason came before the reset',
  theme: 'closing',
  about: 'A server that refuses old versions of TLS says so in an alert, and resets right behind it.',
  story: [
    'Since Monday a payment program that has run for ten years cannot reach its bank any more. Its log has one line, again and again: “connection reset by peer”.',
    'The program’s owner asks the network team whether the new firewall inspects TLS, for such devices are known to reset what they do not like. The bank says that its server is well: other customers pay.',
    'On Sunday night the bank switched something off. The letter about it lies in an inbox.',
  ],
  question: 'Who reset the connection, and where does it say why?',
  choices: [
    'The firewall: it cannot look into this connection, and forges a reset by the server.',
    'The client: it does not trust the bank’s new certificate.',
    'The server: its TLS library said why in an alert, 7 bytes right before the reset.',
    'The server: it was too busy for another handshake.',
  ],
  answer: {
    choice: 2,
    why: 'The client greets (ClientHello) and offers TLS 1.2 at most. The server answers with one record of 7 bytes, a fatal alert: “protocol version”. Only then comes the reset, which is no more than the server’s rude way of closing the socket. It comes from the server’s own host; and it was not the certificate, for none had been sent yet. A program that prints the error of its socket shows the reset; one that prints the error of its TLS library shows the reason.',
  },
  fix: {
    change: 'Let the client speak TLS 1.3: take away the limit on its version, or give it a newer library.',
    why: 'An alert names what both have to agree on: version, cipher, certificate, name. As long as that stays, each attempt ends the same way, and no setting of timers or firewalls changes it. The server should close rather than abort, so that the alert cannot be overtaken; but that mends the message, not the trouble.',
    settings: [
      'Node: maxVersion, minVersion',
      'Python: SSLContext.maximum_version',
      'openssl s_client -connect HOST:443 -tls1_2',
      'nginx: ssl_protocols',
    ],
  },
  needs: 'loopback',
  captures: atBothEnds({ shows: TLS_FAILED, fixed: NOTHING }),
});
