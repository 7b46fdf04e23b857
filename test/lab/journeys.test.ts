import { describe, expect, it } from 'vitest';
import { ethernet, ipv4, tcp } from '../support/packet-builder.ts';
import { LINK_ETHERNET, parseSegment } from './frames.ts';
import type { PathFacts } from './facts.ts';
import { numberJourneys } from './journeys.ts';
import type { LabelledCapture, LabelledFrame } from './output.ts';
import type { Place } from './places.ts';
import type { TopologyPlan } from './plan.ts';
import { onClientSide, shiftOf } from './renumbering.ts';

const MS = 1_000_000n;
const path: PathFacts = {
  nodes: ['client', 'r1', 'server'],
  owners: new Map([
    ['10.0.0.1', 'client'],
    ['10.0.1.2', 'server'],
  ]),
  asymmetric: false,
  atClient: (segment) => segment,
  linkDelaysNs: [5n * MS, 5n * MS],
};

describe('renumbering', () => {
  const renumber = { link: 0, secret: 12_345, moves: ['client', 'server'] } as const;
  const plan = { renumber } as unknown as TopologyPlan;
  const base = { ttl: 60, id: 1, flags: 16, length: 0, fromThisHost: false };
  const client = { source: '10.0.0.1', target: '10.0.1.2', sourcePort: 40_000, targetPort: 80 };
  const server = { source: '10.0.1.2', target: '10.0.0.1', sourcePort: 80, targetPort: 40_000 };
  const back = <T extends Parameters<typeof onClientSide>[4]>(segment: T, position: number): T =>
    onClientSide(plan, path.nodes, path.owners, position, segment);

  it('puts back what the device has added, in both directions and mod 2^32', () => {
    const [c, s] = (['client', 'server'] as const).map((side) => shiftOf(renumber, side, 40_000, 80));
    const sent = { ...base, ...client, seq: (0xffff_fff0 + c) >>> 0, ack: (7 - s) >>> 0 };
    expect(back(sent, 2)).toMatchObject({ seq: 0xffff_fff0, ack: 7 });
    const answer = { ...base, ...server, seq: (7 - s) >>> 0, ack: (5 + c) >>> 0 };
    expect(back(answer, 2)).toMatchObject({ seq: 7, ack: 5 });
  });

  it('leaves alone what lies before the device, and a reset that has no number', () => {
    const sent = { ...base, ...client, seq: 5, ack: 7 };
    expect(back(sent, 0)).toBe(sent);
    expect(back({ ...base, ...server, flags: 20, seq: 0, ack: 9 }, 2).seq).toBe(0);
  });
});

describe('numberJourneys', () => {
  const frame = (seq: number, timeNs: bigint, ttl: number): LabelledFrame => {
    const segment = tcp({ srcPort: 40_000, dstPort: 80, seq, ack: 1, flags: 'A' });
    const data = ethernet({}, ipv4({ src: '10.0.0.1', dst: '10.0.1.2', ttl }, segment));
    return {
      ...{ timeNs, data, wireLength: data.length, truth: null, scenario: '', outbound: null, journeys: [] },
      segment: parseSegment(data, LINK_ETHERNET),
    };
  };
  const numbered = (client: LabelledFrame[], server: LabelledFrame[]): number[][][] => {
    const capture = (position: number, frames: LabelledFrame[]): LabelledCapture => ({
      ...{ linkType: LINK_ETHERNET, positions: [position], frames },
    });
    const captures = new Map<Place, LabelledCapture>([
      ['client', capture(0, client)],
      ['server', capture(2, server)],
    ]);
    return [...numberJourneys(captures, path).values()].map(({ frames }) =>
      frames.map(({ journeys }) => [...journeys]),
    );
  };

  it('gives a packet the same number at both places, whatever its TTL', () => {
    const [client, server] = numbered(
      [frame(1, 0n, 64), frame(2, MS, 64)],
      [frame(2, 11n * MS, 63), frame(1, 12n * MS, 63)],
    );
    expect(client[0]).toEqual(server[1]);
    expect(client[1]).toEqual(server[0]);
    expect(client[0]).not.toEqual(client[1]);
  });

  it('tells apart what is sent again, of which the first was lost', () => {
    const [client, server] = numbered([frame(1, 0n, 64), frame(1, 300n * MS, 64)], [frame(1, 310n * MS, 63)]);
    expect(server[0]).toEqual(client[1]);
    expect(server[0]).not.toEqual(client[0]);
  });
});
