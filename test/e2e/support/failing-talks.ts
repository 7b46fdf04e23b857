/** Connections that fail without a reset, one of every kind, beside some that end well. */
import { ordinary } from '../../golden/scenario.ts';
import { Conversation, DEFAULT_START_NS } from '../../support/conversation.ts';
import { alert, clientHello, record } from '../../support/tls-messages.ts';

const GET = 'GET /report HTTP/1.1\r\nHost: www.example.net\r\n\r\n';
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n';
/** Clients that got no answer from one server: one finding. */
const UNANSWERED = 4;

function talk(kind: number, port = 80, place = 0): Conversation {
  return new Conversation({
    startNs: DEFAULT_START_NS + BigInt(kind * 3 + place) * 1_000_000_000n,
    client: { address: `10.7.0.${9 + kind}`, port: 42_000 + kind * 100 + place, hops: 0 },
    server: { address: `203.0.113.${kind + 1}`, port, hops: 7, delay: 0.02 },
  });
}

export function failingTalks(): Conversation[] {
  return [
    ...Array.from({ length: UNANSWERED }, (_, place) => noAnswer(place)),
    unreachable(),
    halfOpen(),
    wentSilent(),
    stalled(),
    closedEarly(),
    cutShort(),
    handshakeFailed(),
    ...ordinary(3),
    // Goes on long after the others, so that the capture does.
    talk(9).handshake().exchange(GET, 2000).wait(120).exchange(GET, 2000).closes(),
    talk(10).handshake().exchange(GET, 2000).wait(130).exchange(GET, 2000),
  ];
}

function resent(told: Conversation, from: 'client' | 'server', times: number, first = 0.2): Conversation {
  for (let i = 0; i < times; i++) told.retransmit(from, { after: first * 2 ** i });
  return told;
}

function noAnswer(place: number): Conversation {
  return resent(talk(1, 443, place).syn(), 'client', 3, 1);
}

function unreachable(): Conversation {
  const error = { router: '10.9.9.1', about: 'client', type: 3, code: 13 } as const;
  return talk(2, 8443).syn().icmp(error).retransmit('client', { after: 1 }).icmp(error);
}

function halfOpen(): Conversation {
  return resent(talk(3).syn().synAck(), 'server', 3, 1);
}

function wentSilent(): Conversation {
  return resent(talk(4).handshake().exchange(GET, 300).clientSends(GET), 'client', 6);
}

/** The client reads no more for a while, then all is well. */
function stalled(): Conversation {
  const told = talk(5)
    .handshake()
    .clientSends(GET)
    .serverAcks()
    .serverSends(20_000)
    .clientAcks({ window: 0 });
  for (let i = 0; i < 4; i++) {
    told.segment('server', { payload: 1, after: 2 ** i, seq: told.server.next });
    told.clientAcks({ window: 0 });
  }
  return told.clientAcks({ after: 1 }).serverSends(100).clientAcks().closes('server');
}

function closedEarly(): Conversation {
  return talk(6).handshake().clientSends(GET).serverAcks().closes('server');
}

function cutShort(): Conversation {
  return talk(7)
    .handshake()
    .clientSends(GET)
    .serverAcks()
    .serverSends(HEAD)
    .serverSends(4000)
    .clientAcks()
    .closes('server');
}

function handshakeFailed(): Conversation {
  return talk(8, 443)
    .handshake()
    .clientSends(record(22, clientHello({ serverName: 'shop.example' })))
    .serverAcks()
    .serverSends(alert(2, 40))
    .clientAcks()
    .closes('server');
}
