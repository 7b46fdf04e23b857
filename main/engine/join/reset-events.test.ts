import { describe, expect, it } from 'vitest';
import { Conversation, type ConversationPacket } from '../../../test/support/conversation.ts';
import { type PlaceOptions, analyzeTogether, atPlace, together } from '../../../test/support/two-places.ts';
import type { Session } from '../session.ts';
import type { ResetEvent } from './join-view.ts';

const PATH = { client: { hops: 0 }, server: { hops: 6, delay: 0.02 } } as const;
const SERVER: PlaceOptions = { hops: 6, delay: 0.01 };

/** Connections without resets before and after, so that both captures are known to run. */
function others(from = 50_000): ConversationPacket[] {
  return [0, 1, 2, 3].flatMap((i) => {
    const startNs = 1_700_000_000_000_000_000n + BigInt(i) * 2_000_000_000n - 1_000_000_000n;
    const talk = new Conversation({
      ...PATH,
      client: { hops: 0, port: from + i, initialSeq: 5000 + i },
      startNs,
    });
    return talk.handshake().exchange(200, 400).exchange(20, 30).closes().packets;
  });
}

function talking(): Conversation {
  return new Conversation(PATH).handshake().exchange(100, 300).exchange(50, 80);
}

function eventsOf(session: Session): ResetEvent[] {
  return Array.from(session.resetIds(), (id) => session.join.event(id)).filter(
    (event) => event !== undefined,
  );
}

function only(session: Session): ResetEvent {
  const events = eventsOf(session);
  expect(events).toHaveLength(1);
  return events[0];
}

describe('a reset that two captures hold', () => {
  const talk = talking().clientSends(400).rst({ from: 'server' });
  const session = analyzeTogether({
    'client.pcap': together(talk.packets, others()),
    'server.pcap': together(atPlace(talk.packets, SERVER), atPlace(others(), SERVER)),
  });

  it('is one event, told by the capture nearer to its sender', () => {
    const event = only(session);
    expect(event.sightings.map(({ vantage }) => vantage)).toEqual([2, 1]);
    expect(event.primary).toBe(event.sightings[0].reset);
    expect(event.absences).toEqual([]);
    expect(event.born).toBeNull();
  });

  it('is counted once, wherever it is counted', () => {
    expect(session.resetIds()).toHaveLength(1);
    expect(session.summary()).toMatchObject({ resets: 1, resetsThatMatter: 1 });
    expect(session.findings(session.resetIds(), 10).list).toMatchObject([{ count: 1 }]);
    expect(session.failures.report().counts.reset).toBe(1);
  });

  it('is reached by each of its records', () => {
    const { sightings, primary } = only(session);
    for (const { reset } of sightings) expect(session.resetDetail(reset).row.id).toBe(primary);
  });
});

/** A reset in the server's name that a device made, which only the client's capture holds. */
function forged(
  server: Partial<PlaceOptions> = {},
  after: readonly ConversationPacket[] = others(),
): Session {
  const talk = talking();
  const real = talk.packets.length;
  talk.rst({ from: 'server', after: 0.001, ttl: 62 });
  const captured = atPlace(talk.packets, {
    ...SERVER,
    ...server,
    without: (index, from, data) => index >= real || server.without?.(index, from, data) === true,
  });
  return analyzeTogether({
    'client.pcap': together(talk.packets, after),
    'server.pcap': together(captured, atPlace(after, { ...SERVER, ...server, without: undefined })),
  });
}

describe('a reset that is absent where it had to pass', () => {
  it('was made between the two', () => {
    const session = forged();
    const event = only(session);
    expect(event.absences).toMatchObject([{ vantage: 2, lies: 'before', doubt: null, missed: 0 }]);
    expect(event.absences[0].lossBound).toBeLessThan(0.01);
    expect(event.born).toEqual([2, 1]);
    const { verdict, journey } = session.resetAccount(event.primary);
    expect(verdict.origin).toMatchObject({ kind: 'middlebox', confidence: 0.999 });
    expect(verdict.summary).toContain('provably made this reset');
    expect(verdict.next).not.toMatch(/capture at the server/iu);
    expect(journey).toMatchObject({ proven: true, born: { between: [1, 0] } });
  });

  it.each([0.4, -0.4])('whatever the clocks say (%f s)', (clock) => {
    expect(only(forged({ clock })).born).toEqual([2, 1]);
  });

  it('through a translation', () => {
    const session = forged({ client: '198.51.100.7' });
    expect(only(session).born).toEqual([2, 1]);
    const [id] = session.resetIds();
    expect(session.resetAccount(id).verdict.story).toContain(
      'translates the client 10.0.0.1:40000 to 198.51.100.7:40000',
    );
  });

  it('proves nothing where that capture missed others of its way', () => {
    const session = forged({ without: (_, from, data) => from === 'server' && data.length > 300 });
    const [absence] = only(session).absences;
    expect(absence.doubt).toMatch(
      /^1 of \d+ packets of this direction that passed was not captured there either$/u,
    );
    expect(session.resetAccount(0).journey?.proven).toBe(false);
  });

  it('proves nothing where that capture ended before', () => {
    const before = others().filter(({ timeNs }) => timeNs < 1_700_000_000_000_000_000n);
    const session = forged({}, before);
    expect(only(session).absences[0].doubt).toMatch(/capture there/u);
    expect(session.resetAccount(0).verdict.limitations[0]).toContain('proves nothing');
  });
});

