/** Which flows of two captures are one connection: each key, and each way in which it could go wrong. */
import { describe, expect, it } from 'vitest';
import {
  Conversation,
  DEFAULT_START_NS,
  type ConversationOptions,
  type ConversationPacket,
  type PeerOptions,
} from '../../../test/support/conversation.ts';
import { joinCaptures, joinCut } from '../../../test/support/vantages.ts';
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { Session } from '../session.ts';
import { FlowPairing } from './pair-flows.ts';

type Tell = (talk: Conversation) => unknown;

/** Numbers as hosts draw them: far from each other and from 0, the same for the same name. */
function drawn(name: number): number {
  return (Math.imul(name + 1, 0x9e37_79b1) ^ 0x5bd1_e995) >>> 0;
}

interface Told {
  /** Names the connection: the same at both vantages has the same numbers. */
  readonly name?: number;
  readonly client?: PeerOptions;
  readonly server?: PeerOptions;
  /** Seconds after the others' begin. */
  readonly at?: number;
}

function told(tell: Tell, { name = 0, client, server, at = 0 }: Told = {}): readonly ConversationPacket[] {
  const options: ConversationOptions = {
    client: { port: 40_000 + name, initialSeq: drawn(2 * name), ipId: 'random', ...client },
    server: { initialSeq: drawn(2 * name + 1), ipId: 'random', ...server },
    startNs: DEFAULT_START_NS + BigInt(Math.round(at * 1e9)),
  };
  const talk = new Conversation(options);
  tell(talk);
  return talk.packets;
}

const request = 'GET /index.html HTTP/1.1\r\nHost: shop.example\r\nAccept: */*\r\n\r\n';
const response = 'HTTP/1.1 200 OK\r\nServer: none\r\nContent-Length: 5\r\n\r\nhello';
const whole: Tell = (talk) => talk.handshake().exchange(request, response).exchange(90, 700).closes();

/** Flows as `vantage: class [swapped] [shift]`, sorted; `none` for a flow without twin. */
function pairsOf(session: Session): string[] {
  const { flows, join } = session;
  return [...flows.liveRecords()]
    .map((record) => record as FlowRecord)
    .filter((flow) => flows.timelineOf(flow) === 1)
    .map((flow) => {
      const [twin] = join.twins(flow);
      if (twin === undefined) return 'none';
      const shift = twin.seqShift.some((by) => by !== 0) ? ` ${twin.seqShift.join(' ')}` : '';
      return `${twin.class}${twin.isSwapped ? ' swapped' : ''}${shift}`;
    });
}

/** Ports of the clients of paired flows, as at the first and the second vantage. */
function portsOf(session: Session): [number, number][] {
  const { flows, join, flowView } = session;
  const port = (flow: FlowRecord): number => Number(flowView.row(flow).client.split(':').at(-1));
  return [...flows.liveRecords()]
    .map((record) => record as FlowRecord)
    .filter((flow) => flows.timelineOf(flow) === 1)
    .flatMap((flow) => join.twins(flow).map((twin): [number, number] => [port(flow), port(twin.flow)]));
}

const later = { at: 0.02 };

