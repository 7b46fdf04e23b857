import { describe, expect, it } from 'vitest';
import { Path, type CapturePoint } from '../../test/support/path.ts';
import { joinCaptures } from '../../test/support/vantages.ts';
import { decodeLadder } from '../../shared/columns/ladder.ts';
import type { FlowRecord, PacketNumber } from '../../shared/base/units.ts';
import { CHUNK_PACKETS } from '../engine/store/packet-index.ts';
import { BOUNDS } from '../../shared/contract/schemas.ts';
import { CHANGED, type JoinedLadder } from '../../shared/model/join.ts';
import { connectionOf, joinedLadder, packetPlaces } from './join-answers.ts';

const PATH = { routers: 4, delay: 0.02 };

interface Cell {
  readonly frame: number;
  readonly journey: number;
  readonly changes: number;
  readonly from: number;
}

/** For each capture point its packets. */
function cellsOf(ladder: JoinedLadder | null): Cell[][] {
  return (ladder?.parts ?? []).map(({ columns, journeys, changes }) => {
    const { count, frame, from } = decodeLadder(columns);
    const numbers = new Uint32Array(journeys.slice().buffer);
    const bits = new Uint16Array(changes.slice().buffer);
    expect([numbers.length, bits.length]).toEqual([count, count]);
    return Array.from({ length: count }, (_, i) => ({
      ...{ frame: frame[i], journey: numbers[i], changes: bits[i], from: from[i] },
    }));
  });
}

function flowsOf(session: ReturnType<typeof joinCaptures>): FlowRecord[] {
  return [...session.liveFlows()] as FlowRecord[];
}

describe('a connection at several capture points', () => {
  const outside = { addresses: { '10.0.0.1': '203.0.113.7' } };
  const points: readonly CapturePoint[] = [
    { at: 4, ...outside, misses: (packet) => packet === 5 },
    { at: 0 },
    { at: 2, ...outside, misses: (packet) => packet === 3 },
  ];
  const path = new Path(PATH, points);
  path.connection().handshake().clientSends(100).serverSends(300).clientSends(40);
  const session = joinCaptures(...path.captures);
  const [flow] = flowsOf(session);

  it('is told from the client on, with what it is called at each', () => {
    const connection = connectionOf(session, flow);
    expect(connection.map(({ file }) => file)).toEqual([1, 2, 0]);
    expect(connection.map(({ client }) => client)).toEqual([
      '10.0.0.1:40000',
      '203.0.113.7:40000',
      '203.0.113.7:40000',
    ]);
    expect(new Set(connection.map(({ flow: id }) => id)).size).toBe(3);
    for (const other of flowsOf(session)) expect(connectionOf(session, other)).toEqual(connection);
  });

  it('has one journey for each packet, whichever points saw it', () => {
    const ladder = joinedLadder(session, flow);
    expect(ladder?.vantages.map(({ file, name }) => [file, name])).toEqual([
      [1, '2'],
      [2, '3'],
      [0, '1'],
    ]);
    const [client, middle, server] = cellsOf(ladder);
    expect([client.length, middle.length, server.length]).toEqual([6, 5, 5]);
    const journeys = client.map(({ journey }) => journey);
    expect(new Set(journeys).size).toBe(6);
    expect(middle.map(({ journey }) => journey)).toEqual(journeys.filter((_, i) => i !== 3));
    expect(server.map(({ journey }) => journey)).toEqual(journeys.filter((_, i) => i !== 5));
    // Where the point before did not see a packet it is compared with the one before that.
    expect(client.every(({ changes }) => changes === 0)).toBe(true);
    expect(middle.every(({ changes }) => changes === CHANGED.client)).toBe(true);
    expect(server.map(({ changes }) => changes)).toEqual([0, 0, 0, CHANGED.client, 0]);
    expect(ladder?.parts.map(({ earlier }) => earlier)).toEqual([0, 0, 0]);
  });

  it('has the clocks by which times are put right', () => {
    const clocks = joinedLadder(session, flow)?.vantages ?? [];
    for (const { offsetNs, offsetErrorNs } of clocks) {
      expect(Math.abs(offsetNs)).toBeLessThanOrEqual(offsetErrorNs ?? Infinity);
    }
  });

  it('shows where each of its packets was seen', () => {
    const places = (frame: number): (number | null)[] => {
      const packet = session.flowPackets(flow)[frame - 1] as PacketNumber;
      return packetPlaces(session, packet).map((place) => place.frame);
    };
    expect(places(1)).toEqual([1, 1, 1]);
    expect(places(4)).toEqual([4, null, 4]);
    expect(places(5)).toEqual([5, 4, 5]);
    const [last] = session.flowPackets(flowsOf(session)[1]).slice(-1);
    expect(packetPlaces(session, last as PacketNumber)).toEqual([
      { vantage: 1, packet: last, file: 1, frame: 6, changes: 0 },
      { vantage: 2, packet: last + CHUNK_PACKETS - 1, file: 2, frame: 5, changes: CHANGED.client },
      { vantage: 0, packet: null, file: 0, frame: null, changes: 0 },
    ]);
  });
});

describe('one capture point', () => {
  const path = new Path(PATH, [{ at: 1 }]);
  path.connection().handshake().clientSends(10);
  const session = joinCaptures(...path.captures);
  const [flow] = flowsOf(session);

  it('has nothing to join', () => {
    expect(joinedLadder(session, flow)).toBeNull();
    expect(connectionOf(session, flow)).toEqual([]);
    expect(packetPlaces(session, 0 as PacketNumber)).toEqual([]);
    expect(packetPlaces(session, 9999 as PacketNumber)).toEqual([]);
  });
});

describe('more than an answer may have', () => {
  it('are the packets of a long connection: the newest are told, at all points the same', () => {
    const path = new Path(PATH, [{ at: 0 }, { at: 4, misses: (packet) => packet < 500 && packet > 3 }]);
    const talk = path.connection().handshake();
    for (let i = 0; i < BOUNDS.ladder / 2 + 300; i++) talk.clientSends(10).serverSends(20);
    const session = joinCaptures(...path.captures);
    const [flow] = flowsOf(session);
    const ladder = joinedLadder(session, flow);
    const [client, server] = cellsOf(ladder);
    expect(client).toHaveLength(BOUNDS.ladder);
    expect(ladder?.parts.map(({ earlier }) => earlier)).toEqual([603, 603 - 496]);
    expect(server.map(({ journey }) => journey)).toEqual(client.map(({ journey }) => journey));
  });

  it('are the points of a long path: the outermost and those around the one that was asked about', () => {
    const path = new Path(
      { routers: 6, delay: 0.02 },
      [0, 1, 2, 3, 4, 5, 6].map((at) => ({ at })),
    );
    path.connection().handshake().clientSends(10).serverSends(20);
    const session = joinCaptures(...path.captures);
    const flows = flowsOf(session);
    expect(connectionOf(session, flows[2])).toHaveLength(7);
    const shown = (flow: FlowRecord): number[] =>
      joinedLadder(session, flow)?.vantages.map(({ file }) => file) ?? [];
    expect(shown(flows[2])).toEqual([0, 1, 2, 6]);
    expect(shown(flows[0])).toEqual([0, 1, 2, 6]);
    expect(shown(flows[5])).toEqual([0, 4, 5, 6]);
  });
});
