/** What joining counts, that it can be asked and begun at any time, and that it gives way. */
import { describe, expect, it } from 'vitest';
import type { FlowRecord, Milliseconds, PacketNumber } from '../../../shared/base/units.ts';
import { CHANGED, type JoinedPair } from '../../../shared/model/join.ts';
import { Conversation, type ConversationPacket } from '../../../test/support/conversation.ts';
import { Path, type CapturePoint } from '../../../test/support/path.ts';
import { joinCaptures } from '../../../test/support/vantages.ts';
import type { Session } from '../session.ts';
import { LIMITS } from '../limits.ts';

const FIRST = 0 as FlowRecord;

/** Twelve connections of nine packets, six of each side, past a capture point at either end. */
function pathWith(server: Partial<CapturePoint> = {}, client: Partial<CapturePoint> = {}): Path {
  const path = new Path({ routers: 4, delay: 0.02 }, [
    { at: 0, ...client },
    { at: 4, ...server },
  ]);
  for (let i = 0; i < 12; i++) {
    const talk = path.connection().handshake().clientSends(100).serverSends(500).clientSends(60);
    talk.serverSends(30).send('client', 'A').send('server', 'A');
  }
  return path;
}

function onlyPair({ join }: Session): JoinedPair {
  const pairs = join.report()?.pairs ?? [];
  expect(pairs).toHaveLength(1);
  return pairs[0];
}

describe('what two captures have in common is counted', () => {
  it('where nothing was lost', () => {
    expect(onlyPair(joinCaptures(...pathWith().captures))).toMatchObject({
      ...{ class: 'same', connections: 12, matched: 108, onlyFirst: 0, onlySecond: 0 },
      ...{ changed: 0, changes: 0, lossToSecond: 0, lossToFirst: 0 },
    });
  });

  it('with the loss of each direction', () => {
    // The fourth packet of each is the client's data: 12 of the 60 that it sent.
    const lossy = onlyPair(joinCaptures(...pathWith({ misses: (packet) => packet === 3 }).captures));
    expect(lossy).toMatchObject({ matched: 96, onlyFirst: 12, onlySecond: 0, lossToFirst: 0 });
    // What passed near the begin and the end of a capture is left out.
    expect(lossy.lossToSecond).toBeCloseTo(0.2, 1);
    const other = onlyPair(joinCaptures(...pathWith({}, { misses: (packet) => packet === 4 }).captures));
    expect(other).toMatchObject({ matched: 96, onlyFirst: 0, onlySecond: 12, lossToSecond: 0 });
    expect(other.lossToFirst).toBeCloseTo(0.25, 1);
  });

  it('without what one capture was too early or too late for', () => {
    const { captures } = pathWith();
    const [client, server] = captures;
    // The first two connections passed before the second capture began, and are no loss.
    const late = onlyPair(joinCaptures(client, server.slice(18)));
    expect(late).toMatchObject({ connections: 10, matched: 90, onlyFirst: 0, lossToSecond: 0 });
    const early = onlyPair(joinCaptures(client, server.slice(0, -3)));
    expect(early).toMatchObject({ matched: 105, onlyFirst: 3, lossToSecond: 0 });
  });

  it('without resets, which devices make', () => {
    const path = pathWith({ misses: (packet) => packet === 9 });
    path
      .connection()
      .handshake()
      .clientSends(10)
      .serverSends(10)
      .send('client', 'A')
      .send('server', 'A')
      .send('client', 'A')
      .send('server', 'A')
      .send('client', 'R');
    expect(onlyPair(joinCaptures(...path.captures))).toMatchObject({
      matched: 117,
      onlyFirst: 1,
      lossToSecond: 0,
    });
  });

  it('without second captures of a packet', () => {
    const [client, server] = pathWith().captures;
    const twice = (packets: readonly ConversationPacket[]): ConversationPacket[] =>
      packets.flatMap((packet) => [packet, { ...packet, timeNs: packet.timeNs + 10_000n }]);
    expect(onlyPair(joinCaptures(client, twice(server)))).toMatchObject({
      matched: 108,
      onlyFirst: 0,
      onlySecond: 0,
    });
    expect(onlyPair(joinCaptures(twice(client), server))).toMatchObject({
      matched: 108,
      onlyFirst: 0,
      onlySecond: 0,
    });
  });

  it('with what was changed on the way: for all packets of a flow, and for one', () => {
    const nat = { addresses: { '10.0.0.1': '198.51.100.9' } };
    const translated = joinCaptures(...pathWith(nat).captures);
    expect(onlyPair(translated)).toMatchObject({ changed: 0, changes: CHANGED.client });
    const [twin] = translated.join.twins(FIRST);
    const { ours, theirs, ofOurs } = translated.join.match(FIRST, twin.flow);
    const counterpart = theirs[ofOurs[0]] as PacketNumber;
    expect(translated.join.changes(FIRST, twin.flow, ours[0] as PacketNumber, counterpart)).toBe(
      CHANGED.client,
    );
    expect(translated.join.changes(twin.flow, FIRST, counterpart, ours[0] as PacketNumber)).toBe(
      CHANGED.client,
    );

    const numbered = joinCaptures(...pathWith({ seqShift: 4711 }).captures);
    expect(onlyPair(numbered)).toMatchObject({ class: 'rewritten', changed: 0, changes: CHANGED.seq });
  });

  it('of packets that a middlebox marked', () => {
    const marked = (tos: number): ConversationPacket[] =>
      Array.from(
        { length: 12 },
        (_, i) =>
          new Conversation({
            client: { port: 40_000 + i, initialSeq: 7_000_003 * (i + 1), tos },
            server: { initialSeq: 1_900_000_000 + 5_000_011 * i },
            startNs: 1_700_000_000_000_000_000n + BigInt(i) * 1_000_000_000n,
          })
            .handshake()
            .exchange(100, 200)
            .closes().packets,
      ).flat();
    const pair = onlyPair(joinCaptures(marked(0), marked(0x28)));
    expect(pair.changes).toBe(CHANGED.tos);
    expect(pair.changed).toBeGreaterThan(0);
    expect(pair.changed).toBeLessThan(pair.matched);
  });
});