describe('initial numbers', () => {
  it('join a connection that routers passed on', () => {
    const session = joinCaptures(told(whole), told(whole, { ...later, client: { hops: 3 } }));
    expect(pairsOf(session)).toEqual(['same']);
  });

  it('join it through translation of addresses and ports, IPv6 too', () => {
    const nat = { address: '198.51.100.1', port: 1024 };
    expect(pairsOf(joinCaptures(told(whole), told(whole, { ...later, client: nat })))).toEqual(['same']);
    const six = { client: { address: 'fd00::1' }, server: { address: 'fd00::80' } };
    const balanced = { client: { address: 'fd00::1' }, server: { address: 'fd00::81', port: 8080 } };
    expect(pairsOf(joinCaptures(told(whole, six), told(whole, { ...later, ...balanced })))).toEqual(['same']);
  });

  it('never join captures that share nothing but addresses and ports', () => {
    const other = { client: { initialSeq: drawn(71) }, server: { initialSeq: drawn(72) } };
    const different: Tell = (talk) => talk.handshake().exchange(333, 4444).closes();
    expect(joinCaptures(told(whole), told(different, { ...later, ...other })).join.isJoined).toBe(false);
    // The same words at the same time on another connection of the same client.
    const elsewhere = { client: { port: 50_000, initialSeq: drawn(71) }, server: { address: '192.0.2.81' } };
    expect(joinCaptures(told(whole), told(whole, { ...later, ...elsewhere })).join.isJoined).toBe(false);
  });

  it('that are chosen rather than drawn prove nothing', () => {
    const chosen = { client: { initialSeq: 1 }, server: { initialSeq: 1 } };
    expect(joinCaptures(told(whole, chosen), told(whole, { at: 3600, ...chosen })).join.isJoined).toBe(false);
    const other: Tell = (talk) => talk.handshake().exchange(request, 700).exchange(90, 70).closes();
    expect(joinCaptures(told(whole, chosen), told(other, { ...later, ...chosen })).join.isJoined).toBe(false);
    // All bytes at the same time between the same endpoints: then it is the traffic that proves it.
    expect(pairsOf(joinCaptures(told(whole, chosen), told(whole, { ...later, ...chosen })))).toEqual([
      'same',
    ]);
  });

  it('that are chosen are believed where others prove the clock and packets agree', () => {
    const chosen = { client: { initialSeq: 1 }, server: { initialSeq: 1 }, name: 7 };
    const first = [...told(whole), ...told(whole, chosen)];
    const second = [...told(whole, later), ...told(whole, { ...chosen, ...later })];
    expect(pairsOf(joinCaptures(first, second))).toEqual(['same', 'same']);
    const hour = [...told(whole, later), ...told(whole, { ...chosen, at: 3600 })];
    expect(pairsOf(joinCaptures(first, hour))).toEqual(['same', 'none']);
  });

  it('tell apart the connections of a port that is used again', () => {
    const again = { name: 3, client: { port: 40_000 } };
    const first = [...told(whole), ...told(whole, { ...again, at: 5 })];
    const second = [...told(whole, later), ...told(whole, { ...again, at: 5.02 })];
    expect(pairsOf(joinCaptures(first, second))).toEqual(['same', 'same']);
  });

  it('tell apart two clients that have one port behind a translator', () => {
    const one = { name: 1, client: { port: 5000, address: '10.0.0.1' } };
    const other = { name: 2, client: { port: 5000, address: '10.0.0.2' } };
    const translated = (port: number): PeerOptions => ({ port, address: '198.51.100.1' });
    const session = joinCaptures(
      [...told(whole, one), ...told(whole, other)],
      [
        ...told(whole, { ...one, ...later, client: translated(2001) }),
        ...told(whole, { ...other, ...later, client: translated(2002) }),
      ],
    );
    expect(portsOf(session)).toEqual([
      [5000, 2001],
      [5000, 2002],
    ]);
  });

  it('join the side of a translator that a capture of both sides names alike', () => {
    const both = [
      ...told(whole, later),
      ...told(whole, { at: 0.0201, client: { address: '198.51.100.1', port: 9 } }),
    ];
    expect(portsOf(joinCaptures(told(whole), both))).toEqual([[40_000, 40_000]]);
  });

  it('are found in a capture that repeats a replay, by addresses', () => {
    const replays = [0, 1, 2].map((i) => told(whole, { at: 60 * i, client: { address: `10.0.0.${i + 1}` } }));
    const session = joinCaptures(told(whole, later), replays.flat());
    expect(portsOf(session)).toEqual([[40_000, 40_000]]);
  });
});

describe('copies', () => {
  it('join whatever their numbers are, and only what is the same record', () => {
    const chosen = { client: { initialSeq: 0 }, server: { initialSeq: 0 } };
    const packets = told(whole, chosen);
    expect(pairsOf(joinCaptures(packets, packets))).toEqual(['same']);
    expect(joinCaptures(packets, told(whole, { ...chosen, at: 3600 })).join.isJoined).toBe(false);
  });

  it('join a capture and the resets that a filter left of it', () => {
    const packets = told((talk) => talk.handshake().exchange(10, 20).rst({ from: 'server' }));
    expect(pairsOf(joinCaptures(packets, packets.slice(-1)))).toEqual(['same']);
  });
});

