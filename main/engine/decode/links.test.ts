import { describe, expect, it } from 'vitest';
import { decode, decodeWith, NO_LINK, type DecodedPacket } from '../../../test/support/decoded.ts';
import { encapsulations } from '../../../test/support/encapsulations.ts';
import * as build from '../../../test/support/packet-builder.ts';
import { DIRECTION_INBOUND, DIRECTION_OUTBOUND, DIRECTION_UNKNOWN } from '../read/sink.ts';
import { LimitCounter } from '../limits.ts';
import { Decoder, isSupportedLinkType, linkTypeName } from './decoder.ts';
import { DEFECT_CUT, DEFECT_LENGTH, DEFECT_TOO_DEEP, DEFECT_NOT_OPENED } from './facts.ts';

const MAC = '02:11:22:33:44:55';
const segment = build.tcp({ srcPort: 40_000, dstPort: 443, seq: 7, flags: 'PA', payload: 'hello' });
const packet4 = build.ipv4({ src: '192.0.2.1', dst: '198.51.100.2', ttl: 61 }, segment);
const packet6 = build.ipv6({ src: '2001:db8::1', dst: '2001:db8::2', hopLimit: 61 }, segment);
const frame = build.ethernet({ src: MAC }, packet4);

/** The parts that are the same however the packet was wrapped. */
function expectSegment(result: DecodedPacket, version: 4 | 6 = 4): void {
  expect(result).toMatchObject({
    kind: 'tcp',
    defects: 0,
    ip:
      version === 4
        ? { src: '192.0.2.1', dst: '198.51.100.2', ttl: 61, protocol: 6 }
        : { src: '2001:db8::1', dst: '2001:db8::2', ttl: 61, protocol: 6 },
    ports: [40_000, 443],
    payloadLength: 5,
    payload: new TextEncoder().encode('hello'),
    tcp: { seq: 7, flags: 0x18 },
  });
}

describe('Ethernet', () => {
  it.each([
    ['plain', {}, -1],
    ['802.1Q', { vlan: 7 }, 7],
    ['802.1ad around 802.1Q: the outer one', { vlan: [[0x88a8, 9], 7] as const }, 9],
    ['old QinQ', { vlan: [[0x9100, 4095], 7] as const }, 4095],
    ['priority bits are no part of the id', { vlan: [[0x8100, 0xe005]] as const }, 5],
  ])('%s', (_name, fields, vlan) => {
    for (const [version, packet] of [
      [4, packet4],
      [6, packet6],
    ] as const) {
      const result = decode(build.ethernet({ src: MAC, ...fields }, packet));
      expectSegment(result, version);
      expect(result).toMatchObject({ mac: MAC, vlan, linkDirection: DIRECTION_UNKNOWN });
    }
  });

  it('does not count padding as payload', () => {
    const ack = build.ipv4({ src: '192.0.2.1', dst: '192.0.2.2' }, build.tcp({ srcPort: 1, dstPort: 2 }));
    expect(decode(build.ethernet({ padTo: 60 }, ack))).toMatchObject({ kind: 'tcp', payloadLength: 0 });
  });

  it('opens 802.3 with LLC and SNAP', () => {
    const result = decode(build.ethernetSnap({ src: MAC, padTo: 200 }, packet4));
    expectSegment(result);
    expect(result.mac).toBe(MAC);
  });

  it('opens the bridge tunnel encapsulation and IP directly in LLC', () => {
    const body = build.snap(packet4);
    body[5] = 0xf8;
    expectSegment(decode(build.ethernet({ etherType: body.length }, body)));
    const direct = build.concat([6, 6, 3], packet4.bytes);
    expectSegment(decode(build.ethernet({ etherType: direct.length }, direct)));
  });

  it.each([
    ['ARP', build.ethernet({ src: MAC, etherType: 0x0806 }, new Uint8Array(28))],
    [
      'spanning tree',
      build.ethernet({ src: MAC, etherType: 38 }, build.concat([0x42, 0x42, 3], new Uint8Array(35))),
    ],
    ['raw 802.3', build.ethernet({ src: MAC, etherType: 20 }, new Uint8Array(20).fill(0xff))],
    [
      'SNAP of another organisation',
      build.ethernet(
        { src: MAC, etherType: 12 },
        build.concat([0xaa, 0xaa, 3, 0, 0, 0x0c], new Uint8Array(6)),
      ),
    ],
  ])('knows %s as something else', (_name, data) => {
    expect(decode(data)).toEqual({ ...NO_LINK, kind: 'other', defects: 0, mac: MAC });
  });

  it.each([0, 13, 15, 17])('is cut after %i bytes', (snap) => {
    const data = build.ethernet({ vlan: 5 }, packet4);
    expect(decode(data, { snap })).toMatchObject({ kind: 'malformed', defects: DEFECT_CUT });
  });

  it('names a runt what it is', () => {
    expect(decode(new Uint8Array(10))).toMatchObject({ kind: 'malformed', defects: DEFECT_LENGTH });
  });

  it('stops at too many tags', () => {
    const tags = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
    expectSegment(decode(build.ethernet({ vlan: tags(16) }, packet4)));
    expect(decode(build.ethernet({ vlan: tags(17) }, packet4))).toMatchObject({
      kind: 'other',
      vlan: 1,
      defects: DEFECT_TOO_DEEP,
    });
  });
});

