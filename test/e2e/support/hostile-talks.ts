/** What an attacker would like a reader of packets to show. */
import { between } from '../../golden/scenario.ts';
import type { Conversation } from '../../support/conversation.ts';
import { clientHello, record } from '../../support/tls-messages.ts';

export const SCRIPT = '<img src=x onerror="window.owned=1"><script>window.owned=1</script>';
/** Right-to-left override: turns the order of what follows around. */
export const OVERRIDE = '\u202e';
const LONG = 'very-long-'.repeat(600);

export function hostileTalks(): Conversation[] {
  const names = [
    new TextEncoder().encode(`bank.example${OVERRIDE}moc.elpmaxe`),
    new TextEncoder().encode(SCRIPT),
    new TextEncoder().encode(LONG),
  ];
  const requests = [
    `GET /${SCRIPT} HTTP/1.1\r\nHost: ${SCRIPT}\r\nUser-Agent: ${OVERRIDE}${LONG}\r\n\r\n`,
    `GET /${LONG} HTTP/1.1\r\nHost: ${LONG}\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: a${OVERRIDE}b\u0007\u0000c.example\r\n\r\n`,
  ];
  const talks = [
    ...names.map((serverName) => record(22, clientHello({ serverName }))),
    ...requests.map((request) => new TextEncoder().encode(request)),
  ];
  return talks.map((data, i) =>
    between({ client: { port: 41_000 + i }, server: { port: i < names.length ? 443 : 80 } })
      .handshake()
      .clientSends(data)
      .serverAcks()
      .serverSends(`HTTP/1.1 400 ${SCRIPT}\r\nServer: ${SCRIPT}\r\n\r\n${SCRIPT}`)
      .clientAcks()
      .rst({ from: 'server', payload: SCRIPT }),
  );
}