describe('attempts', () => {
  const refused: Tell = (talk) => talk.refused();
  const unanswered: Tell = (talk) => talk.syn().retransmit('client', { after: 1 });
  const nat = { client: { address: '198.51.100.1', port: 1024 } };

  it('that were refused are joined, through translation too', () => {
    expect(pairsOf(joinCaptures(told(refused), told(refused, { ...later, ...nat })))).toEqual(['same']);
  });

  it('are joined with what was answered elsewhere', () => {
    expect(pairsOf(joinCaptures(told(unanswered), told(whole, { ...later, ...nat })))).toEqual(['same']);
  });

  it('sent again with one number through a translator that forgot them stay with the first', () => {
    const forgotten = [
      ...told((talk) => talk.syn(), { ...later, ...nat }),
      ...told((talk) => talk.syn(), { at: 1.02, client: { address: '198.51.100.1', port: 1025 } }),
    ];
    const session = joinCaptures(told(unanswered), forgotten);
    expect(session.join.isJoined).toBe(false);
  });

  it('of a scanner with one number for all are not joined by it alone', () => {
    const scan = (at: number, from: number): readonly ConversationPacket[] =>
      Array.from({ length: 20 }, (_, i) =>
        told(refused, { at, client: { port: 60_000, initialSeq: drawn(5) }, server: { port: from + i } }),
      ).flat();
    expect(joinCaptures(scan(0, 1), scan(0.02, 1)).join.isJoined).toBe(false);
    const session = joinCaptures([...told(whole), ...scan(0, 1)], [...told(whole, later), ...scan(0.02, 11)]);
    expect(pairsOf(session).filter((pair) => pair === 'same')).toHaveLength(11);
  });
});

describe('signatures', () => {
  const long: Tell = (talk) => {
    talk.handshake();
    for (let i = 0; i < 20; i++) talk.exchange(100 + i, 1000 + i);
    return talk.closes();
  };

  it('join a capture that started late, through translation', () => {
    const packets = told(long, { ...later, client: { address: '198.51.100.1', port: 1024 } });
    expect(pairsOf(joinCaptures(told(long), packets.slice(20)))).toEqual(['same']);
    expect(pairsOf(joinCaptures(told(long).slice(20), packets))).toEqual(['same']);
  });

  it('join captures that both started late, one of which guessed the client wrong', () => {
    const peers = { client: { port: 80 }, server: { port: 3000 } };
    const first = told(long, peers);
    const second = told(long, { ...later, client: { port: 50_000 }, server: { port: 3000 } });
    expect(pairsOf(joinCaptures(first.slice(20), second.slice(30)))).toEqual(['same swapped']);
  });

  it('need three packets, and not those of a connection with another number', () => {
    const packets = told(long, { ...later, client: { address: '198.51.100.1', port: 1024 } });
    expect(joinCaptures(told(long), packets.slice(20, 22)).join.isJoined).toBe(false);
  });

  it('join captures of one direction each with one of both', () => {
    const packets = told(long, later);
    const ofServer = packets.filter((_, i) => i % 2 === 1).slice(3);
    expect(pairsOf(joinCaptures(told(long), ofServer))).toEqual(['same']);
  });
});