it('knows a device that resets both ends for one act', () => {
  const talk = talking();
  const real = talk.packets.length;
  const toClient = new Conversation(PATH).handshake().exchange(100, 300).exchange(50, 80);
  toClient.rst({ from: 'server', after: 0.001, ttl: 62 });
  const toServer = new Conversation(PATH).handshake().exchange(100, 300).exchange(50, 80);
  toServer.rst({ from: 'client', after: 0.001, ttl: 67 });
  const session = analyzeTogether({
    'client.pcap': together(toClient.packets, others()),
    'server.pcap': together(
      atPlace(talk.packets.slice(0, real), SERVER),
      atPlace(toServer.packets.slice(real), SERVER),
      atPlace(others(), SERVER),
    ),
  });
  const events = eventsOf(session);
  expect(events).toHaveLength(2);
  expect(events[0].sameActAs).toBe(events[1].primary);
  expect(events[1].sameActAs).toBe(events[0].primary);
  expect(session.resetAccount(events[0].primary).verdict.story).toContain(
    'The same device reset the other end, too',
  );
});

it('says of a reset that never arrived that it did not', () => {
  const talk = talking();
  const real = talk.packets.length;
  talk.rst({ from: 'server', ttl: 58 });
  const session = analyzeTogether({
    'client.pcap': together(talk.packets.slice(0, real), others()),
    'server.pcap': together(atPlace(talk.packets, SERVER), atPlace(others(), SERVER)),
  });
  const event = only(session);
  expect(event.absences).toMatchObject([{ vantage: 1, lies: 'beyond', doubt: null }]);
  const { verdict } = session.resetAccount(event.primary);
  expect(verdict.origin.kind).toBe('endpoint');
  expect(verdict.sees.client).toBe('unaware');
});

it('holds a burst of which a packet was lost on its way for one reset', () => {
  const talk = talking();
  const many = 70;
  for (let i = 0; i < many; i++) talk.rst({ from: 'server', after: 0.000_1 });
  const lost = talk.packets.length - 3;
  const session = analyzeTogether({
    'client.pcap': together(
      talk.packets.filter((_, i) => i !== lost),
      others(),
    ),
    'server.pcap': together(atPlace(talk.packets, SERVER), atPlace(others(), SERVER)),
  });
  expect(session.summary().resets).toBe(many);
  for (const event of eventsOf(session)) expect(event.born).toBeNull();
});

it('does not take a second capture of a reset for another one', () => {
  const talk = talking().rst({ from: 'server' });
  const twice = together(talk.packets, [
    {
      ...talk.packets[talk.packets.length - 1],
      timeNs: talk.packets[talk.packets.length - 1].timeNs + 2000n,
    },
  ]);
  const session = analyzeTogether({
    'client.pcap': together(twice, others()),
    'server.pcap': together(atPlace(talk.packets, SERVER), atPlace(others(), SERVER)),
  });
  expect(only(session).absences).toEqual([]);
  expect(session.summary().resets).toBe(1);
});

/** The capture of a router on `any`: each packet as it comes in, and as it goes out with one hop less. */
function twice(packets: readonly ConversationPacket[]): ConversationPacket[] {
  const out = packets.map(({ timeNs, data }) => {
    const copy = data.slice();
    copy[22]--;
    return { timeNs: timeNs + 20_000n, data: copy };
  });
  return together(packets, out);
}

