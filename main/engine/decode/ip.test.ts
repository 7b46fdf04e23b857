import { describe, expect, it } from 'vitest';
import { decode, decodeWith } from '../../../test/support/decoded.ts';
import * as build from '../../../test/support/packet-builder.ts';
import { LimitCounter } from '../limits.ts';
import { Decoder } from './decoder.ts';
import {
  DEFECT_CHECKSUM,
  DEFECT_CUT,
  DEFECT_LENGTH,
  DEFECT_TOO_DEEP,
  IP_DF,
  IP_HAS_EXTENSIONS,
  IP_HAS_OPTIONS,
  SRC0,
} from './facts.ts';

const v4 = { src: '192.0.2.1', dst: '198.51.100.2' };
const v6 = { src: '2001:db8::1', dst: '2001:db8:0:1:2:3:4:ffff' };
const segment = build.tcp({ srcPort: 1000, dstPort: 2000, payload: 10 });
const datagram = build.udp({ srcPort: 1000, dstPort: 2000, payload: 10 });
/** Without a link layer. */
const raw = { linkType: 101 };

function ipv4(
  fields: Partial<build.Ipv4Fields>,
  payload: build.IpPayload | Uint8Array = segment,
): Uint8Array {
  return build.ipv4({ ...v4, ...fields }, payload).bytes;
}

function ipv6(
  fields: Partial<build.Ipv6Fields>,
  payload: build.IpPayload | Uint8Array = segment,
): Uint8Array {
  return build.ipv6({ ...v6, ...fields }, payload).bytes;
}

describe('IPv4', () => {
  it('gives all its facts', () => {
    const result = decode(ipv4({ ttl: 255, id: 0xfffe, df: true, tos: 0xb8 }), raw);
    expect(result.ip).toEqual({ ...v4, ttl: 255, id: 0xfffe, tos: 0xb8, flags: IP_DF, protocol: 6 });
    expect(decode(ipv4({ src: '255.255.255.254', dst: '0.0.0.1', ttl: 0 }), raw).ip).toEqual({
      ...{ src: '255.255.255.254', dst: '0.0.0.1', ttl: 0, id: 0, tos: 0, flags: 0, protocol: 6 },
    });
  });

  it('skips options', () => {
    const result = decode(ipv4({ options: [0x94, 4, 0, 0, 7, 7, 4, 1, 2, 3, 4] }), raw);
    expect(result).toMatchObject({
      kind: 'tcp',
      ports: [1000, 2000],
      payloadLength: 10,
      ip: { flags: IP_HAS_OPTIONS },
    });
  });

  it('takes the length of the frame where the total length is zero, as before segmentation by the card', () => {
    expect(decode(ipv4({ totalLength: 0 }), raw)).toMatchObject({
      kind: 'tcp',
      payloadLength: 10,
      defects: 0,
    });
  });

  it('keeps a bare protocol as such', () => {
    expect(decode(ipv4({ protocol: 89 }, new Uint8Array(20)), raw)).toMatchObject({
      kind: 'ip',
      defects: 0,
      ip: { protocol: 89 },
    });
    // ICMPv6 and extension headers mean nothing under IPv4.
    expect(decode(ipv4({ protocol: 58 }, new Uint8Array(20)), raw)).toMatchObject({ kind: 'ip', defects: 0 });
    for (const protocol of [0, 43, 44, 60]) {
      const notOpened = `with IP protocol ${protocol}`;
      expect(decode(ipv4({ protocol }, new Uint8Array(20)), raw)).toMatchObject({ kind: 'ip', notOpened });
    }
  });

  it.each([
    ['a version of 5', { version: 5 }],
    ['a header of 16 bytes', { headerLength: 16 }],
    ['a total length below the header', { totalLength: 19 }],
    ['a header beyond the frame', { headerLength: 60, totalLength: 0 }],
  ])('refuses %s', (_name, fields) => {
    const data = ipv4(fields, new Uint8Array(4));
    expect(decode(data, raw)).toMatchObject({ kind: 'malformed', defects: DEFECT_LENGTH });
  });

  it.each([
    [19, false],
    [20, true],
    [23, true],
  ])('is cut after %i bytes, with the addresses if they are there: %s', (snap, hasAddresses) => {
    const result = decode(ipv4({ options: [1, 1, 1, 0] }), { ...raw, snap });
    expect(result).toMatchObject({ kind: 'malformed', defects: DEFECT_CUT });
    expect(result.ip?.src).toBe(hasAddresses ? v4.src : undefined);
  });

  it('leaves nothing of an IPv6 address', () => {
    const decoder = new Decoder(new LimitCounter());
    decodeWith(decoder, ipv6({}), raw);
    decodeWith(decoder, ipv4({}), raw);
    expect([...decoder.facts.subarray(SRC0, SRC0 + 8)]).toEqual([
      0xc0000201 | 0,
      0,
      0,
      0,
      0xc6336402 | 0,
      0,
      0,
      0,
    ]);
  });

  it('is cut within the options of a fragment', () => {
    const data = ipv4({ options: [1, 1, 1, 0], mf: true }, new Uint8Array(8));
    expect(decode(data, { ...raw, snap: 22 })).toMatchObject({ kind: 'malformed', defects: DEFECT_CUT });
  });

  it('believes a total length beyond the frame only with a sound checksum', () => {
    const sound = ipv4({ totalLength: 1020 });
    expect(decode(sound, raw)).toMatchObject({ kind: 'tcp', payloadLength: 980, defects: DEFECT_LENGTH });
    expect(decode(sound, raw).payload).toHaveLength(10);
    const broken = sound.slice();
    broken[10] ^= 1;
    expect(decode(broken, raw)).toMatchObject({
      kind: 'tcp',
      payloadLength: 10,
      defects: DEFECT_LENGTH | DEFECT_CHECKSUM,
    });
  });

  it('tells what was cut from what was sent', () => {
    const result = decode(ipv4({}), { ...raw, snap: 44 });
    expect(result).toMatchObject({ kind: 'tcp', defects: 0, payloadLength: 10 });
    expect(result.payload).toHaveLength(4);
  });
});