describe('rewritten numbers', () => {
  const nat = { address: '198.51.100.1', port: 1024 };

  it('of the server, by a SYN proxy', () => {
    const session = joinCaptures(told(whole), told(whole, { ...later, server: { initialSeq: drawn(99) } }));
    expect(pairsOf(session)).toEqual([`rewritten 0 ${(drawn(99) - drawn(1)) | 0}`]);
  });

  it('of both sides, with the same addresses and ports', () => {
    const numbers = { client: { initialSeq: drawn(98) }, server: { initialSeq: drawn(99) } };
    expect(pairsOf(joinCaptures(told(whole), told(whole, { ...later, ...numbers })))).toEqual([
      `rewritten ${(drawn(98) - drawn(0)) | 0} ${(drawn(99) - drawn(1)) | 0}`,
    ]);
  });

  it('of both sides and addresses, by the first bytes', () => {
    const numbers = { client: { initialSeq: drawn(98), ...nat }, server: { initialSeq: drawn(99) } };
    expect(pairsOf(joinCaptures(told(whole), told(whole, { ...later, ...numbers })))).toEqual([
      `rewritten ${(drawn(98) - drawn(0)) | 0} ${(drawn(99) - drawn(1)) | 0}`,
    ]);
  });

  const numbers = { client: { initialSeq: drawn(98) }, server: { initialSeq: drawn(99) } };
  const moved = (client: number, server: number): string =>
    `rewritten ${client | 0} ${server | 0}`.replace(/ 0 0$/u, '');

  it('of a connection with one request alone, by the marks of its senders', () => {
    const short: Tell = (talk) => talk.handshake().exchange(90, 700).closes();
    expect(pairsOf(joinCaptures(told(short), told(short, { ...later, ...numbers })))).toEqual([
      moved(drawn(98) - drawn(0), drawn(99) - drawn(1)),
    ]);
    // An hour apart it may be a replay, and three of them are not.
    expect(joinCaptures(told(short), told(short, { at: 3600, ...numbers })).join.isJoined).toBe(false);
    const three = (at: number, by: number): ConversationPacket[] =>
      [1, 2, 3].flatMap((name) =>
        told(short, {
          name,
          at: at + 5 * name,
          client: { initialSeq: drawn(2 * name + by) },
          server: { initialSeq: drawn(2 * name + 1 + by) },
        }),
      );
    expect(pairsOf(joinCaptures(three(0, 0), three(3600, 50))).map((pair) => pair.split(' ')[0])).toEqual([
      'rewritten',
      'rewritten',
      'rewritten',
    ]);
  });

  it('of a SYN and its refusal', () => {
    const refused: Tell = (talk) => talk.refused();
    expect(pairsOf(joinCaptures(told(refused), told(refused, { ...later, ...numbers })))).toEqual([
      moved(drawn(98) - drawn(0), 0),
    ]);
  });

  it('are not told by marks that a tool writes into all packets, nor where the senders differ', () => {
    const refused: Tell = (talk) => talk.refused();
    const scan = (at: number, by: number): ConversationPacket[] =>
      Array.from({ length: 20 }, (_, name) =>
        told(refused, { name, at, client: { initialSeq: drawn(name + by), ipId: 54_321 } }),
      ).flat();
    expect(joinCaptures(scan(0, 0), scan(1, 40)).join.isJoined).toBe(false);
    // One packet each way, made by hand: numbers and IP-IDs are what the tool writes by itself.
    const bare: PeerOptions = { initialSeq: 0, ipId: 1, timestamps: false };
    const made = { client: bare, server: bare };
    const once: Tell = (talk) => talk.syn().segment('client', { flags: 'R' });
    const twice: Tell = (talk) => talk.handshake().segment('client', { flags: 'R' });
    expect(joinCaptures(told(once, made), told(twice, { at: 60, ...made })).join.isJoined).toBe(false);
  });

  it.each([true, false])(
    'are not taken for such where a forged SYN-ACK came first (believed: %s)',
    (isBelieved) => {
      const forged: Tell = (talk) => {
        const { client, server } = talk.syn();
        const [{ received }, { next }] = [client, server];
        talk.segment('server', { flags: 'SA', seq: drawn(55), ttl: 30, after: 0.001 });
        if (!isBelieved) client.received = received;
        server.next = next;
        return talk.synAck().clientAcks().exchange(request, response).closes();
      };
      const real: Tell = (talk) => talk.handshake().exchange(request, response).closes();
      expect(pairsOf(joinCaptures(told(forged), told(real, later)))).toEqual(['same']);
    },
  );
});