describe('PPPoE', () => {
  it('is opened in Ethernet and on its own', () => {
    expectSegment(decode(build.ethernet({ src: MAC, vlan: 3, padTo: 120 }, build.pppoe(packet4))));
    expectSegment(decode(build.pppoe(packet6).bytes, { linkType: 51 }), 6);
  });

  it('ends where its length says, also for a packet that does not', () => {
    const unsegmented = build.ipv4({ src: '192.0.2.1', dst: '192.0.2.2', totalLength: 0 }, segment);
    const result = decode(build.ethernet({ padTo: 200 }, build.pppoe(unsegmented)));
    expect(result).toMatchObject({
      kind: 'tcp',
      payloadLength: 5,
      payload: new TextEncoder().encode('hello'),
    });
  });

  it('leaves discovery and echo requests alone', () => {
    const discovery = build.pppoe(packet4).bytes.slice();
    discovery[1] = 0x09;
    expect(decode(build.ethernet({ etherType: 0x8864 }, discovery)).kind).toBe('other');
    const echo = build.concat([0x11, 0, 0, 1, 0, 10, 0xc0, 0x21, 9, 1, 0, 8, 1, 2, 3, 4]);
    expect(decode(build.ethernet({ etherType: 0x8864 }, echo))).toMatchObject({ kind: 'other', defects: 0 });
  });

  it('refuses a length beyond the frame', () => {
    const broken = build.pppoe(packet4).bytes.slice();
    broken[4] = 0xff;
    expect(decode(build.ethernet({ etherType: 0x8864 }, broken))).toMatchObject({
      kind: 'malformed',
      defects: DEFECT_LENGTH,
    });
  });
});

describe('MPLS', () => {
  it.each([
    ['IPv4', build.mpls([16, 17, 18], packet4), 4],
    ['IPv6', build.mpls([2], packet6), 6],
    ['Ethernet without a control word', build.mpls([16], frame), 4],
    ['Ethernet behind a control word', build.mpls([16], build.concat([0, 0, 0, 9], frame)), 4],
    [
      'Ethernet to a MAC address that starts with 4',
      build.mpls([16], build.ethernet({ dst: '45:00:00:00:00:02' }, packet4)),
      4,
    ],
    [
      'Ethernet to a MAC address that starts with 6',
      build.mpls([16], build.ethernet({ dst: '60:00:00:00:ff:ff' }, packet6)),
      6,
    ],
  ] as const)('carries %s', (_name, labels, version) => {
    expectSegment(decode(build.ethernet({ src: MAC }, labels)), version);
  });

  it('stays closed where nothing fits', () => {
    const labels = build.mpls([16], new Uint8Array(40).fill(0x91));
    const notOpened = 'behind an MPLS label stack';
    expect(decode(build.ethernet({}, labels))).toMatchObject({ kind: 'other', notOpened });
    // What routers tell each other along a path is no loss.
    const channel = build.mpls([16], new Uint8Array(40).fill(0x10));
    expect(decode(build.ethernet({}, channel))).toMatchObject({ kind: 'other', defects: 0 });
  });

  it('ends a stack without a bottom', () => {
    const endless = build.ethernet({ etherType: 0x8847 }, new Uint8Array(400));
    expect(decode(endless)).toMatchObject({ kind: 'other', defects: DEFECT_TOO_DEEP });
  });
});