describe('IPv6', () => {
  it('gives all its facts', () => {
    const result = decode(ipv6({ hopLimit: 1, trafficClass: 0xb9, flowLabel: 0xfffff }), raw);
    expect(result).toMatchObject({ kind: 'tcp', payloadLength: 10, defects: 0 });
    expect(result.ip).toEqual({ ...v6, ttl: 1, id: -1, tos: 0xb9, flags: 0, protocol: 6 });
  });

  it.each([
    ['hop-by-hop', 0, build.PADDED_OPTIONS],
    ['routing', 43, build.PADDED_OPTIONS],
    ['destination options', 60, build.PADDED_OPTIONS],
    ['mobility', 135, build.PADDED_OPTIONS],
    ['authentication', 51, [4, ...new Uint8Array(22)]],
    ['longer options', 60, [2, ...new Uint8Array(22)]],
    ['an atomic fragment', 44, build.fragmentHeader(0, false, 9).rest],
  ])('walks %s', (_name, protocol, rest) => {
    const extension = { protocol, rest };
    const result = decode(
      ipv6({ extensions: [extension, { protocol: 60, rest: build.PADDED_OPTIONS }] }),
      raw,
    );
    expect(result).toMatchObject({
      ...{ kind: 'tcp', defects: 0, ports: [1000, 2000], payloadLength: 10 },
      ip: { protocol: 6, flags: IP_HAS_EXTENSIONS },
    });
  });

  it('walks an authentication header under IPv4', () => {
    const rest = new Uint8Array(24);
    rest[0] = 6;
    rest[1] = 4;
    const data = ipv4({ protocol: 51 }, build.concat(rest, segment.bytes));
    expect(decode(data, raw)).toMatchObject({
      kind: 'tcp',
      ip: { protocol: 6, flags: 0 },
      payloadLength: 10,
    });
  });

  it('tells what is encrypted', () => {
    const notOpened = 'with IP protocol 50 (ESP)';
    expect(decode(ipv6({ protocol: 50 }, new Uint8Array(16)), raw)).toMatchObject({ kind: 'ip', notOpened });
  });

  it.each([
    ['no next header', 59],
    ['ICMP of IPv4', 1],
  ])('stops at %s', (_name, protocol) => {
    expect(decode(ipv6({ protocol }, new Uint8Array(16)), raw)).toMatchObject({
      kind: 'ip',
      ip: { protocol },
      defects: 0,
    });
  });

  it('ends a chain that is too long', () => {
    const chain = (count: number) =>
      Array.from({ length: count }, () => ({ protocol: 60, rest: build.PADDED_OPTIONS }));
    expect(decode(ipv6({ extensions: chain(11) }), raw)).toMatchObject({ kind: 'tcp', defects: 0 });
    expect(decode(ipv6({ extensions: chain(13) }), raw)).toMatchObject({
      kind: 'ip',
      defects: DEFECT_TOO_DEEP,
    });
  });

  it('takes the length of the frame where the payload length is zero', () => {
    expect(decode(ipv6({ payloadLength: 0 }), raw)).toMatchObject({
      kind: 'tcp',
      payloadLength: 10,
      defects: 0,
    });
  });

  it.each([
    ['a version of 4', ipv6({ version: 4 })],
    ['a version of 9', ipv6({ version: 9 })],
  ])('refuses %s', (_name, data) => {
    expect(decode(data, { linkType: 229 })).toMatchObject({ kind: 'malformed', defects: DEFECT_LENGTH });
  });

  it('refuses an extension longer than the packet', () => {
    const data = ipv6({ extensions: [{ protocol: 60, rest: [200, ...new Uint8Array(6)] }] });
    expect(decode(data, raw)).toMatchObject({
      kind: 'malformed',
      defects: DEFECT_LENGTH,
      ip: { src: v6.src },
    });
  });

  it('is cut within an extension before a protocol that is not opened', () => {
    const data = ipv6({ protocol: 89, extensions: [{ protocol: 60, rest: [2, ...new Uint8Array(22)] }] });
    expect(decode(data, { ...raw, snap: 50 })).toMatchObject({ kind: 'malformed', defects: DEFECT_CUT });
  });

  it.each([39, 44, 47])('is cut after %i bytes', (snap) => {
    const data = ipv6({ extensions: [{ protocol: 60, rest: build.PADDED_OPTIONS }] });
    expect(decode(data, { ...raw, snap })).toMatchObject({ kind: 'malformed', defects: DEFECT_CUT });
  });
});