describe('the other side of a proxy', () => {
  const PROXY = { address: '10.9.0.1', ipId: 'counter', timestampBase: 4_711 } as const;
  const BACK = { address: '10.9.0.2', port: 8080, ipId: 'counter', timestampBase: 815 } as const;
  const back = (name: number): Told => ({
    at: 0.02,
    client: { ...PROXY, port: 30_000 + name, initialSeq: drawn(500 + name) },
    server: { ...BACK, initialSeq: drawn(600 + name) },
  });

  /** With a connection that passes both vantages itself, which tells the clock. */
  const besideDirect = (
    first: readonly ConversationPacket[],
    second: readonly ConversationPacket[],
  ): [ConversationPacket[], ConversationPacket[]] => {
    const direct: Tell = (talk) => talk.handshake().exchange(333, 4444).closes();
    const peers = { name: 900, server: { address: '192.0.2.9' } };
    return [
      [...told(direct, { ...peers, at: -1 }), ...first],
      [...told(direct, { ...peers, at: -0.98 }), ...second],
    ];
  };

  it('has the same bytes in other segments', () => {
    const other: Tell = (talk) =>
      talk
        .handshake()
        .clientSends(request.slice(0, 10))
        .clientSends(request.slice(10))
        .serverSends(response)
        .exchange(90, 700)
        .closes();
    const [first, second] = besideDirect(told(whole), told(other, back(0)));
    expect(pairsOf(joinCaptures(first, second))).toEqual([
      'same',
      `proxied ${(drawn(500) - drawn(0)) | 0} ${(drawn(600) - drawn(1)) | 0}`,
    ]);
    // What one request and one answer have in common with another's proves nothing by itself.
    expect(joinCaptures(told(whole), told(other, back(0))).join.isJoined).toBe(false);
  });

  it('has a PROXY header in front of them', () => {
    const header = 'PROXY TCP4 10.0.0.1 192.0.2.80 40000 80\r\n';
    const other: Tell = (talk) =>
      talk
        .handshake()
        .clientSends(header)
        .clientSends(request)
        .serverSends(response)
        .exchange(90, 700)
        .closes();
    const [first, second] = besideDirect(told(whole), told(other, back(0)));
    expect(pairsOf(joinCaptures(first, second))).toEqual([
      'same',
      `proxied ${(drawn(500) - drawn(0) + header.length) | 0} ${(drawn(600) - drawn(1)) | 0}`,
    ]);
  });

  it('is told by three that agree on the clock where packets were captured in part', () => {
    const page =
      (name: number): Tell =>
      (talk) =>
        talk.handshake().exchange(`GET /${name} HTTP/1.1\r\nHost: shop.example\r\n\r\n`, response).closes();
    const sides = (names: readonly number[]): ConversationPacket[][] => [
      names.flatMap((name) => told(page(name), { name, at: name })),
      names.flatMap((name) => told(page(name), { ...back(name), at: name + 0.02 })),
    ];
    const pairs = (names: readonly number[]): string[] =>
      pairsOf(joinCut(96, ...sides(names))).map((pair) => pair.split(' ')[0]);
    expect(pairs([1, 2, 3])).toEqual(['proxied', 'proxied', 'proxied']);
    expect(pairs([1, 2])).toEqual(['none', 'none']);
  });

  it('is only believed where the bytes are those of one connection, or the time leaves one', () => {
    const page =
      (name: number): Tell =>
      (talk) =>
        talk.handshake().exchange(`${request}${name}`, response).closes();
    const alike = [1, 2, 3].map((name): [number, number] => [name, 10 * name]);
    const first = [...told(page(0)), ...alike.flatMap(([name, at]) => told(whole, { name, at }))];
    const second = [
      ...told(page(0), back(0)),
      ...alike.flatMap(([name, at]) => told(whole, { ...back(name), at: at + 0.02 })),
    ];
    expect(portsOf(joinCaptures(...besideDirect(first, second))).slice(1)).toEqual(
      [0, 1, 2, 3].map((name) => [40_000 + name, 30_000 + name]),
    );
    // Without the one that tells the clock nothing is certain.
    expect(joinCaptures(first, second).join.isJoined).toBe(false);
  });

  it('is no connection that began when the other was over, and none between machines that are reached directly', () => {
    const late = { ...back(0), at: 20 };
    expect(pairsOf(joinCaptures(...besideDirect(told(whole), told(whole, late))))).toEqual(['same', 'none']);
    // The same words at the same time over the other family of addresses, of which each capture lost one.
    const six = {
      client: { address: 'fd00::1', timestampBase: 4_711 },
      server: { address: 'fd00::80', timestampBase: 815 },
    };
    const direct: Tell = (talk) => talk.handshake().exchange(333, 4444).closes();
    const both = (at: number): ConversationPacket[] => [
      ...told(direct, { name: 901, at }),
      ...told(direct, { name: 902, at, ...six }),
    ];
    const first = [...both(-1), ...told(whole)];
    const second = [...both(-0.98), ...told(whole, { ...later, name: 3, ...six })];
    expect(pairsOf(joinCaptures(first, second))).toEqual(['same', 'same', 'none']);
  });
});