describe('Linux cooked captures', () => {
  it.each([
    [build.SLL_TO_US, DIRECTION_INBOUND],
    [build.SLL_BROADCAST, DIRECTION_INBOUND],
    [build.SLL_TO_OTHER, DIRECTION_UNKNOWN],
    [build.SLL_FROM_US, DIRECTION_OUTBOUND],
  ])('packet type %i has direction %i', (packetType, linkDirection) => {
    for (const [linkType, wrap] of [
      [113, build.sll],
      [276, build.sll2],
    ] as const) {
      const result = decode(wrap({ packetType, src: MAC }, packet4), { linkType });
      expectSegment(result);
      expect(result).toMatchObject({ mac: MAC, linkDirection, vlan: -1 });
    }
  });

  it('has VLAN tags and IPv6 inside', () => {
    const tagged = build.concat([0, 12], build.be16(0x86dd), packet6.bytes);
    const result = decode(build.sll({ etherType: 0x8100 }, tagged), { linkType: 113 });
    expectSegment(result, 6);
    expect(result.vlan).toBe(12);
  });

  it('has no MAC address where the interface has none', () => {
    const data = build.sll({ hardwareType: 65_534 }, packet4);
    data[5] = 0;
    expect(decode(data, { linkType: 113 }).mac).toBe('');
  });

  it('leaves netlink and CAN alone', () => {
    expect(decode(build.sll({ hardwareType: 824 }, packet4), { linkType: 113 }).kind).toBe('other');
    expect(decode(build.sll({ etherType: 0x000c }, packet4), { linkType: 113 })).toMatchObject({
      kind: 'other',
      defects: 0,
    });
  });

  it.each([
    [113, 15],
    [276, 19],
  ])('link type %i is cut after %i bytes', (linkType, snap) => {
    const data = linkType === 113 ? build.sll({}, packet4) : build.sll2({}, packet4);
    expect(decode(data, { linkType, snap })).toMatchObject({ kind: 'malformed', defects: DEFECT_CUT });
  });
});

describe('links without addresses', () => {
  it.each<[string, number, Uint8Array, 4 | 6]>([
    ['RAW', 101, packet4.bytes, 4],
    ['RAW', 12, packet6.bytes, 6],
    ['RAW', 14, packet4.bytes, 4],
    ['IPV4', 228, packet4.bytes, 4],
    ['IPV6', 229, packet6.bytes, 6],
    ['NULL, little-endian', 0, build.nullLink(packet4), 4],
    ['NULL, big-endian', 0, build.nullLink(packet4, true), 4],
    ['NULL, IPv6 of macOS', 0, build.nullLink(packet6, false, 30), 6],
    ['NULL, IPv6 of Windows', 0, build.nullLink(packet6, false, 23), 6],
    ['NULL, IPv6 of FreeBSD', 0, build.nullLink(packet6, true, 28), 6],
    ['LOOP', 108, build.nullLink(packet6, true, 24), 6],
    ['PPP', 9, build.ppp(packet4), 4],
    ['PPP with address and control', 9, build.ppp(packet6, true), 6],
    ['PPP, compressed protocol', 9, build.concat([0x21], packet4.bytes), 4],
    ['PPP_HDLC', 50, build.ppp(packet4, true), 4],
    ['PPP with MPLS', 50, build.ppp(build.mpls([5], packet4), true), 4],
    ['Cisco HDLC', 50, build.concat([0x0f, 0], build.be16(0x0800), packet4.bytes), 4],
    ['C_HDLC', 104, build.concat([0x8f, 0], build.be16(0x86dd), packet6.bytes), 6],
  ])('%s', (_name, linkType, data, version) => {
    const result = decode(data, { linkType });
    expectSegment(result, version);
    expect(result).toMatchObject(NO_LINK);
  });

  it('has neither IPv4 nor IPv6', () => {
    expect(decode(Uint8Array.of(0x70, 0, 0, 0), { linkType: 101 })).toMatchObject({ kind: 'malformed' });
    expect(decode(new Uint8Array(0), { linkType: 101 })).toMatchObject({ kind: 'malformed' });
    expect(decode(build.nullLink(packet4, false, 77), { linkType: 0 })).toMatchObject({
      kind: 'other',
      notOpened: 'of address family 77',
    });
    expect(decode(Uint8Array.of(2, 0, 1, 0, 0x45), { linkType: 0 }).kind).toBe('malformed');
    expect(decode(build.concat([2, 0, 0, 2], packet4.bytes), { linkType: 0 }).kind).toBe('malformed');
  });
});

