import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeWith, type DecodedPacket } from '../../../test/support/decoded.ts';
import * as build from '../../../test/support/packet-builder.ts';
import { LIMITS, LimitCounter } from '../limits.ts';
import { Decoder } from './decoder.ts';
import { DEFECT_LENGTH, DEFECT_TOO_DEEP, IP_WAS_FRAGMENTED } from './facts.ts';

const v4 = { src: '192.0.2.1', dst: '198.51.100.2' };
const v6 = { src: '2001:db8::1', dst: '2001:db8::2' };
const ports = { srcPort: 40_000, dstPort: 80 };
const payload = Uint8Array.from({ length: 100 }, (_, i) => i);
const packet4 = build.ipv4(v4, build.tcp({ ...ports, seq: 9, payload }));
const packet6 = build.ipv6(v6, build.tcp({ ...ports, seq: 9, payload }));
const raw = { linkType: 101 };

function setup(): {
  limits: LimitCounter;
  feed: (packet: build.NetworkPacket, timeNs?: number, snap?: number) => DecodedPacket;
} {
  const limits = new LimitCounter();
  const decoder = new Decoder(limits);
  return {
    limits,
    feed: (packet, timeNs = 0, snap) => decodeWith(decoder, packet.bytes, { ...raw, timeNs, snap }),
  };
}

function expectWhole(result: DecodedPacket): void {
  expect(result).toMatchObject({ kind: 'tcp', defects: 0, ports: [40_000, 80], tcp: { seq: 9 }, payload });
  expect((result.ip?.flags ?? 0) & IP_WAS_FRAGMENTED).toBe(IP_WAS_FRAGMENTED);
}

describe.each([
  ['IPv4', packet4],
  ['IPv6', packet6],
])('fragments of %s', (_name, packet) => {
  const pieces = build.fragments(packet, 32);

  it('wait for the last one', () => {
    const { feed } = setup();
    for (const piece of pieces.slice(0, -1)) {
      expect(feed(piece)).toMatchObject({ kind: 'fragment', defects: 0, ip: { flags: expect.any(Number) } });
    }
    expectWhole(feed(pieces[pieces.length - 1]));
  });

  it('come in any order, more than once', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(pieces, { minLength: pieces.length }),
        fc.array(fc.constantFrom(...pieces), { maxLength: 6 }),
        (order, doubles) => {
          const { feed } = setup();
          const all = order.toSpliced(
            order.length - 1,
            0,
            ...doubles.filter((piece) => piece !== order.at(-1)),
          );
          const results = all.map((piece) => feed(piece));
          for (const result of results.slice(0, -1)) expect(result.kind).toBe('fragment');
          expectWhole(results[results.length - 1]);
        },
      ),
    );
  });

  it('keep a payload that the snap length cut', () => {
    const { feed } = setup();
    const header = packet === packet4 ? 20 : 48;
    pieces.slice(0, -1).forEach((piece, i) => feed(piece, 0, i === 1 ? header + 16 : undefined));
    const result = feed(pieces[pieces.length - 1]);
    expect(result).toMatchObject({ kind: 'tcp', defects: 0, payloadLength: 100 });
    expect(result.payload).toEqual(payload.subarray(0, 32 + 16 - 20));
  });

  it('that overlap are given up', () => {
    const { feed } = setup();
    feed(pieces[0]);
    const overlapping = build.fragments(packet, 24)[1]; // [24, 48): 8 bytes known, 16 new
    expect(feed(overlapping)).toMatchObject({ kind: 'fragment', defects: DEFECT_LENGTH });
    for (const piece of pieces.slice(1)) expect(feed(piece).kind).toBe('fragment');
  });

  it('are forgotten after a minute', () => {
    const { feed } = setup();
    pieces.slice(0, -1).forEach((piece) => feed(piece, 0));
    expect(feed(pieces[pieces.length - 1], 61e9).kind).toBe('fragment');
    const other = setup();
    pieces.slice(0, -1).forEach((piece) => other.feed(piece, 0));
    expectWhole(other.feed(pieces[pieces.length - 1], 59e9));
  });

  it('with other identifications are other datagrams', () => {
    const { feed } = setup();
    const others = build.fragments(packet, 32, 0x777);
    pieces.slice(0, -1).forEach((piece) => feed(piece));
    expect(feed(others[others.length - 1]).kind).toBe('fragment');
    expectWhole(feed(pieces[pieces.length - 1]));
    others.slice(0, -2).forEach((piece) => feed(piece));
    expectWhole(feed(others[others.length - 2]));
  });

  it('do not add up when they contradict the last one', () => {
    const { feed } = setup();
    const longer = build.fragments(packet, 32).slice(0, 3);
    const short = build.fragments(
      { ...packet, bytes: packet.bytes.subarray(0, packet.bytes.length - 80) },
      32,
    );
    feed(longer[2]);
    expect(feed(short[short.length - 1])).toMatchObject({ kind: 'fragment', defects: DEFECT_LENGTH });
  });

  it('without content or of odd length are ignored', () => {
    const odd = build.fragments(packet, 33)[0];
    expect(setup().feed(odd)).toMatchObject({ kind: 'fragment', defects: DEFECT_LENGTH });
    const empty = { ...pieces[0], bytes: pieces[0].bytes.slice(0, pieces[0].bytes.length - 32) };
    empty.bytes[packet === packet4 ? 3 : 5] -= 32;
    if (packet === packet4) empty.bytes.set([0, 0], 10);
    expect(setup().feed(empty)).toMatchObject({ kind: 'fragment', defects: DEFECT_LENGTH });
  });
});