describe('hostile captures', () => {
  /** Steps that pairing takes for two such captures: it gives others a turn after so many flows and packets, and after each trial. */
  function stepsFor(capture: (flows: number, at: number) => ConversationPacket[], flows: number): number {
    const session = joinCaptures(capture(flows, 0), capture(flows, 0.5));
    const { packets, resets, addresses } = session;
    const hints = { fingerprints: undefined };
    const files = { list: () => [] };
    const stores = { packets, flows: session.flows, resets, addresses, files, hints };
    const work = new FlowPairing(stores).between(1, 2);
    let steps = 1;
    while (work.next().done !== true) steps++;
    return steps;
  }

  const many =
    (tell: Tell, fixed: (i: number) => Told) =>
    (flows: number, at: number): ConversationPacket[] =>
      Array.from({ length: flows }, (_, i) => told(tell, { at: at + i * 1e-4, ...fixed(i) })).flat();

  const constant = { client: { initialSeq: drawn(5) }, server: { initialSeq: drawn(6) } };
  const captures: Record<string, (flows: number, at: number) => ConversationPacket[]> = {
    'SYNs of one number': many(
      (talk) => talk.syn(),
      (name) => ({ name, ...constant }),
    ),
    'handshakes of one pair of numbers': many(
      (talk) => talk.handshake(),
      (name) => ({ name, ...constant }),
    ),
    'equal packets without handshake': many(
      (talk) => talk.uncaptured((hidden) => hidden.handshake()).exchange(request, response),
      (name) => ({ name, ...constant }),
    ),
    'one port used again and again': many(whole, (name) => ({ name, client: { port: 40_000 } })),
  };

  it.each(Object.entries(captures))(
    'of %s take no more than as many steps as they have flows',
    (_, capture) => {
      const [few, twice] = [400, 800].map((flows) => stepsFor(capture, flows));
      expect(twice).toBeLessThanOrEqual(2.5 * few);
    },
  );

  it('are not joined by a number that all have', () => {
    const scan = captures['SYNs of one number'];
    expect(joinCaptures(scan(300, 0), scan(300, 0.5)).join.isJoined).toBe(false);
  });

  it('ask for a long flow no more often than the limit says', () => {
    // Short ones of its port and addresses, whose packets could all be its packets.
    const short = Array.from({ length: 200 }, (_, i) =>
      told((talk) => talk.handshake().exchange(90, 700), { name: i, client: { port: 40_000 }, at: i * 1e-3 }),
    ).flat();
    const long = told(
      (talk) => {
        talk.handshake();
        for (let i = 0; i < 50; i++) talk.exchange(90, 700);
      },
      { name: 999, client: { port: 40_000 }, at: 0.1 },
    );
    const session = joinCaptures(short, long);
    expect(pairsOf(session).filter((pair) => pair !== 'none').length).toBeLessThanOrEqual(1);
  });
});