describe('802.11', () => {
  it.each([
    ['between stations', {}],
    ['to the access point', { toDs: true }],
    ['from the access point', { fromDs: true, qos: true }],
    ['between access points', { toDs: true, fromDs: true, qos: true }],
    ['with HT control', { qos: true, htControl: true }],
    ['as an A-MSDU', { toDs: true, qos: true, amsdu: true }],
  ])('%s', (_name, fields) => {
    const wlan = build.wlan({ ...fields, src: MAC }, packet4);
    for (const [linkType, data] of [
      [105, wlan],
      [127, build.radiotap(wlan)],
      [127, build.radiotap(build.concat(wlan, [1, 2, 3, 4]), 0x10)],
    ] as const) {
      const result = decode(data, { linkType });
      expectSegment(result);
      expect(result.mac).toBe(MAC);
    }
  });

  it('skips alignment between header and data', () => {
    const wlan = build.wlan({ qos: true, toDs: true }, packet4); // 26 bytes of header
    const padded = build.concat(wlan.subarray(0, 26), [0, 0], wlan.subarray(26));
    expectSegment(decode(build.radiotap(padded, 0x20), { linkType: 127 }));
  });

  it('finds the radiotap flags behind more presence words and the timer', () => {
    const wlan = build.wlan({ qos: true, toDs: true }, packet4);
    const padded = build.concat(wlan.subarray(0, 26), [0, 0], wlan.subarray(26));
    const header = build.concat(
      [0, 0],
      build.le16(25),
      build.le32(0x8000_0003),
      build.le32(0),
      [0, 0, 0, 0],
      new Uint8Array(8),
      [0x20],
    );
    expectSegment(decode(build.concat(header, padded), { linkType: 127 }));
  });

  it('is found behind Prism and AVS headers', () => {
    const wlan = build.wlan({}, packet4);
    const prism = build.concat(build.le32(0x44), build.le32(144), new Uint8Array(136), wlan);
    expectSegment(decode(prism, { linkType: 119 }));
    const avs = build.concat(build.be32(0x8021_1001), build.be32(64), new Uint8Array(56), wlan);
    expectSegment(decode(avs, { linkType: 163 }));
    expectSegment(decode(avs, { linkType: 119 }));
  });

  it.each([
    ['a beacon', build.wlan({ frameControl: 0x0080 }, packet4)],
    ['without data', build.wlan({ frameControl: 0x0048 }, packet4)],
  ])('stays closed where it is %s', (_name, data) => {
    expect(decode(data, { linkType: 105 })).toMatchObject({ kind: 'other', defects: 0 });
  });

  it('tells what is encrypted', () => {
    const data = build.wlan({ protected: true }, packet4);
    expect(decode(data, { linkType: 105 })).toMatchObject({ kind: 'other', notOpened: 'of 802.11' });
  });

  it('tells that an A-MSDU holds further frames', () => {
    const one = build.wlan({ qos: true, amsdu: true }, packet4);
    expect(decode(one, { linkType: 105 })).toMatchObject({ kind: 'tcp', defects: 0 });
    const two = build.concat(one, new Uint8Array(40));
    expect(decode(two, { linkType: 105 })).toMatchObject({
      kind: 'tcp',
      notOpened: expect.stringContaining('A-MSDU'),
    });
  });

  it('leaves later fragments of a frame alone', () => {
    const data = build.wlan({}, packet4);
    data[22] = 1;
    expect(decode(data, { linkType: 105 }).kind).toBe('other');
  });

  it.each([
    [127, build.concat([0, 0], build.le16(4), build.le32(0), [8, 0])],
    [119, build.concat(build.le32(0x44), build.le32(0x7fff_ffff), [8, 0])],
  ])('refuses a senseless header length (%i)', (linkType, data) => {
    expect(decode(data, { linkType })).toMatchObject({ kind: 'malformed', defects: DEFECT_LENGTH });
  });
});