describe('UDP', () => {
  it('gives ports and payload', () => {
    for (const data of [ipv4({}, datagram), ipv6({}, datagram)]) {
      expect(decode(data, raw)).toMatchObject({
        kind: 'udp',
        defects: 0,
        ports: [1000, 2000],
        payloadLength: 10,
      });
    }
  });

  it.each([
    ['shorter than IP says', 12, 4, 0],
    ['zero: IP tells it', 0, 10, 0],
    ['longer than IP says', 100, 10, DEFECT_LENGTH],
  ])('has a length %s', (_name, length, payloadLength, defects) => {
    const data = ipv4({}, build.udp({ srcPort: 1, dstPort: 2, payload: 10, length }));
    expect(decode(data, raw)).toMatchObject({ kind: 'udp', payloadLength, defects });
  });

  it('refuses a length below its header', () => {
    const data = ipv4({}, build.udp({ srcPort: 1, dstPort: 2, payload: 10, length: 7 }));
    expect(decode(data, raw)).toMatchObject({ kind: 'malformed', defects: DEFECT_LENGTH });
    expect(decode(ipv4({ protocol: 17 }, new Uint8Array(7)), raw)).toMatchObject({
      kind: 'malformed',
      defects: DEFECT_LENGTH,
    });
  });

  it('is cut', () => {
    expect(decode(ipv4({}, datagram), { ...raw, snap: 27 })).toMatchObject({
      kind: 'malformed',
      defects: DEFECT_CUT,
    });
    expect(decode(ipv4({}, datagram), { ...raw, snap: 30 }).payload).toHaveLength(2);
  });
});
