/** Conversations between many hosts, ended in every way that people see. */
import { between, ordinary } from '../../golden/scenario.ts';
import type { Conversation, ConversationOptions } from '../../support/conversation.ts';
import { DEFAULT_START_NS } from '../../support/conversation.ts';
import { alert, clientHello, record, serverHello } from '../../support/tls-messages.ts';

const REQUEST = 'GET /report HTTP/1.1\r\nHost: www.example.net\r\n\r\n';
const FORGED = { options: {}, window: 0, df: false };
const PLACES = 6;

/** Hosts of their own for every conversation, so that each column has something to sort. */
function hosts(kind: number, place: number, port = 80): ConversationOptions {
  return {
    startNs: DEFAULT_START_NS + BigInt(kind * 41 + place * 7) * 1_000_000_000n,
    client: {
      address: `10.${kind}.0.${9 + place}`,
      port: 40_000 + kind * 100 + place,
      initialSeq: 5_000_000 * (kind + 1) + place,
    },
    server: { address: `203.0.113.${10 * kind + place + 1}`, port },
  };
}

export function mixedTalks(): Conversation[] {
  const talks: Conversation[] = [];
  for (let place = 0; place < PLACES; place++) {
    talks.push(...injected(place), aborted(place), refused(place), idle(place), unread(place));
    talks.push(alerted(place), doubtful(place));
  }
  return talks;
}

/** Three forged resets in the server's name, after connections that show how the server writes packets. */
function injected(place: number): Conversation[] {
  const options = hosts(1, place);
  const talk = between(options).handshake().clientSends(REQUEST);
  const next = talk.server.next;
  talk
    .rst({ from: 'server', ttl: 47 + place, ipId: 0xbeef, after: 0.000_3, ...FORGED })
    .rst({ from: 'server', ttl: 48 + place, ipId: 0x1001, seq: (next + 1460) >>> 0, ...FORGED })
    .rst({ from: 'server', ttl: 49 + place, ipId: 0x7777, seq: (next + 4380) >>> 0, ...FORGED })
    .serverAcks()
    .serverSends(1400);
  const { client, server } = options;
  return [
    ...ordinary(3, { client: { address: client?.address }, server: { address: server?.address } }),
    talk,
  ];
}

function aborted(place: number): Conversation {
  return between(hosts(2, place, 8080))
    .handshake()
    .clientSends(REQUEST)
    .serverAcks()
    .wait(0.5 + place)
    .rst({ from: 'server' });
}

function refused(place: number): Conversation {
  return between(hosts(3, place, 5432)).refused();
}

/** A load balancer has forgotten the connection. */
function idle(place: number): Conversation {
  return between(hosts(4, place))
    .handshake()
    .exchange(REQUEST, 2000 + 100 * place)
    .wait(350.1 + place)
    .clientSends(REQUEST)
    .rst({ from: 'server', style: 'reply', ttl: 254, after: 0.000_4 });
}

/** The client goes away in the middle of a download. */
function unread(place: number): Conversation {
  return between(hosts(5, place))
    .handshake()
    .clientSends(REQUEST)
    .serverAcks()
    .serverSends(4000 + 500 * place)
    .rst({ from: 'client' });
}

/** A TLS server that refuses with an alert, then resets. */
function alerted(place: number): Conversation {
  return between(hosts(6, place, 443))
    .handshake()
    .clientSends(record(22, clientHello({ serverName: `shop-${place}.example.org`, alpn: ['h2'] })))
    .serverAcks()
    .serverSends(record(22, serverHello({ version: 0x0304 })))
    .clientAcks()
    .clientSends(alert(2, 48))
    .serverAcks()
    .rst({ from: 'server' });
}

/** Answers a request from one hop nearer than the server: what that is, the packets leave open. */
function doubtful(place: number): Conversation {
  return between(hosts(7, place, 9000))
    .handshake()
    .clientSends(REQUEST)
    .serverAcks()
    .wait(0.5)
    .clientSends(REQUEST)
    .rst({ from: 'server', style: 'reply', ttl: 62, after: 0.001 });
}