describe('link types', () => {
  it('have names', () => {
    expect([1, 113, 276, 127, 101].map(linkTypeName)).toEqual([
      'EN10MB',
      'LINUX_SLL',
      'LINUX_SLL2',
      'IEEE802_11_RADIOTAP',
      'RAW',
    ]);
    expect(linkTypeName(9999)).toBe('LINKTYPE 9999');
  });

  it('that cannot be opened say so', () => {
    expect(isSupportedLinkType(1)).toBe(true);
    expect(isSupportedLinkType(189)).toBe(false);
    expect(isSupportedLinkType(9999)).toBe(false);
    expect(decode(frame, { linkType: 189 })).toEqual({
      ...NO_LINK,
      kind: 'other',
      defects: DEFECT_NOT_OPENED,
      notOpened: 'of a link type that is not decoded (USB_LINUX)',
    });
  });

  it('are named as they are, whatever the packet before was wrapped in', () => {
    const decoder = new Decoder(new LimitCounter());
    const header = (next: number) =>
      build.concat(build.le32(108), build.le32(next), build.le32(1), new Uint8Array(96));
    expectSegment(decodeWith(decoder, build.concat(header(1), frame), { linkType: 258 }));
    expect(decodeWith(decoder, build.concat(header(0), frame), { linkType: 258 })).toMatchObject({
      notOpened: 'of a link type that is not decoded (PKTAP)',
    });
  });

  it.each([
    ['PKTAP with Ethernet', DIRECTION_INBOUND],
    ['PKTAP with RAW', DIRECTION_OUTBOUND],
    ['PFLOG', DIRECTION_INBOUND],
    ['PFLOG as it once was', DIRECTION_OUTBOUND],
    ['NFLOG', DIRECTION_INBOUND],
    ['NFLOG of a big-endian machine', DIRECTION_INBOUND],
    ['PPP with a byte of direction', DIRECTION_OUTBOUND],
    ['frame relay with a byte of direction', DIRECTION_INBOUND],
    ['Juniper with Ethernet', DIRECTION_INBOUND],
    ['Juniper with PPP', DIRECTION_OUTBOUND],
    ['PPI', DIRECTION_UNKNOWN],
  ])('tell the direction: %s', (name, direction) => {
    const one = encapsulations(4).find((encapsulation) => encapsulation.name === name);
    expect(decode(one!.data, { linkType: one!.linkType }).linkDirection).toBe(direction);
  });

  it('of switch chips tell the VLAN', () => {
    const vlanOf = (name: string) => {
      const one = encapsulations(4).find((encapsulation) => encapsulation.name === name);
      return decode(one!.data, { linkType: one!.linkType }).vlan;
    };
    expect(vlanOf('a Marvell switch')).toBe(7);
    // The chip's tag is untagged there, so that the frame's own VLAN is the first.
    expect(vlanOf('a Marvell switch, with an ethertype')).toBe(33);
    expect(vlanOf('a Broadcom switch')).toBe(33);
  });

  it('inside of others say so, too', () => {
    const wrapped = build.concat([0, 0, 8, 0], build.le32(189), frame);
    const notOpened = 'of a link type that is not decoded (USB_LINUX)';
    expect(decode(wrapped, { linkType: 192 })).toMatchObject({ kind: 'other', notOpened });
  });
});
