import { describe, expect, it } from 'vitest';
import { decode, type DecodedPacket } from '../../../test/support/decoded.ts';
import * as build from '../../../test/support/packet-builder.ts';
import { DEFECT_CUT } from './facts.ts';

const v4 = { src: '10.0.0.1', dst: '192.0.2.80' };
const v6 = { src: '2001:db8::1', dst: '2001:db8::80' };
const ports = { srcPort: 40_000, dstPort: 80 };
const segment = build.tcp({ ...ports, seq: 0xdead_beef, flags: 'S' });
const router = { src: '203.0.113.9', dst: v4.src, ttl: 250 };
const router6 = { src: '2001:db8:9::9', dst: v6.src, hopLimit: 250 };

function error4(fields: build.IcmpErrorFields, quoted: build.NetworkPacket, snap?: number): DecodedPacket {
  return decode(build.ipv4(router, build.icmpError(fields, quoted)).bytes, { linkType: 101, snap });
}

function error6(fields: build.IcmpErrorFields, quoted: build.NetworkPacket, snap?: number): DecodedPacket {
  return decode(build.ipv6(router6, build.icmpError(fields, quoted)).bytes, { linkType: 101, snap });
}

describe('ICMP errors', () => {
  it.each([
    [3, 13],
    [4, 0],
    [5, 1],
    [11, 0],
    [12, 2],
  ])('of type %i code %i name the connection', (type, code) => {
    const result = error4({ type, code }, build.ipv4({ ...v4, ttl: 3 }, segment));
    expect(result).toMatchObject({ kind: 'icmp-error', defects: 0, ip: { ...router, protocol: 1 } });
    expect(result.icmp).toEqual({
      ...{ type, code, protocol: 6, ...v4, ports: [40_000, 80], seq: 0xdead_beef, ttl: 3 },
    });
  });

  it('quote as little as eight bytes of the segment', () => {
    const quoted = build.ipv4(v4, segment);
    expect(error4({ type: 3, quoteBytes: 28 }, quoted).icmp?.seq).toBe(0xdead_beef);
    expect(error4({ type: 3, quoteBytes: 24 }, quoted)).toMatchObject({
      kind: 'icmp-error',
      icmp: { seq: 0, ports: [40_000, 80] },
    });
  });

  it('that quote less name no connection', () => {
    const quoted = build.ipv4(v4, segment);
    for (const quoteBytes of [0, 19, 23]) {
      expect(error4({ type: 3, quoteBytes }, quoted)).toMatchObject({
        kind: 'ip',
        defects: 0,
        ip: { protocol: 1 },
      });
    }
  });

  it('about UDP', () => {
    const result = error4({ type: 3, code: 3 }, build.ipv4(v4, build.udp({ ...ports, payload: 9 })));
    expect(result.icmp).toMatchObject({ protocol: 17, ports: [40_000, 80], seq: 0 });
  });

  it('about a packet with IP options', () => {
    const result = error4({ type: 3 }, build.ipv4({ ...v4, options: [1, 1, 1, 0] }, segment));
    expect(result.icmp).toMatchObject({ ports: [40_000, 80], seq: 0xdead_beef });
  });

  it.each([
    ['echo', 8],
    ['echo reply', 0],
    ['a time stamp', 13],
  ])('are not %s', (_name, type) => {
    expect(error4({ type }, build.ipv4(v4, segment))).toMatchObject({ kind: 'ip', defects: 0 });
  });

  it.each([
    ['a later fragment', build.ipv4({ ...v4, fragmentOffset: 8 }, segment)],
    ['another protocol', build.ipv4({ ...v4, protocol: 47 }, new Uint8Array(20))],
    ['an ICMP message', build.ipv4(v4, build.icmp({ type: 8 }))],
    ['a broken header', build.ipv4({ ...v4, headerLength: 16 }, segment)],
    ['another IP version', build.ipv4({ ...v4, version: 6 }, segment)],
  ])('about %s name no connection', (_name, quoted) => {
    expect(error4({ type: 3, protocol: 1 }, quoted)).toMatchObject({ kind: 'ip', defects: 0 });
  });

  it.each([24, 40, 50])('are cut after %i bytes', (snap) => {
    expect(error4({ type: 3 }, build.ipv4(v4, segment), snap)).toMatchObject({
      kind: 'ip',
      defects: DEFECT_CUT,
    });
  });
});

describe('ICMPv6 errors', () => {
  it.each([1, 2, 3, 4])('of type %i name the connection', (type) => {
    const result = error6({ type, code: 1 }, build.ipv6({ ...v6, hopLimit: 2 }, segment));
    expect(result).toMatchObject({ kind: 'icmp-error', defects: 0, ip: { src: router6.src, ttl: 250 } });
    expect(result.icmp).toEqual({
      ...{ type, code: 1, protocol: 6, ...v6, ports: [40_000, 80], seq: 0xdead_beef, ttl: 2 },
    });
  });

  it('walk the quoted extension headers', () => {
    const extensions = [{ protocol: 0, rest: build.PADDED_OPTIONS }, build.fragmentHeader(0, true, 1)];
    expect(error6({ type: 1 }, build.ipv6({ ...v6, extensions }, segment)).icmp).toMatchObject({
      ...{ protocol: 6, ports: [40_000, 80] },
    });
  });

  it.each([
    ['a later fragment', build.ipv6({ ...v6, extensions: [build.fragmentHeader(8, false, 1)] }, segment)],
    [
      'an endless chain',
      build.ipv6(
        { ...v6, extensions: Array(20).fill({ protocol: 60, rest: build.PADDED_OPTIONS }) },
        segment,
      ),
    ],
    [
      'a chain that leaves the quote',
      build.ipv6({ ...v6, extensions: [{ protocol: 60, rest: [99, 0, 0, 0, 0, 0, 0] }] }, segment),
    ],
    ['another IP version', build.ipv6({ ...v6, version: 4 }, segment)],
  ])('about %s name no connection', (_name, quoted) => {
    expect(error6({ type: 1 }, quoted)).toMatchObject({ kind: 'ip', defects: 0 });
  });

  it.each([
    ['neighbour solicitation', 135],
    ['echo', 128],
    ['type 0', 0],
  ])('are not %s', (_name, type) => {
    expect(error6({ type }, build.ipv6(v6, segment))).toMatchObject({ kind: 'ip', defects: 0 });
  });
});