describe('flows whose sides were guessed differently', () => {
  // Without a handshake the first packet's sender is the client where no port tells: one capture begins with the answer.
  const ports = { 80: 50_080 };
  const [first, second] = pathWith({ ports, addresses: { '192.0.2.80': '203.0.113.7' } }, { ports }).captures;
  const middle = (packets: readonly ConversationPacket[], from: number): ConversationPacket[] =>
    packets.filter((_, i) => i >= 9 || i >= from);
  const session = joinCaptures(middle(first, 3), middle(second, 4));
  const [twin] = session.join.twins(FIRST);

  it('are one connection, counted by the sides of the first', () => {
    expect(twin.isSwapped).toBe(true);
    expect(session.join.twins(twin.flow)).toMatchObject([{ flow: FIRST, isSwapped: true }]);
    expect(session.flowView.row(FIRST).client.split(':').at(-1)).toBe('40000');
    expect(session.flowView.row(twin.flow).client.split(':').at(-1)).toBe('50080');
  });

  it('have their packets matched, whichever is asked first', () => {
    const { ofOurs } = session.join.match(FIRST, twin.flow);
    expect([...ofOurs]).toEqual([-1, 0, 1, 2, 3, 4]);
    expect([...session.join.match(twin.flow, FIRST).ofOurs]).toEqual([1, 2, 3, 4, 5]);
  });

  it('tell which side was translated, and stand in the same order along the path', () => {
    const { ours, theirs, ofOurs } = session.join.match(FIRST, twin.flow);
    const [packet, counterpart] = [ours[1] as PacketNumber, theirs[ofOurs[1]] as PacketNumber];
    expect(session.join.changes(FIRST, twin.flow, packet, counterpart)).toBe(CHANGED.server);
    expect(session.join.alongPath(FIRST)).toEqual([FIRST, twin.flow]);
    expect(onlyPair(session)).toMatchObject({
      connections: 12,
      matched: 104,
      onlyFirst: 1,
      changes: CHANGED.server,
    });
  });
});

describe('joining', () => {
  const NOW = () => 0 as Milliseconds;
  const outcome = ({ join, resets }: Session): unknown => ({
    report: join.report(),
    events: Array.from({ length: resets.count }, (_, reset) => join.event(reset)),
  });
  const isPrimary = ({ join, resets }: Session): readonly boolean[] =>
    Array.from({ length: resets.count }, (_, reset) => join.primary(reset) === reset);
  const withResets = (): Session => {
    const path = pathWith();
    for (let i = 0; i < 3; i++) path.connection().handshake().clientSends(10).send('server', 'RA');
    return joinCaptures(...path.captures);
  };

  it('begins anew as if it had never been made', () => {
    const session = withResets();
    const before = outcome(session);
    session.startJoining();
    expect(session.join.isJoined).toBe(false);
    session.joinFor(Number.POSITIVE_INFINITY as Milliseconds, NOW);
    expect(outcome(session)).toEqual(before);
  });

  it('gives way again and again, tells how far it is, and answers meanwhile as if nothing were joined', () => {
    const session = withResets();
    const before = outcome(session);
    session.startJoining();
    let steps = 0;
    let done = 0;
    while (!session.joinFor(0 as Milliseconds, NOW)) {
      steps++;
      expect(session.joinDone).toBeGreaterThanOrEqual(done);
      expect(session.joinDone).toBeLessThanOrEqual(1);
      done = session.joinDone;
      expect(isPrimary(session)).toContain(true);
    }
    expect(steps).toBeGreaterThan(3);
    expect(session.joinDone).toBe(1);
    expect(outcome(session)).toEqual(before);
  });

  it('leaves nothing behind when it is given up, however far it was', () => {
    for (const steps of [0, 1, 5, 50]) {
      const session = withResets();
      session.startJoining();
      for (let step = 0; step < steps; step++) session.joinFor(0 as Milliseconds, NOW);
      session.stopJoining();
      expect(session.join.isJoined).toBe(false);
      expect(session.join.report()).toBeNull();
      expect(session.join.twins(FIRST)).toEqual([]);
      expect(session.join.primaryFlow(FIRST)).toBe(FIRST);
      session.judgeFor(Number.POSITIVE_INFINITY as Milliseconds, NOW);
      expect(session.resetIds()).toHaveLength(6);
      expect(session.joinFor(0 as Milliseconds, NOW)).toBe(true);
    }
  });

  it('leaves out captures beyond the most, and says so', () => {
    const { captures } = pathWith();
    const many = Array.from({ length: LIMITS.maxJoinedVantages + 2 }, (_, i) => captures[i % 2].slice(0, 3));
    const session = joinCaptures(...many);
    expect(session.join.report()?.vantages).toHaveLength(LIMITS.maxJoinedVantages);
    expect(session.newestFile.warnings).toContainEqual(
      expect.objectContaining({
        code: 'limit-reached',
        message:
          '2 captures beyond the first 128 were not compared with the others; open those of one path by themselves',
      }),
    );
  });
});
