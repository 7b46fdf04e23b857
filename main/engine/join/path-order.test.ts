import { describe, expect, it } from 'vitest';
import { Path, type CapturePoint, type ConnectionOptions } from '../../../test/support/path.ts';
import { joinCaptures } from '../../../test/support/vantages.ts';
import type { JoinReport } from '../../../shared/model/join.ts';
import { placesAlongPath } from './path-order.ts';

const ROUTERS = 5;

/** What is told of captures at these points, which are opened in that order. */
function reportOf(
  points: readonly CapturePoint[],
  connections: readonly ConnectionOptions[] = [{}, {}, {}],
): JoinReport {
  const path = new Path({ routers: ROUTERS, delay: 0.02 }, points);
  for (const options of connections) {
    const talk = path.connection(options).handshake();
    for (let i = 0; i < 5; i++) talk.clientSends(100 + i).serverSends(500 + i);
  }
  const report = joinCaptures(...path.captures).join.report();
  if (report === null) throw new Error('nothing was joined');
  return report;
}

/** Numbers of the points in the order that was found; null for those without a place. */
function orderOf({ vantages }: JoinReport): (number | null)[] {
  return vantages.map(({ files, order }) => (order === null ? null : files[0]));
}

const CLIENT: CapturePoint = { at: 0 };
const MIDDLE: CapturePoint = { at: 2 };
const SERVER: CapturePoint = { at: 5 };
/** A clock that is ahead by more than anything takes on its way. */
const FAST = (ns: number): number => ns + 7e9;

describe('capture points along a path', () => {
  it.each([
    [
      [CLIENT, MIDDLE, SERVER],
      [0, 1, 2],
    ],
    [
      [SERVER, CLIENT, MIDDLE],
      [1, 2, 0],
    ],
    [
      [MIDDLE, SERVER, CLIENT],
      [2, 0, 1],
    ],
  ])('stand in their order from the client, however they were opened', (points, order) => {
    const report = reportOf(points);
    expect(orderOf(report)).toEqual(order);
    expect(report.vantages.map(({ hopsToNext }) => hopsToNext)).toEqual([2, 3, null]);
  });

  it('are told apart by times where TTLs tell nothing, whatever their clocks show', () => {
    const flat = (point: CapturePoint): CapturePoint => ({ ...point, ttl: 60, clock: FAST });
    for (const [points, order] of [
      [
        [flat(CLIENT), { ...SERVER, ttl: 60 }],
        [0, 1],
      ],
      [
        [{ ...SERVER, ttl: 60 }, flat(CLIENT)],
        [1, 0],
      ],
      [
        [{ ...CLIENT, ttl: 60 }, flat(SERVER)],
        [0, 1],
      ],
    ] as const) {
      const report = reportOf(points);
      expect(orderOf(report)).toEqual(order);
      expect(report.pairs[0].found.join()).not.toContain('TTL');
    }
  });

  it('have no order where two captures were made at one and the same point', () => {
    const report = reportOf([MIDDLE, { ...MIDDLE, clock: FAST }]);
    expect(orderOf(report)).toEqual([null, null]);
    expect(report.vantages.map(({ hopsToNext }) => hopsToNext)).toEqual([null, null]);
    // Nothing lies between them, so that the offset is known all the better.
    const [, second] = report.vantages;
    expect(Math.abs(second.offsetNs - 7e9)).toBeLessThanOrEqual(second.offsetErrorNs ?? 0);
  });

  it('stand by connection where two hosts connect to each other, and have no order as a whole', () => {
    const path = new Path({ routers: ROUTERS, delay: 0.02 }, [CLIENT, SERVER]);
    const there = path.connection({ client: '10.0.0.1', server: '10.9.0.1' });
    const back = path.connection({ client: '10.9.0.1', server: '10.0.0.1', isTurned: true });
    for (const talk of [there, back]) talk.handshake().clientSends(100).serverSends(200).clientSends(50);
    const session = joinCaptures(...path.captures);
    expect(session.join.report()?.vantages.map(({ order }) => order)).toEqual([null, null]);
    const flows = [...session.liveFlows()].map((flow) => session.flowView.address(flow as never, 0));
    for (const [index, flow] of [...session.liveFlows()].entries()) {
      const [nearest] = session.join.alongPath(flow as never);
      const file = session.packets.file(session.flowPackets(nearest)[0] as never);
      expect(file).toBe(flows[index] === '10.0.0.1' ? 0 : 1);
    }
  });

  it('say who translates addresses and ports on the way, from the client on', () => {
    const outside = { addresses: { '10.0.0.1': '203.0.113.7' }, ports: { 40_000: 61_000 } };
    for (const points of [
      [CLIENT, { ...SERVER, ...outside }],
      [{ ...SERVER, ...outside }, CLIENT],
    ]) {
      const [{ found }] = reportOf(points).pairs;
      expect(found).toContain('Addresses of clients are translated: 10.0.0.1 → 203.0.113.7');
      // One of the connections has the port: what holds for all is told first.
      expect(found.indexOf('Ports of clients are translated in 1 of 3 connections')).toBe(1);
      expect(found).toContain('TTLs fall by 5: 5 routers between');
    }
  });

  it('tell that one capture is a copy of the other, and hold each connection once', () => {
    const report = reportOf([CLIENT, MIDDLE, { ...MIDDLE }]);
    expect(report.connections).toBe(3);
    const copies = report.pairs.filter(({ found }) => found.some((text) => text.includes('the same times')));
    expect(copies.map(({ files }) => files)).toEqual([[1, 2]]);
  });

  it('tell that one of them has packets of one direction alone', () => {
    const isServers = (packet: number): boolean => packet === 1 || (packet > 2 && packet % 2 === 0);
    const [{ found }] = reportOf([CLIENT, { ...SERVER, misses: isServers }]).pairs;
    expect(found[0]).toMatch(/^No packet to the clients is in 2: /u);
  });

  it('say that a clock stepped', () => {
    const clock = (ns: number): number => ns + (ns > 4e9 ? 2e9 : 0);
    const connections = Array.from({ length: 9 }, (_, i) => ({ start: i }));
    const [{ found }] = reportOf([CLIENT, { ...SERVER, clock }], connections).pairs;
    expect(found.find((text) => text.includes('stepped'))).toMatch(/A clock stepped: that of 2 .* by \+2 s/u);
  });
});

describe('an order out of comparisons', () => {
  const along = (count: number, known: Readonly<Record<string, number>>): (number | null)[] => {
    const nearer = (a: number, b: number): number => known[`${a}${b}`] ?? -(known[`${b}${a}`] ?? 0);
    return placesAlongPath(count, nearer, (a, b) => `${a}${b}` in known || `${b}${a}` in known);
  };

  it('follows from neighbours', () => {
    expect(along(3, { '01': 1, '12': 1 })).toEqual([0, 1, 2]);
    expect(along(3, { '02': -1, '12': 1, '01': -1 })).toEqual([2, 0, 1]);
  });

  it('is left open where comparisons are missing or contradict each other', () => {
    expect(along(3, { '01': 1, '02': 1, '12': 0 })).toEqual([0, null, null]);
    expect(along(3, { '01': 1, '12': 1, '02': -1 })).toEqual([null, null, null]);
    expect(along(2, { '01': 0 })).toEqual([null, null]);
  });

  it('is one of each group of which nothing connects the others', () => {
    expect(along(4, { '01': 1, '32': 1 })).toEqual([0, 1, 1, 0]);
  });
});