describe('reassembly', () => {
  it('takes TTL and IP-ID from the fragment that completes it', () => {
    const { feed } = setup();
    const pieces = build.fragments(packet4, 64, 0x4242);
    feed(pieces[1]);
    const first = pieces[0].bytes.slice();
    first[8] = 33;
    expect(feed({ ...pieces[0], bytes: first }).ip).toMatchObject({ ttl: 33, id: 0x4242 });
  });

  it('takes the protocol of IPv6 from the first fragment', () => {
    const { feed } = setup();
    const pieces = build.fragments(packet6, 64);
    const last = pieces[1].bytes.slice();
    last[40] = 99; // next header of the fragment header
    feed(pieces[0]);
    expectWhole(feed({ ...pieces[1], bytes: last }));
  });

  it('keeps protocols of IPv4 apart', () => {
    const { feed } = setup();
    const [first, last] = build.fragments(packet4, 64);
    const other = first.bytes.slice();
    other[9] = 17;
    feed({ ...first, bytes: other });
    expect(feed(last).kind).toBe('fragment');
    expectWhole(feed(first));
  });

  it('refuses what ends beyond 64 KiB', () => {
    const { feed, limits } = setup();
    const beyond = build.ipv4({ ...v4, fragmentOffset: 65_528, id: 1 }, new Uint8Array(100));
    expect(feed(beyond)).toMatchObject({ kind: 'fragment', defects: DEFECT_LENGTH });
    expect(limits.count('maxDatagramBytes')).toBe(1);
  });

  it('lets the datagram that waited longest give way, and counts it', () => {
    const { feed, limits } = setup();
    const starts = Array.from({ length: LIMITS.maxFragmentedDatagrams + 1 }, (_, id) =>
      build.fragments(packet4, 64, id),
    );
    for (const [first] of starts) feed(first);
    expect(limits.count('maxFragmentedDatagrams')).toBe(1);
    expectWhole(feed(starts[1][1]));
    expect(feed(starts[0][1]).kind).toBe('fragment');
  });

  it('opens fragments within fragments', () => {
    const { feed } = setup();
    const inner = build.fragments(packet4, 64, 5);
    const outer = inner.map((piece, i) =>
      build.fragments(build.ipv4({ src: '10.0.0.1', dst: '10.0.0.2' }, piece), 40, i),
    );
    const flat = outer.flat();
    const results = flat.map((piece) => feed(piece));
    const last = results[results.length - 1];
    expectWhole(last);
    expect(last.tunnel).toEqual({ kind: 'ipip', src: '10.0.0.1', dst: '10.0.0.2' });
  });

  it('counts reassembled datagrams as encapsulations', () => {
    const { feed } = setup();
    let packet = packet4;
    for (let i = 0; i < 8; i++) packet = build.ipv4({ ...v4, id: i }, packet);
    const pieces = build.fragments(packet, 64, 99);
    const results = pieces.map((piece) => feed(piece));
    expect(results[results.length - 1]).toMatchObject({ kind: 'tcp', defects: 0 });
    for (let i = 0; i < 8; i++) packet = build.ipv4({ ...v4, id: i }, packet);
    const deep = build.fragments(packet, 64, 98).map((piece) => feed(piece));
    expect(deep[deep.length - 1].defects).toBe(DEFECT_TOO_DEEP);
  });
});