describe('a router that captures each packet as it comes and as it goes', () => {
  const talk = talking().clientSends(400).rst({ from: 'server' }).rst({ from: 'server', style: 'reply' });
  const MIDDLE: PlaceOptions = { hops: 3, delay: 0.005 };
  const session = analyzeTogether({
    'client.pcap': together(talk.packets, others()),
    'middle.pcap': together(twice(atPlace(talk.packets, MIDDLE)), twice(atPlace(others(), MIDDLE))),
    'server.pcap': together(atPlace(talk.packets, SERVER), atPlace(others(), SERVER)),
  });

  it('has both of each reset in one event', () => {
    const events = eventsOf(session);
    expect(events).toHaveLength(2);
    for (const { sightings, records, absences } of events) {
      expect(sightings.map(({ vantage }) => vantage)).toEqual([3, 2, 1]);
      expect(records).toHaveLength(4);
      expect(absences).toEqual([]);
    }
  });
});

describe('two resets with one number', () => {
  /** A device's reset in the client's name reaches the server; the client's own is lost behind its capture. */
  function both(own: 'R' | 'RA'): Session {
    const talk = talking();
    const real = talk.packets.length;
    talk.rst({ from: 'client', after: 0.05, flags: own, ...(own === 'R' ? { ack: 0 } : {}) });
    const forged = talking().rst({ from: 'client', after: 0.001, flags: 'RA' }).packets.slice(real);
    return analyzeTogether({
      'client.pcap': together(talk.packets, others()),
      'server.pcap': together(
        atPlace([...talk.packets.slice(0, real), ...forged], SERVER),
        atPlace(others(), SERVER),
      ),
    });
  }

  it('are two where their flags differ', () => {
    const events = eventsOf(both('R'));
    expect(events.map(({ sightings }) => sightings.map(({ vantage }) => vantage))).toEqual([[1], [2]]);
    expect(events[1].absences).toMatchObject([{ vantage: 1, lies: 'before', doubt: null }]);
    expect(events[1].born).toEqual([1, 2]);
  });

  it('are not one in an order in which none can have come, and then prove nothing', () => {
    const session = both('RA');
    const events = eventsOf(session);
    expect(events).toHaveLength(2);
    expect(events[1].absences).toMatchObject([{ lies: 'before', isSingular: false }]);
    expect(events[1].absences[0].doubt).toContain('resets that say the same');
    for (const { primary } of events) expect(session.resetAccount(primary).journey?.proven).toBe(false);
  });
});

it('accuses nobody by resets that are alike, of which a capture has fewer', () => {
  const talk = talking();
  const real = talk.packets.length;
  for (let i = 0; i < 6; i++) talk.rst({ from: 'server', after: 0.3 });
  const session = analyzeTogether({
    'client.pcap': together(talk.packets, others()),
    // Its clock is set while they come, and it misses one of them.
    'server.pcap': together(
      atPlace(talk.packets.slice(0, real + 2), SERVER),
      atPlace(talk.packets.slice(real + 3), { ...SERVER, clock: 0.5 }),
      atPlace(others(), SERVER),
    ),
  });
  for (const { primary } of eventsOf(session)) {
    const { verdict, journey } = session.resetAccount(primary);
    expect(verdict.origin.kind).not.toBe('middlebox');
    expect(journey?.proven).toBe(false);
  }
});

describe('a device that answers in the place of the server', () => {
  const talk = talking().clientSends(200);
  const real = talk.packets.length;
  talk.serverSends(600, { ttl: 62, after: 0.001 }).rst({ from: 'server', after: 0.001, ttl: 62 });
  const own = talking().clientSends(200).serverAcks({ after: 0.02 });
  const session = analyzeTogether({
    'client.pcap': together(talk.packets, others()),
    'server.pcap': together(
      atPlace([...talk.packets.slice(0, real), ...own.packets.slice(real)], SERVER),
      atPlace(others(), SERVER),
    ),
  });

  it('is told from a capture that misses packets', () => {
    expect(only(session).absences).toMatchObject([{ lies: 'before', doubt: null, missedHere: 1 }]);
    expect(only(session).born).toEqual([2, 1]);
  });

  it('says nothing of how the captures lose packets', () => {
    expect(session.join.passage(2, 1)).toMatchObject({ onlyFrom: 0, onlyTo: 0 });
  });
});

it('knows a connection that never came to a capture that has others of the two hosts', () => {
  const refused = new Conversation({ ...PATH, client: { hops: 0, port: 61_000 } }).refused({ ttl: 62 });
  const talk = talking().packets;
  const session = analyzeTogether({
    'client.pcap': together(refused.packets, talk, others()),
    'server.pcap': together(atPlace(talk, SERVER), atPlace(others(), SERVER)),
  });
  const [reset] = session.resetIds();
  const { verdict, journey } = session.resetAccount(reset);
  expect(journey).toBeNull();
  expect(verdict.evidence.map(({ code }) => code)).toContain('connection-absent-nearer-sender');
  expect(verdict.origin.kind).not.toBe('endpoint');
});
